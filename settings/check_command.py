"""What a person sees of a check: a line a fault and a warning, a line a sound stack, an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from settings.errors import ConfigurationError
from settings.loading.load import Environment, stacks
from settings.loading.stray_files import stray_files

_ROOT = Path(__file__).resolve().parents[1]


Load = Callable[[Path, str], Environment]


def run(arguments: Iterable[str], load: Load) -> int:
    """The exit code: 1 if `load` refuses a stack of those named, or of all if none is; 2 for an unknown option."""
    try:
        code: int = _command.main(list(arguments), "check", standalone_mode=False, obj=load)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return code


@click.command()
@click.argument("named", metavar="[STACK]...", nargs=-1)
@click.option("--root", type=click.Path(path_type=Path), default=_ROOT, help="The project's folder, if not this one.")
@click.pass_obj
def _command(load: Load, named: tuple[str, ...], root: Path) -> int:
    """Check the files of every stack, or of those named."""
    # Each answer in turn, so that no stack's fault hides another's.
    codes = [_check(root, stack, load) for stack in named or stacks(root)]
    strays = [] if named else list(stray_files(root, stacks(root)))
    for fault in strays:
        print(f"error: {fault}", file=sys.stderr)
    return max([*codes, int(bool(strays))])


def _check(root: Path, stack: str, load: Load) -> int:
    try:
        environment = load(root, stack)
    except ConfigurationError as error:
        for fault in error.faults:
            print(f"error: {fault}", file=sys.stderr)
        return 1
    for warning in environment.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    print(f"{stack}: {len(environment.tenants)} tenants, {len(environment.warnings)} warnings")
    return 0
