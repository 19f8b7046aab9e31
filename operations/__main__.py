"""`python -m operations COMMAND`: what a platform team does beside `pulumi`; the Makefile's targets call it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import click

from components.clearml.api.errors import ClearMLError
from operations.adoption.adopt import Options, adopt
from operations.deployment.environment import heal_environment, up_environment
from operations.deployment.side_by_side import jobs_of
from operations.errors import OperationError
from operations.github.protection.command import protection
from operations.github.workflow import add_commands
from operations.health.stack import health_of
from operations.kubernetes_operator.command import write_manifests
from operations.new_tenant import Wanted, add
from operations.preview.engine_preview import preview_stack
from operations.preview.policy_preview import preview as policy_preview
from operations.readiness.checklist import checklist
from operations.release_tenant import release_tenant
from operations.releases.compare import compare
from operations.shards.command import shard
from operations.shards.parts import each_of, require_no_shards
from operations.shards.unmade import unmade
from operations.takeover.take_over import take_over_environment
from settings.errors import ConfigurationError
from settings.finding import Finding, Where

_ROOT = Path(__file__).resolve().parents[1]
# Variables, so that make passes what a person wrote on without a shell reading it.
_STACK = click.option("--stack", envvar="STACK", default="", help="As for pulumi: prod, acme/clearml-tenants/prod.")
_NO_RUN_AT_WORK = click.option(
    "--no-run-at-work",
    envvar="NO_RUN_AT_WORK",
    is_flag=True,
    help="You made sure: for state in a bucket, whose lock cannot be seen; or the variable NO_RUN_AT_WORK=true.",
)
_JOBS = click.option(
    "--jobs", envvar="JOBS", default="", help="How many shards at a time; or the variable JOBS=4. The cores by default."
)
_ALONE = click.option(
    "--alone", envvar="ALONE", is_flag=True, help="Of an environment with shards this stack alone; or ALONE=true."
)


@click.group()
@click.option("--root", type=click.Path(path_type=Path), default=_ROOT, help="The project's folder, if not this one.")
@click.pass_context
def commands(context: click.Context, root: Path) -> None:
    """What a platform team does beside pulumi; each option may be a variable of its name."""
    context.obj = root


@commands.command()
@click.option("--name", envvar="NAME", default="", help="Of the file, the namespace and the releases, like acme.")
@click.option("--stack", envvar="STACK", default="", help="Like prod.")
@click.option("--company", envvar="COMPANY", default="", help="As the server shows it; made of the name by default.")
@click.option("--domain", envvar="DOMAIN", default="", help="Of the tenant's e-mail addresses, like acme.example.")
@click.pass_obj
def tenant(root: Path, name: str, stack: str, company: str, domain: str) -> None:
    """Write a new tenant's file."""
    missing = [Finding(Where("", "", each), "is missing; write it like make tenant NAME=acme STACK=prod")
               for each, given in (("NAME", name), ("STACK", stack)) if not given]  # fmt: skip
    if missing:
        raise ConfigurationError(missing)
    path = add(root, Wanted(name, stack, company, domain))
    print(f"{path.relative_to(root)}: written, and the whole of stack {stack} is valid with it")


@commands.command("adopt")
@_STACK
@click.option("--context", envvar="CONTEXT", default="", help="Of the kubeconfig; several with commas between.")
@click.option("--people", envvar="PEOPLE", type=click.Path(path_type=Path), help="A file of addresses, one a line.")
@click.option("--report", envvar="REPORT", default="adoption.md", help="Where what was found is told.")
@click.option("--overwrite", envvar="OVERWRITE", is_flag=True, help="Files that are there are written anew.")
@click.pass_obj
def adopt_installation(root: Path, /, stack: str, **options: Any) -> None:  # noqa: ANN401 - its options
    """Write down, as a stack's files, what is there of an installation; nothing is changed."""
    _require(stack, "adopt")
    require_no_shards(root, stack, "make adopt")
    for line in adopt(root, stack, Options(**options)):
        print(line)


@commands.command("up")
@_STACK
@click.option("--all", "everything", envvar="ALL", is_flag=True, help="Also if nothing differs; or ALL=yes.")
@_NO_RUN_AT_WORK
@_JOBS
@click.pass_obj
def up_stack(root: Path, stack: str, everything: bool, no_run_at_work: bool, jobs: str) -> None:
    """Deploy a stack, unless nothing differs from its last complete run."""
    _require(stack, "up")
    show = partial(print, flush=True)
    up_environment(root, stack, show, everything=everything, no_run_at_work=no_run_at_work, jobs=jobs_of(jobs))


@commands.command()
@_STACK
@_NO_RUN_AT_WORK
@_ALONE
@click.pass_obj
def heal(root: Path, stack: str, no_run_at_work: bool, alone: bool) -> None:
    """Put right what a run that died left of Helm releases."""
    _require(stack, "heal")
    heal_environment(root, stack, partial(print, flush=True), no_run_at_work=no_run_at_work, alone=alone)


@commands.command()
@_STACK
@click.option("--tenant", envvar="TENANT", default="", help="The name of its file, like acme.")
@_NO_RUN_AT_WORK
@click.pass_obj
def release(root: Path, stack: str, tenant: str, no_run_at_work: bool) -> None:
    """Take a tenant out of the program's hands; it runs on as it is."""
    missing = [Finding(Where("", "", each), "is missing; write it like make release STACK=prod TENANT=acme")
               for each, given in (("STACK", stack), ("TENANT", tenant)) if not given]  # fmt: skip
    if missing:
        raise ConfigurationError(missing)
    require_no_shards(root, stack, "make release")
    for line in release_tenant(root, stack, tenant, no_run_at_work=no_run_at_work):
        print(line)


@commands.command("takeover")
@_STACK
@_NO_RUN_AT_WORK
@click.pass_obj
def takeover(root: Path, stack: str, no_run_at_work: bool) -> None:
    """Let the state know what runs already and is named in takeOver; a deploy then changes it in place."""
    _require(stack, "takeover")
    take_over_environment(root, stack, print, no_run_at_work=no_run_at_work)


@commands.command("compare")
@_STACK
@click.pass_obj
def compare_releases(root: Path, stack: str) -> None:
    """Fail if what lives of a release is not what was deployed."""
    _require(stack, "compare")
    each_of(root, stack, lambda each: compare(root, each, print))
    print(f"stack {stack}: every release is as deployed")


@commands.command()
@_STACK
@_ALONE
@click.pass_obj
def status(root: Path, stack: str, alone: bool) -> None:
    """Say how the server's release is, whether each worker's key is accepted and whether its pods are ready."""
    _require(stack, "status")
    each_of(root, stack, lambda each: print("\n".join(health_of(root, each))), alone=alone)


@commands.command()
@_STACK
@click.option("--base", envvar="BASE", default="", help="The commit to compare with; where main was left if empty.")
@click.option("--diff", envvar="DIFF", is_flag=True, help="The engine's own differences as well; or DIFF=true.")
@click.pass_obj
def preview(root: Path, stack: str, base: str, diff: bool) -> None:
    """Say what differs in the files, then what changes and restarts; nothing is changed."""
    _require(stack, "preview")

    def show(each: str) -> None:
        missing = unmade(root, each)
        print(missing) if missing else preview_stack(root, each, base, print, diff=diff)

    each_of(root, stack, show)


@commands.command()
@_STACK
@click.pass_obj
def ready(root: Path, stack: str) -> None:
    """Say what a first deploy of a stack needs and does not have yet, a line each; nothing is written."""
    _require(stack, "ready")
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
@_STACK
@_ALONE
@click.pass_obj
def policy(root: Path, stack: str, alone: bool) -> None:
    """Preview a stack with the policies of this project."""
    _require(stack, "policy")
    each_of(root, stack, lambda each: policy_preview(root, each), alone=alone)


add_commands(commands)
commands.add_command(protection)
commands.add_command(shard)
commands.add_command(write_manifests)


def _require(stack: str, command: str) -> None:
    if not stack:
        raise ConfigurationError(
            [Finding(Where("", "", "STACK"), f"is missing; write it like make {command} STACK=prod")]
        )


def main(arguments: Iterable[str]) -> int:
    """The exit code; every expected failure is one line a cause on stderr."""
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
