"""`python -m operations COMMAND`: what a platform team does beside `pulumi`; the Makefile's targets call it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from config.errors import ConfigurationError, Fault
from operations.new_tenant import Wanted, add

_ROOT = Path(__file__).resolve().parents[1]


def _tenant(asked: argparse.Namespace) -> None:
    """Write a new tenant's file."""
    missing = [Fault("", "", each, "is missing; write it like make tenant NAME=acme STACK=prod")
               for each, given in (("NAME", asked.name), ("STACK", asked.stack)) if not given]  # fmt: skip
    if missing:
        raise ConfigurationError(missing)
    path = add(asked.root, Wanted(asked.name, asked.stack, asked.company, asked.domain))
    print(f"{path.relative_to(asked.root)}: written, and the whole of stack {asked.stack} is valid with it")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("operations", description=__doc__)
    parser.add_argument("--root", type=Path, default=_ROOT, help="the project's folder, if not this one")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    tenant = commands.add_parser("tenant", help="write a new tenant's file; each option may be a variable of its name")
    # Variables, so that make passes what a person wrote on without a shell reading it.
    for option, what in (
        ("name", "of the file, the namespace and the releases, like acme"),
        ("stack", "like prod"),
        ("company", "as the server shows it; the name in capitals if left out"),
        ("domain", "of the tenant's e-mail addresses, like acme.example"),
    ):
        tenant.add_argument(f"--{option}", default=os.environ.get(option.upper(), ""), help=what)
    tenant.set_defaults(run=_tenant)
    return parser


def main(arguments: Iterable[str]) -> int:
    """The exit code; every expected failure is one line a cause on stderr."""
    asked = _parser().parse_args(list(arguments))
    try:
        asked.run(asked)
    except ConfigurationError as error:
        for fault in error.faults:
            print(f"error: {fault}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename or 'file'}: {error.strerror}: mend rights or make room", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
