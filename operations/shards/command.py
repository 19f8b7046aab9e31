"""`make shard`: the command line of a tenant's move to a shard."""

from __future__ import annotations

from pathlib import Path

import click

from operations.shards.move import move
from settings.errors import ConfigurationError
from settings.finding import Finding, Where


@click.command()
@click.option("--stack", envvar="STACK", default="", help="The environment, like prod.")
@click.option("--tenant", envvar="TENANT", default="", help="The name of its file, like acme.")
@click.option("--shard", envvar="SHARD", default="", help="Where it goes, like 01; - for the environment's own stack.")
@click.option("--no-run-at-work", envvar="NO_RUN_AT_WORK", is_flag=True, help="You made sure, for state in a bucket.")
@click.pass_obj
def shard(root: Path, stack: str, tenant: str, shard: str, no_run_at_work: bool) -> None:
    """Move a tenant, its file and its state, to a shard of its environment; nothing of it changes."""
    missing = [Finding(Where("", "", each), "is missing; write it like make shard STACK=prod TENANT=acme SHARD=01")
               for each, given in (("STACK", stack), ("TENANT", tenant), ("SHARD", shard)) if not given]  # fmt: skip
    if missing:
        raise ConfigurationError(missing)
    move(root, stack, tenant, shard.removeprefix("-"), print, no_run_at_work=no_run_at_work)
