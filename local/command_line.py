"""How a command of this machine ends: what was to be expected is one line a cause, and an exit code."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import click

from local.checkout import forget_foreign_settings
from local.errors import LocalError
from settings.errors import ConfigurationError


def run(command: click.Command) -> None:
    """Run `command`; every expected failure is one line a cause on stderr and exit code 1."""
    signal.signal(signal.SIGTERM, _stop_as_interrupt)
    forget_foreign_settings()
    try:
        command.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (LocalError, ConfigurationError) as error:
        for line in str(error).splitlines():
            click.echo(f"error: {line}", err=True)
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {where}{error.strerror or error}: make room or mend rights, then run this again", err=True)
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort):
        click.echo("error: interrupted: run the same command again and it goes on from here", err=True)
        sys.exit(130)


def _stop_as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
