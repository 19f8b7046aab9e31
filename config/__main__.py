"""`python -m config [STACK…]`: checks every stack here, or those named, without engine, cluster or secrets.

Prints one line a fault and one a warning; exit code 1 if there is a fault.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from config.errors import ConfigurationError
from config.load import load, stacks

_ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Iterable[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser("config", description="Check the files of every stack, or of those named.")
    parser.add_argument("stack", nargs="*", help="like local; every stack in config/ if none is named")
    parser.add_argument("--root", type=Path, default=_ROOT, help="the project's folder, if not this one")
    asked = parser.parse_args(list(arguments))
    # Each answer in turn, so that no stack's fault hides another's.
    return max([_check(asked.root, stack) for stack in asked.stack or stacks(asked.root)], default=0)


def _check(root: Path, stack: str) -> int:
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
