"""`python -m tests.bench`: every promised figure, measured; a broken one ends it with 1."""

from __future__ import annotations

import sys

import click

from local.progress import console, step
from tests.api.figures import measure
from tests.api.figures.figure import Figure, table
from tests.api.program import Program
from tests.bench.installation import installation


@click.command()
@click.option("--tenants", default=20, show_default=True, type=click.IntRange(3), help="Made whole, and counted.")
@click.option("--many", default=1000, show_default=True, type=click.IntRange(3), help="Among which one is changed.")
def main(tenants: int, many: int) -> None:
    """Measure on a real engine against the emulator; nothing of this machine's own stacks is touched."""
    figures = [*_counted(tenants), *_changed(many)]
    console.print(table(figures))
    broken = [figure.name for figure in figures if not figure.holds]
    if broken:
        console.print(f"broken: {', '.join(broken)}", markup=False)
    sys.exit(1 if broken else 0)


def _counted(tenants: int) -> list[Figure]:
    with step("figures", f"{tenants} tenants are made, read back, kept"), installation(Program) as (program, emulator):
        return [
            *measure.first_create(program, emulator, tenants),
            *measure.nothing_to_do(program, emulator),
            *measure.refresh(program, emulator, tenants),
            *measure.state(program, tenants),
        ]


def _changed(many: int) -> list[Figure]:
    with (
        step("figures", f"one e-mail among {many} tenants changes", many * 0.25),
        installation(Program) as (program, emulator),
    ):
        return measure.one_changed_email(program, emulator, many)


if __name__ == "__main__":
    main()
