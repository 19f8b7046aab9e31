"""`python -m rehearsal --stack prod`: what `make rehearse` calls."""

from __future__ import annotations

import sys
import time

import click

from local.checkout import Checkout
from local.command_line import run
from local.progress import note
from operations.preview.comment import comment_of
from operations.preview.document import document_of
from rehearsal.rehearse import rehearse as rehearse_stack


@click.command()
@click.option("--stack", envvar="STACK", required=True, help="The stack whose files are tried, like prod.")
@click.option("--base", envvar="BASE", default="", help="The commit to compare with; where main was left if not given.")
def rehearse(stack: str, base: str) -> None:
    """Try a change of a stack out: what it would do, written as a pull request's comment; nothing real is touched."""
    root, started = Checkout.current().root, time.monotonic()
    plan = rehearse_stack(root, stack, base)
    written = root / ".rehearsal" / f"{stack}.md"
    written.write_text(comment_of(plan))
    # What main's program renders under a pull request.
    written.with_suffix(".json").write_bytes(document_of(plan))
    for fault in plan.faults:
        click.echo(f"error: {fault}", err=True)
    note(f"{written.relative_to(root)}: written after {time.monotonic() - started:.0f} s")
    sys.exit(1 if plan.faults else 0)


if __name__ == "__main__":
    run(rehearse)
