"""`python -m local COMMAND`: what the Makefile's targets call."""

from __future__ import annotations

import os
import shutil
import time

import click

from local import cluster, kubelet
from local import status as status_report
from local.api_readiness import require_answer
from local.checkout import STACK, Checkout
from local.command_line import run
from local.engine.backend import require_no_other_stack
from local.engine.checkpoint import repair
from local.engine.destroy_check import require_unprotected
from local.engine.heal import drifted, heal, mend, recorded_deployment, require_clear, uninstalled
from local.engine.locks import release_dead_lock
from local.engine.orphans import end_orphans
from local.engine.rendering import EngineWithRestarts as Engine
from local.environment import alone, ready
from local.errors import LocalError
from local.plugins.choose import provide
from local.preview import show_files, show_plan
from local.progress import note
from local.shell import script
from local.table import show
from settings.loading.load import Environment, load

# As this process was started with; `forget_foreign_settings` changes them.
_SURROUNDINGS = dict(os.environ)


@click.group()
def commands() -> None:
    """Run the whole service on this machine: Kubernetes API server, ClearML API emulator, Pulumi engine."""


@commands.command()
def up() -> None:
    """Set everything up, deploy the local stack, show what now exists."""
    checkout, started = Checkout.current(), time.monotonic()
    _require_no_shards(load(checkout.root, STACK))
    with alone(checkout):
        _ready_and_whole(checkout)
        require_clear(checkout)
        mend(checkout)
        _read_back_uninstalled(checkout)
        outcome = Engine(checkout).up()
        require_answer(checkout, changed=bool(outcome.changed))
    show(checkout, outcome.outputs)
    note(f"\n{outcome.changed} resources changed in {time.monotonic() - started:.0f} s")


@commands.command()
@click.option(
    "--base", envvar="BASE", default="", help="The commit to compare files with; where main was left if empty."
)
@click.option("--diff", envvar="DIFF", is_flag=True, help="The engine's own differences as well; or DIFF=true.")
def preview(base: str, diff: bool) -> None:
    """Show what `up` would change, and change nothing; fails if a policy is violated."""
    checkout = Checkout.current()
    show_files(checkout, base)
    _require_no_shards(load(checkout.root, STACK))
    with alone(checkout):
        _ready_and_readable(checkout)
        violations = list(show_plan(checkout, diff=diff))
    if violations:
        raise LocalError("\n".join(violations))


@commands.command()
def refresh() -> None:
    """Read back what exists; what differs is shown, and repaired by the next `up`."""
    checkout = Checkout.current()
    with alone(checkout):
        _ready_and_whole(checkout)
        outcome = Engine(checkout).refresh()
        found = drifted(checkout)
    for line in found:
        note(f"  differs         {line}")
    note(f"{outcome.changed + len(found)} resources differed from the state")


@commands.command()
def destroy() -> None:
    """Remove the stack's resources; companies stay in the API's data, as on a real server."""
    checkout = Checkout.current()
    with alone(checkout):
        _ready_and_readable(checkout)
        require_unprotected(checkout, recorded_deployment(checkout))
        end_orphans(checkout)
        heal(checkout)
        require_clear(checkout, all_goes=True)
        _read_back_uninstalled(checkout)
        outcome = Engine(checkout).destroy()
    note(f"{outcome.changed} resources removed")


@commands.command()
def down() -> None:
    """Remove all that the other commands made in this checkout, and nothing else."""
    checkout = Checkout.current()
    if not checkout.made_here.exists():
        note(f"nothing to remove: {checkout.data} was not made by these commands")
        return
    with alone(checkout):
        require_no_other_stack(checkout)
        kubelet.stop(checkout)
        cluster.stop(checkout)
        shutil.rmtree(checkout.data)
    note(
        f"removed the cluster, the API with its data, and {checkout.data}; downloaded or built tools stay in your cache"
    )


@commands.command("heal")
def heal_releases() -> None:
    """Put right what a run that died left of Helm releases; `up`, `refresh` and `destroy` do so by themselves."""
    checkout = Checkout.current()
    with alone(checkout):
        _ready_and_whole(checkout)
        require_clear(checkout)
        mend(checkout)
    note("every release is whole, or the next `up` makes it")


@commands.command()
def status() -> None:
    """Show what runs, on which tools and plugins, and what is deployed."""
    status_report.show(Checkout.current())


@commands.command()
def tools() -> None:
    """Install the tools that are missing, visibly; the other commands do so by themselves."""
    found = provide(Checkout.current(), os.environ.get("PLUGINS") or "auto")
    note("tools: " + ", ".join(f"{tool.name} {tool.version} ({tool.origin})" for tool in found.values()))


@commands.command()
def env() -> None:
    """Print the variables that point pulumi, helm and kubectl at the local environment: eval "$(make env)"."""
    checkout = Checkout.current()
    for line in script(checkout, _SURROUNDINGS):
        click.echo(line)
    if not checkout.stack_exists:
        click.echo("env: nothing is deployed here yet: make up", err=True)


def _ready_and_readable(checkout: Checkout) -> None:
    """Everything runs, and the engine can read its state; nothing in the cluster is changed."""
    ready(checkout)
    release_dead_lock(checkout, STACK)
    repair(checkout.stack_file)


def _require_no_shards(environment: Environment) -> None:
    if environment.shards:
        raise LocalError(f"stack {STACK}: has shards, and a laptop runs one stack: move the files of tenants up")


def _ready_and_whole(checkout: Checkout) -> None:
    """Everything runs, and nothing that a killed run left behind is in the way."""
    _ready_and_readable(checkout)
    end_orphans(checkout)
    heal(checkout)


def _read_back_uninstalled(checkout: Checkout) -> None:
    """The engine would upgrade a release that is not there, or fail to uninstall it."""
    urns = uninstalled(checkout)
    if urns:
        Engine(checkout).refresh(*urns)


def main() -> None:
    """Run one command."""
    run(commands)


if __name__ == "__main__":
    main()
