"""What every command line of operations has: the project's folder, common options, and failures in one line a cause."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from components.clearml.api.errors import ClearMLError
from operations.errors import OperationError
from settings.errors import ConfigurationError
from settings.finding import Finding, Where

_ROOT = Path(__file__).resolve().parents[1]
# Variables, so that make passes what a person wrote on without a shell reading it.
STACK = click.option("--stack", envvar="STACK", default="", help="As for pulumi: prod, acme/clearml-tenants/prod.")
TENANT = click.option("--tenant", envvar="TENANT", default="", help="The name of its file, like acme.")
NO_RUN_AT_WORK = click.option(
    "--no-run-at-work",
    envvar="NO_RUN_AT_WORK",
    is_flag=True,
    help="You made sure: for state in a bucket, whose lock cannot be seen; or the variable NO_RUN_AT_WORK=true.",
)


def group(what: str) -> click.Group:
    """Commands that get the project's folder as their object."""

    @click.group(help=what)
    @click.option(
        "--root", type=click.Path(path_type=Path), default=_ROOT, help="The project's folder, if not this one."
    )
    @click.pass_context
    def commands(context: click.Context, root: Path) -> None:
        context.obj = root

    return commands


def require(command: str, **variables: str) -> None:
    """Raises ConfigurationError with a line for each of make's variables that is empty.

    `command` is a whole one to write, as `make shard STACK=prod TENANT=acme SHARD=01`.
    """
    missing = [name for name, value in variables.items() if not value]
    if missing:
        text = f"is missing; write it like {command}"
        raise ConfigurationError([Finding(Where("", "", name), text) for name in missing])


def require_stack(stack: str, command: str) -> None:
    """The same where a stack is all that `make command` needs."""
    require(f"make {command} STACK=prod", STACK=stack)


def run(commands: click.Group, arguments: Iterable[str]) -> int:
    """The exit code; every expected failure is one line a cause on stderr."""
    # At its end Python looks several times for garbage among all that was imported, and leaves out what is frozen.
    atexit.register(gc.freeze)
    try:
        commands.main(list(arguments), "operations", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        print("error: interrupted: run the same command again and it goes on from here", file=sys.stderr)
        return 130
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
