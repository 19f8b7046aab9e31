"""Heals the local stack's releases before each run: `operations.heal`, on a cluster that nobody else uses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from config.load import load
from local.checkout import STACK, Checkout
from local.errors import LocalError
from local.progress import note
from operations import heal as operation
from operations.errors import OperationError
from operations.helm import Helm
from operations.recorded import Recorded


def heal(checkout: Checkout) -> None:
    """Uninstall releases that the state does not know, roll back those that are pending, and tell so.

    The run that follows makes them anew. Every release of our charts in this cluster is this stack's, so an unknown one
    is one whose run died before it was recorded. Only call it while no other run is at work. Raises LocalError if helm
    refuses.
    """
    environment = load(checkout.root, STACK)
    stack = operation.Stack(
        operation.declared(environment),
        Recorded.of(_deployment(checkout), environment),
        own_cluster=True,
    )
    helm = Helm(environment.stack.own_place, executable=str(checkout.bin / "helm"), variables=checkout.variables())
    try:
        operation.heal(helm, stack, note)
    except OperationError as error:
        raise LocalError(str(error)) from None


def _deployment(checkout: Checkout) -> Mapping[str, Any]:
    """The state as the local backend's checkpoint has it: no engine has to be asked, which takes a second."""
    if not checkout.stack_exists:
        return {}
    found: Mapping[str, Any] = json.loads(checkout.stack_file.read_text())["checkpoint"].get("latest") or {}
    return found
