"""What a person sees of a check: a line a fault and a warning, a line a sound stack, an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from settings.check_registry import Check
from settings.errors import ConfigurationError
from settings.loading.load import load
from settings.loading.stray_files import stray_files
from settings.shards import environments, stacks

_ROOT = Path(__file__).resolve().parents[1]


def run(arguments: Iterable[str], checks: Sequence[Check]) -> int:
    """The exit code: 1 if a check refuses a stack of those named, or of all if none is; 2 for an unknown option."""
    try:
        code: int = _command.main(list(arguments), "check", standalone_mode=False, obj=checks)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return code


@click.command()
@click.argument("named", metavar="[STACK]...", nargs=-1)
@click.option("--root", type=click.Path(path_type=Path), default=_ROOT, help="The project's folder, if not this one.")
@click.option("--list", "listed", is_flag=True, help="List every check and the file it is in; check nothing.")
@click.pass_obj
def _command(checks: Sequence[Check], named: tuple[str, ...], root: Path, listed: bool) -> int:
    """Check the files of every stack, or of those named."""
    if listed:
        print("\n".join(f"{each.module.replace('.', '/')}.py: {each.description}" for each in checks))
        return 0
    # Each answer in turn, so that no stack's fault hides another's.
    codes = [_check(root, stack, checks) for stack in named or environments(root)]
    strays = [] if named else list(stray_files(root, stacks(root)))
    for fault in strays:
        print(f"error: {fault}", file=sys.stderr)
    return max([*codes, int(bool(strays))])


def _check(root: Path, stack: str, checks: Sequence[Check]) -> int:
    try:
        environment = load(root, stack, checks)
    except ConfigurationError as error:
        for fault in error.findings:
            print(f"error: {fault}", file=sys.stderr)
        return 1
    for warning in environment.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    shards = f" in {len(environment.shards) + 1} stacks" if environment.shards else ""
    print(f"{stack}: {len(environment.everybody)} tenants{shards}, {len(environment.warnings)} warnings")
    return 0
