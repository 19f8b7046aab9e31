"""`python -m local.emulator --listen 127.0.0.1:8008 [--control 127.0.0.1:8009] --data FILE`."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import click

from local.emulator.configuration.assumptions import AssumptionError, read_assumptions
from local.emulator.configuration.effective import read_configuration
from local.emulator.configuration.environment import EnvironmentValueError
from local.emulator.control.port import control
from local.emulator.http.application import application
from local.emulator.http.faults import Faults
from local.emulator.http.listen import Address, AddressError, serve, url_of
from local.emulator.startup import start
from local.emulator.store.database import Database, StoreError

_REFUSALS = (AddressError, AssumptionError, EnvironmentValueError, StoreError)


@click.command(help="Emulate ClearML's enterprise API, configured by CLEARML__… variables.")
@click.option("--listen", required=True, metavar="HOST:PORT", help="Where the API answers; port 0: a free one.")
@click.option("--control", "control_at", metavar="HOST:PORT", help="Where tests look in and ask for faults; loopback.")
@click.option("--data", required=True, type=click.Path(path_type=Path), help="The file that holds the state.")
def main(listen: str, control_at: str | None, data: Path) -> None:
    """Start and serve until told to stop; whatever keeps it from starting is one line, and exit code 1."""
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s: %(message)s")
    try:
        _run(listen, control_at, data)
    except _REFUSALS as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)


def _run(listen: str, control_at: str | None, data: Path) -> None:
    configuration = read_configuration(os.environ)
    assumptions = read_assumptions(os.environ)
    api_socket = Address.parse("--listen", listen).bind("--listen")
    control_address = _control_address(control_at) if control_at else None
    control_socket = control_address.bind("--control") if control_address else None
    database = Database.open(data)
    server, complaints = start(configuration, assumptions, database)
    for line in complaints:
        click.echo(f"warning: {line}", err=True)
    faults = Faults()
    serving = [(application(server, faults, recording=control_socket is not None), api_socket)]
    text = f"listening on {url_of(api_socket)}"
    if control_socket:
        serving.append((control(server, faults), control_socket))
        text += f" (control {url_of(control_socket)})"
    serve(serving, lambda: click.echo(text))
    database.close()


def _control_address(text: str) -> Address:
    address = Address.parse("--control", text)
    if not address.is_loopback:
        raise AddressError(f"--control {text}: only a loopback address, such as 127.0.0.1: it can change everything")
    return address


if __name__ == "__main__":
    main()
