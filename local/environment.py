"""Everything a stack needs on a laptop, made ready in order: tools, plugins, cluster, the deployed API's runner."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock, Timeout

from local import cluster, kubelet
from local.checkout import Checkout
from local.engine.backend import forget_stack
from local.errors import LocalError
from local.plugins import home
from local.plugins.choose import Plugin, choose, is_older_than_sdk, link, provide
from local.progress import note
from local.symlinks import point
from local.toolchain import InstalledTool


@dataclass(frozen=True)
class Environment:
    """What was found or made; `tools` by name."""

    tools: Mapping[str, InstalledTool]
    plugins: list[Plugin]


@contextmanager
def alone(checkout: Checkout) -> Iterator[None]:
    """One command at a time may change this checkout's environment. Raises LocalError if another is at it."""
    _own_folders(checkout)
    lock = FileLock(checkout.run / "command.lock")
    try:
        with lock.acquire(timeout=0):
            yield
    except Timeout:
        raise LocalError(
            f"another command is changing {checkout.data} (make up, preview, refresh, destroy or down): "
            "wait for it to end, then run this again"
        ) from None


def ready(checkout: Checkout) -> Environment:
    """Make tools, plugins, cluster and the API's runner ready; what is there already is left alone.

    Raises LocalError, one line, for whatever a person has to mend.
    """
    checkout.keep_ports()
    mode = os.environ.get("PLUGINS") or "auto"
    tools = provide(checkout, mode)
    link_tools(checkout, tools)
    plugins = choose(checkout, mode)
    _tell_stand_ins(plugins)
    tell_older_plugins(checkout, plugins)
    link(checkout, plugins)
    home.install(checkout, plugins)
    cluster.start(checkout, tools)
    _forget_a_lost_cluster(checkout)
    kubelet.start(checkout)
    return Environment(tools, plugins)


def link_tools(checkout: Checkout, tools: Mapping[str, InstalledTool]) -> None:
    """Put each tool into `.local/bin` under its own name."""
    checkout.bin.mkdir(parents=True, exist_ok=True)
    for name, tool in tools.items():
        point(checkout.bin / name, tool.path)


def _own_folders(checkout: Checkout) -> None:
    try:
        if not checkout.data.exists() or not any(checkout.data.iterdir()):
            checkout.data.mkdir(parents=True, exist_ok=True)
            checkout.made_here.touch()
        elif not checkout.made_here.exists():
            raise LocalError(f"{checkout.data}: holds files that are not ours: set LOCAL_DIR to an empty or new folder")
        for folder in (checkout.data, checkout.run, checkout.state, checkout.pulumi_home, checkout.home):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise LocalError(f"{checkout.data}: {cause.strerror}: make room or set LOCAL_DIR to another folder") from cause


def _forget_a_lost_cluster(checkout: Checkout) -> None:
    """A new cluster holds nothing of what an older state says; companies are found again by name, keys are replaced.

    The cluster's identity is kept beside the state and written last, so that a run killed anywhere in between comes
    here again.
    """
    identity = cluster.identity(checkout)
    known = checkout.state / "cluster"
    if checkout.stack_exists and (not known.exists() or known.read_text() != identity):
        forget_stack(checkout)
        note("the old cluster is lost, and with it the stack's state: everything in the cluster is made anew")
    known.write_text(identity)


def _tell_stand_ins(plugins: list[Plugin]) -> None:
    stand_ins = [plugin.name for plugin in plugins if plugin.origin == "stand-in"]
    if stand_ins:
        note(f"plugins: stand-ins for {', '.join(stand_ins)} (the official ones are not to be had here)")


def tell_older_plugins(checkout: Checkout, plugins: list[Plugin]) -> None:
    """Once for each checkout, in place of the engine's warning at every run (local.engine.events)."""
    for plugin in plugins:
        if is_older_than_sdk(plugin) and not (checkout.bin / plugin.name).exists():
            note(
                f"plugins: {plugin.name} {plugin.version} is older than its Python package ({plugin.wanted}): it is "
                "the newest that can be built where nothing is downloaded; what this project uses is the same in both"
            )
