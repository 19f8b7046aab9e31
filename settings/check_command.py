"""What a person sees of a check: a line a fault and a warning, a line a sound stack, an exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from settings.errors import ConfigurationError
from settings.loading.load import load, stacks
from settings.loading.stray_files import stray_files
from settings.registry import Check

_ROOT = Path(__file__).resolve().parents[1]


def run(arguments: Iterable[str], checks: Sequence[Check]) -> int:
    """The exit code: 1 if one of the checks refuses a stack of those named, or of all if none is."""
    parser = argparse.ArgumentParser("check", description="Check the files of every stack, or of those named.")
    parser.add_argument("stack", nargs="*", help="like local; every stack in config/ if none is named")
    parser.add_argument("--root", type=Path, default=_ROOT, help="the project's folder, if not this one")
    parser.add_argument("--list", action="store_true", help="list every check and the file it is in; check nothing")
    asked = parser.parse_args(list(arguments))
    if asked.list:
        print("\n".join(f"{each.module.replace('.', '/')}.py: {each.description}" for each in checks))
        return 0
    # Each answer in turn, so that no stack's fault hides another's.
    codes = [_check(asked.root, stack, checks) for stack in asked.stack or stacks(asked.root)]
    strays = [] if asked.stack else list(stray_files(asked.root, stacks(asked.root)))
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
    print(f"{stack}: {len(environment.tenants)} tenants, {len(environment.warnings)} warnings")
    return 0
