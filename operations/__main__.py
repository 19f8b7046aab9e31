"""`python -m operations COMMAND`: what a platform team does beside `pulumi`; the Makefile's targets call it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from components.clearml.api.errors import ClearMLError
from operations.errors import OperationError
from operations.github.workflow import add_commands
from operations.health.stack import health_of
from operations.new_tenant import Wanted, add
from operations.preview.policy_preview import preview
from operations.releases.heal_stack import heal_stack
from settings.errors import ConfigurationError
from settings.finding import Finding, Where

_ROOT = Path(__file__).resolve().parents[1]


def _tenant(asked: argparse.Namespace) -> None:
    """Write a new tenant's file."""
    missing = [Finding(Where("", "", each), "is missing; write it like make tenant NAME=acme STACK=prod")
               for each, given in (("NAME", asked.name), ("STACK", asked.stack)) if not given]  # fmt: skip
    if missing:
        raise ConfigurationError(missing)
    path = add(asked.root, Wanted(asked.name, asked.stack, asked.company, asked.domain))
    print(f"{path.relative_to(asked.root)}: written, and the whole of stack {asked.stack} is valid with it")


def _heal(asked: argparse.Namespace) -> None:
    """Put right what a run that died left of Helm releases."""
    if not asked.stack:
        raise ConfigurationError([Finding(Where("", "", "STACK"), "is missing; write it like make heal STACK=prod")])
    if not heal_stack(asked.root, asked.stack, no_run_at_work=asked.no_run_at_work):
        print(f"stack {asked.stack}: no release has to be healed")


def _health(asked: argparse.Namespace) -> None:
    """Say how the server's release and each deployed worker is."""
    if not asked.stack:
        raise ConfigurationError([Finding(Where("", "", "STACK"), "is missing; write it like make status STACK=prod")])
    for line in health_of(asked.root, asked.stack):
        print(line)


def _policy(asked: argparse.Namespace) -> None:
    """Preview a stack with the policies of this project."""
    if not asked.stack:
        raise ConfigurationError([Finding(Where("", "", "STACK"), "is missing; write it like make policy STACK=prod")])
    preview(asked.root, asked.stack)


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
    healing = commands.add_parser("heal", help="put right what a run that died left of Helm releases")
    healing.add_argument(
        "--stack", default=os.environ.get("STACK", ""), help="as for pulumi, like prod or acme/clearml-tenants/prod"
    )
    healing.add_argument(
        "--no-run-at-work",
        action="store_true",
        default=os.environ.get("NO_RUN_AT_WORK") == "true",
        help="you made sure: for state in a bucket, whose lock cannot be seen; or the variable NO_RUN_AT_WORK=true",
    )
    healing.set_defaults(run=_heal)
    status = commands.add_parser("status", help="say whether each worker's key is accepted and its pods are ready")
    status.add_argument("--stack", default=os.environ.get("STACK", ""), help="as for pulumi")
    status.set_defaults(run=_health)
    policy = commands.add_parser("policy", help="preview a stack with this project's policies")
    policy.add_argument("--stack", default=os.environ.get("STACK", ""), help="as for pulumi")
    policy.set_defaults(run=_policy)
    add_commands(commands)
    return parser


def main(arguments: Iterable[str]) -> int:
    """The exit code; every expected failure is one line a cause on stderr."""
    asked = _parser().parse_args(list(arguments))
    try:
        asked.run(asked)
    except ConfigurationError as error:
        for fault in error.findings:
            print(f"error: {fault}", file=sys.stderr)
        return 1
    except (OperationError, ClearMLError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename or 'file'}: {error.strerror}: mend rights or make room", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
