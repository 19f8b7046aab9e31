"""`make manifests`: an environment's objects for the Pulumi Kubernetes Operator, as text on stdout."""

from __future__ import annotations

from pathlib import Path

import click
import yaml

from operations.command_line import STACK, require
from operations.errors import OperationError
from operations.files.git import git, output_of
from operations.kubernetes_operator.manifests import manifests
from operations.kubernetes_operator.rollout import IMAGE, NAMESPACE, Rollout, is_service
from operations.shards.parts import environments_stack, require_shared_provider, secrets_provider, short, stacks_of
from settings.facts import stack_file_of
from settings.loading.load import load


@click.command("manifests")
@STACK
@click.option("--repository", envvar="REPOSITORY", default="", help="Where the operator fetches this project from.")
@click.option("--backend", envvar="PULUMI_BACKEND_URL", default="", help="Where the state is; Pulumi Cloud if unset.")
@click.option("--namespace", envvar="NAMESPACE", default=NAMESPACE, help="Of the objects and their secrets.")
@click.option("--image", envvar="IMAGE", default=IMAGE, help="With the engine and Python 3.11 or newer.")
@click.option("--preview", envvar="PREVIEW", is_flag=True, help="Run previews alone; or PREVIEW=true.")
@click.pass_obj
def write_manifests(
    root: Path, *, stack: str, repository: str, backend: str, namespace: str, image: str, preview: bool
) -> None:
    """Write an object of the Pulumi Kubernetes Operator for each stack of an environment, the platform's first."""
    require("make manifests STACK=prod REPOSITORY=https://…", STACK=stack)
    if environments_stack(root, stack) != stack:
        raise OperationError(
            f"stack {stack}: is a shard, which waits for its platform: STACK={environments_stack(root, stack)}"
        )
    load(root, short(stack)).require_values()
    rollout = Rollout(
        tuple(stacks_of(root, stack)),
        repository,
        _commit(root),
        _output(root, "rev-parse", "--show-prefix").rstrip("/"),
        backend,
        _has_passphrase(root, stack, backend),
        namespace,
        image,
        preview,
    )
    print(yaml.safe_dump_all(manifests(rollout), sort_keys=False, width=120), end="")


def _has_passphrase(root: Path, stack: str, backend: str) -> bool:
    """Whether a passphrase opens the stack's secrets. Raises OperationError for secrets that no pod could open."""
    if len(stacks_of(root, stack)) > 1:
        require_shared_provider(root, stack)
    provider = secrets_provider(root, stack)
    if provider in ("", "default") and not is_service(backend):
        raise OperationError(
            f"{stack_file_of(short(stack))}: names no provider of secrets, so its stack was not made in a bucket: "
            f"pulumi stack init {stack} --secrets-provider passphrase"
        )
    return provider == "passphrase"


def _commit(root: Path) -> str:
    """Of the checkout, in which nothing else may be asked for. Raises OperationError.

    A file that is new counts in `config/` alone: what this writes may be put beside it.
    """
    changed = _output(root, "diff", "--name-only", "--relative", "HEAD", "--", ".").splitlines()
    changed += _output(root, "ls-files", "--others", "--exclude-standard", "--", "config").splitlines()
    if changed:
        raise OperationError(
            f"{changed[0]}: is not as committed, and the operator deploys commits ({len(changed)} such files): "
            "commit and push, then run this again"
        )
    return _output(root, "rev-parse", "HEAD")


def _output(root: Path, *arguments: str) -> str:
    return output_of(git(root, *arguments), f"git {arguments[0]}").decode("utf-8", "replace").rstrip("\n")
