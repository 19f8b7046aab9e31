"""`make status`: what runs, on which tools and plugins, and what is deployed; it starts and builds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.clearml.api.errors import ClearMLError
from local import cluster, kubelet
from local.checkout import STACK, Checkout
from local.engine.run import Engine
from local.errors import LocalError
from local.plugins.choose import DYNAMIC_PROVIDERS
from local.plugins.launcher import is_ours, runs
from local.progress import note
from local.table import Rows, show_health
from local.toolchain import ALL, present_tools
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.health.stack import Health, health
from settings.errors import ConfigurationError
from settings.loading.load import load


def show(checkout: Checkout) -> None:
    """Print tools, plugins, cluster, API and, where a stack is deployed, its table."""
    _tools().show()
    plugin_rows(checkout).show()
    api = kubelet.status(checkout)
    _running(checkout, api).show()
    if not checkout.stack_exists:
        note("\nstack: nothing is deployed yet: make up")
        return
    try:
        outputs = Engine(checkout).outputs()
    except LocalError as error:
        note(f"\nstack: {error}")
        return
    if "server" in outputs:
        show_health(checkout, outputs, _health(checkout, outputs, is_reason_shown=bool(api.reason) or not api.running))
    else:
        note("\nstack: nothing is deployed: make up")


def _health(checkout: Checkout, outputs: Mapping[str, Any], *, is_reason_shown: bool) -> Health:
    """How the workers are; nothing, and why, if neither API nor cluster can be asked."""

    def report(text: str) -> None:
        # What is shown already is not said again.
        if not (is_reason_shown and text.startswith("API: ")):
            note(text)

    try:
        return health(load(checkout.root, STACK), EngineStack(checkout.root, STACK), outputs["tenants"], report)
    except (OperationError, ClearMLError, ConfigurationError) as error:
        note(f"\nhealth: {error}")
        return {}


def _tools() -> Rows:
    rows = Rows("Tools")
    present = present_tools()
    for name in ALL:
        tool = present.get(name)
        rows.add(name, f"{tool.version}  {tool.origin}" if tool else "not installed yet: make up")
    return rows


def plugin_rows(checkout: Checkout) -> Rows:
    """The plugins in use, and whose each is."""
    rows = Rows("\nPlugins")
    for plugin in sorted(path for path in checkout.bin.glob("pulumi-*") if path.exists()):
        rows.add(plugin.name, _origin(plugin))
    return rows


def _origin(plugin: Path) -> str:
    if not is_ours(plugin):
        return f"official  {plugin.resolve()}"
    return "SDK  with this checkout's Python" if runs(plugin, DYNAMIC_PROVIDERS) else "stand-in"


def _running(checkout: Checkout, api: kubelet.PodStatus) -> Rows:
    rows = Rows("\nRunning")
    rows.add("cluster", "ready" if cluster.is_ready(checkout) else "not running")
    reason = f": {api.reason}" if api.reason else ""
    rows.add("API", f"{api.api}{reason}  {checkout.api_url}" if api.running else "its runner is not running")
    return rows
