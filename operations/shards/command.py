"""`make shard`: the command line of a tenant's move to a shard."""

from __future__ import annotations

from pathlib import Path

import click

from operations.command_line import NO_RUN_AT_WORK, STACK, TENANT, require
from operations.shards.move import move


@click.command()
@STACK
@TENANT
@click.option("--shard", envvar="SHARD", default="", help="Where it goes, like 01; - for the environment's own stack.")
@NO_RUN_AT_WORK
@click.pass_obj
def shard(root: Path, stack: str, tenant: str, shard: str, no_run_at_work: bool) -> None:
    """Move a tenant, its file and its state, to a shard of its environment; nothing of it changes."""
    require("make shard STACK=prod TENANT=acme SHARD=01", STACK=stack, TENANT=tenant, SHARD=shard)
    move(root, stack, tenant, "" if shard == "-" else shard, print, no_run_at_work=no_run_at_work)
