"""`make status`: what runs, on which tools and plugins, and what is deployed; it starts and builds nothing."""

from __future__ import annotations

from local.checkout import Checkout
from local.engine import Engine
from local.errors import LocalError
from local.progress import console, note
from local.table import show as show_deployed


def show(checkout: Checkout) -> None:
    """Print tools, plugins, cluster, API and, where a stack is deployed, its table."""
    console.print(_tools(checkout))
    console.print(_running(checkout))
    try:
        outputs = Engine(checkout).outputs() if checkout.state.exists() else {}
    except LocalError as error:
        note(f"stack: {error}")
        return
    if "server" in outputs:
        show_deployed(checkout, outputs)
    else:
        note("\nstack: nothing is deployed yet: make up")
