"""`python -m operations COMMAND`: what a platform team does beside `pulumi`; the Makefile's targets call it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import click

from operations.adoption.adopt import Options, adopt
from operations.command_line import NO_RUN_AT_WORK, STACK, TENANT, group, require, require_stack, run
from operations.deployment.command import up
from operations.deployment.environment import heal_environment
from operations.errors import OperationError
from operations.github.protection.command import protection
from operations.github.workflow import add_commands
from operations.health.stack import health_of
from operations.kubernetes_operator.command import write_manifests
from operations.new_tenant import NewTenant, add
from operations.preview.engine_preview import preview_stack
from operations.preview.policy_preview import preview as policy_preview
from operations.readiness.checklist import checklist
from operations.releases.compare import compare
from operations.shards.command import shard
from operations.shards.first_run import first_run
from operations.shards.homes import away_from_home, require_home
from operations.shards.parts import each_of, failures_of, raise_all, short, stacks_of
from operations.shards.release import release as release_tenant
from operations.takeover.take_over import take_over_environment
from settings.loading.load import load

_ALONE = click.option(
    "--alone", envvar="ALONE", is_flag=True, help="Of an environment with shards this stack alone; or ALONE=true."
)

commands = group("What a platform team does beside pulumi; each option may be a variable of its name.")


@commands.command()
@click.option("--name", envvar="NAME", default="", help="Of the file, the namespace and the releases, like acme.")
@click.option("--stack", envvar="STACK", default="", help="Like prod.")
@click.option("--company", envvar="COMPANY", default="", help="As the server shows it; made of the name by default.")
@click.option("--domain", envvar="DOMAIN", default="", help="Of the tenant's e-mail addresses, like acme.example.")
@click.pass_obj
def tenant(root: Path, name: str, stack: str, company: str, domain: str) -> None:
    """Write a new tenant's file."""
    require("make tenant NAME=acme STACK=prod", NAME=name, STACK=stack)
    path = add(root, NewTenant(name, stack, company, domain))
    print(f"{path.relative_to(root)}: written, and the whole of stack {stack} is valid with it")


@commands.command("adopt")
@STACK
@click.option("--context", envvar="CONTEXT", default="", help="Of the kubeconfig; several with commas between.")
@click.option("--people", envvar="PEOPLE", type=click.Path(path_type=Path), help="A file of addresses, one a line.")
@click.option("--report", envvar="REPORT", default="adoption.md", help="Where what was found is told.")
@click.option("--overwrite", envvar="OVERWRITE", is_flag=True, help="Files that are there are written anew.")
@click.pass_obj
def adopt_installation(root: Path, /, stack: str, **options: Any) -> None:  # noqa: ANN401 - its options
    """Write down, as a stack's files, what is there of an installation; nothing is changed."""
    require_stack(stack, "adopt")
    for line in adopt(root, stack, Options(**options)):
        print(line)


@commands.command()
@STACK
@NO_RUN_AT_WORK
@_ALONE
@click.pass_obj
def heal(root: Path, stack: str, no_run_at_work: bool, alone: bool) -> None:
    """Put right what a run that died left of Helm releases."""
    require_stack(stack, "heal")
    heal_environment(root, stack, partial(print, flush=True), no_run_at_work=no_run_at_work, alone=alone)


@commands.command()
@STACK
@TENANT
@NO_RUN_AT_WORK
@click.pass_obj
def release(root: Path, stack: str, tenant: str, no_run_at_work: bool) -> None:
    """Take a tenant out of the program's hands; it runs on as it is."""
    require("make release STACK=prod TENANT=acme", STACK=stack, TENANT=tenant)
    for line in release_tenant(root, stack, tenant, no_run_at_work=no_run_at_work):
        print(line)


@commands.command("takeover")
@STACK
@NO_RUN_AT_WORK
@click.pass_obj
def takeover(root: Path, stack: str, no_run_at_work: bool) -> None:
    """Let the state know what runs already and is named in takeOver; a deploy then changes it in place."""
    require_stack(stack, "takeover")
    take_over_environment(root, stack, print, no_run_at_work=no_run_at_work)


@commands.command("compare")
@STACK
@click.pass_obj
def compare_releases(root: Path, stack: str) -> None:
    """Fail if what lives of a release is not what was deployed."""
    require_stack(stack, "compare")
    failures = failures_of([stack], lambda each: require_home(root, each, load(root, short(each))))
    raise_all([*failures, *failures_of(stacks_of(root, stack), lambda each: compare(root, each, print))])
    print(f"stack {stack}: every release is as deployed")


@commands.command()
@STACK
@_ALONE
@click.pass_obj
def status(root: Path, stack: str, alone: bool) -> None:
    """Say how the server's release is, whether each worker's key is accepted and whether its pods are ready."""
    require_stack(stack, "status")
    try:
        away = away_from_home(root, stack, load(root, short(stack)))
    except OperationError as error:
        # Of one that cannot be read the other stacks' health is told all the same.
        away = [str(error)]
    print(*away, sep="\n", end="\n" if away else "")
    each_of(root, stack, lambda each: print("\n".join(health_of(root, each))), alone=alone)


@commands.command()
@STACK
@click.option("--base", envvar="BASE", default="", help="The commit to compare with; where main was left if empty.")
@click.option("--diff", envvar="DIFF", is_flag=True, help="The engine's own differences as well; or DIFF=true.")
@click.pass_obj
def preview(root: Path, stack: str, base: str, diff: bool) -> None:
    """Say what differs in the files, then what changes and restarts; nothing is changed."""
    require_stack(stack, "preview")

    def show(each: str) -> None:
        missing = first_run(root, each)
        print(missing) if missing else preview_stack(root, each, base, print, diff=diff)

    each_of(root, stack, show)


@commands.command()
@STACK
@click.pass_obj
def ready(root: Path, stack: str) -> None:
    """Say what a first deploy of a stack needs and does not have yet, a line each; nothing is written."""
    require_stack(stack, "ready")
    missing = count = 0
    for answer in checklist(root, stack):
        print(answer, flush=True)
        missing, count = missing + answer.is_missing, count + 1
    if missing:
        raise OperationError(
            f"stack {stack}: {missing} of {count} are missing; each line above ends with what mends it"
        )
    print(f"stack {stack}: ready")


@commands.command()
@STACK
@_ALONE
@click.pass_obj
def policy(root: Path, stack: str, alone: bool) -> None:
    """Preview a stack with the policies of this project."""
    require_stack(stack, "policy")
    each_of(root, stack, lambda each: policy_preview(root, each), alone=alone)


add_commands(commands)
commands.add_command(up)
commands.add_command(protection)
commands.add_command(shard)
commands.add_command(write_manifests)


def main(arguments: Iterable[str]) -> int:
    """The exit code."""
    return run(commands, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
