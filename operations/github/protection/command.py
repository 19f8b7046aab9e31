"""`make protection`: what of the repository's settings on GitHub is not as docs/github.md asks."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from operations.errors import OperationError
from operations.github.affected import OWN
from operations.github.protection.report import missing_protection
from operations.github.protection.settings import API, Repository, client_of
from settings.shards import environments


@click.command()
@click.option("--repository", envvar=["REPOSITORY", "GITHUB_REPOSITORY"], default="", help="Like acme/clearml-tenants.")
@click.pass_obj
def protection(root: Path, repository: str) -> None:
    """Say which settings of the repository on GitHub are not as docs/github.md asks; fails if there is one."""
    token, address = os.environ.get("GH_TOKEN", ""), os.environ.get("GITHUB_API_URL") or API
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII):
        raise OperationError(f"REPOSITORY={repository!r}: write it like REPOSITORY=acme/clearml-tenants")
    if not token:
        raise OperationError("GH_TOKEN is not set: make a token that reads this repository's settings (docs/github.md)")
    with client_of(token, address) as client:
        services = [stack for stack in environments(root) if stack != OWN]
        lines = missing_protection(Repository(client, repository), services)
    for line in lines:
        print(line)
    if lines:
        raise OperationError(f"{repository}: {len(lines)} settings are not as docs/github.md asks; mend each line")
    print(f"{repository}: every setting is as docs/github.md asks")
