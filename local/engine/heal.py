"""Heals the local stack's releases before each run: `operations.releases.heal`, where nobody's data is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from local.checkout import STACK, Checkout
from local.errors import LocalError
from local.progress import note
from operations.command import output
from operations.errors import OperationError
from operations.releases import drift
from operations.releases import heal as operation
from operations.releases.helm import Helm
from operations.releases.inventory import Inventory, generated
from operations.releases.obstacles import find, tell_neighbours
from operations.releases.occupants.names import names
from operations.releases.ownership import Stack, declared, workers
from settings.loading.load import load


def heal(checkout: Checkout) -> None:
    """Uninstall releases that a run made and the state does not know, roll back those that are pending, and tell so.

    The run that follows makes them anew. What no run of this stack made is left alone. Only call it while no other run
    is at work. Raises LocalError if helm refuses.
    """
    stack, helm = _stack(checkout), _helm(checkout)
    try:
        tell_neighbours(operation.heal(helm, stack, note), stack, note)
    except OperationError as error:
        raise LocalError(str(error)) from None


def require_clear(checkout: Checkout, *, all_goes: bool = False) -> None:
    """Raises LocalError with a line for each thing that the run would take over, delete or fail on, and that no run of
    this stack made. `all_goes`: the run is a `destroy`, for which no file asks for anything. Call it after `heal`.
    """
    stack, helm = _stack(checkout), _helm(checkout)
    try:
        found = find(helm, helm.releases(), replace(stack, declared={}) if all_goes else stack)
    except OperationError as error:
        raise LocalError(str(error)) from None
    if found:
        raise LocalError("\n".join(f"in the way: {line}" for line in found))


def mend(checkout: Checkout) -> None:
    """Put back what drifted inside releases, and tell so. Call it after `require_clear`. Raises LocalError."""
    helm = _helm(checkout)
    try:
        drift.mend(helm, helm.releases(), _stack(checkout), note)
    except OperationError as error:
        raise LocalError(str(error)) from None


def drifted(checkout: Checkout) -> list[str]:
    """A line for each object inside a release that is not as deployed; nothing is changed. Raises LocalError."""
    helm = _helm(checkout)
    try:
        found = drift.drifted(helm, helm.releases(), _stack(checkout))
    except OperationError as error:
        raise LocalError(str(error)) from None
    return [line for release, each in found.items() for line in drift.lines(release, each)]


def uninstalled(checkout: Checkout) -> list[str]:
    """URNs to read back before a run, since somebody uninstalled a release that the state has; none if nobody did.

    All that is in the cluster: whoever did that may have deleted more. Raises LocalError.
    """
    helm = _helm(checkout)
    try:
        gone = drift.missing(helm.releases(), _stack(checkout), helm)
    except OperationError as error:
        raise LocalError(str(error)) from None
    for spot in gone:
        note(f"not there: release {spot}, which the state has: somebody uninstalled it")
    return list(_in_the_cluster(recorded_deployment(checkout))) if gone else []


def _in_the_cluster(deployment: Mapping[str, Any]) -> Iterator[str]:
    for each in deployment.get("resources") or []:
        if str(each["type"]).startswith("kubernetes:"):
            yield each["urn"]


def _stack(checkout: Checkout) -> Stack:
    environment = load(checkout.root, STACK)
    return Stack(
        environment.name,
        declared(environment),
        Inventory.of(recorded_deployment(checkout), environment),
        server_keys=cache(lambda: generated(_decrypted(checkout))),
        disposable=True,
        workers=workers(environment),
        objects=names(environment),
    )


def _helm(checkout: Checkout) -> Helm:
    place = load(checkout.root, STACK).stack.own_cluster
    return Helm(
        place,
        str(checkout.kubeconfig),
        place.kube_context,
        executable=str(checkout.bin / "helm"),
        variables=checkout.variables(),
    )


def recorded_deployment(checkout: Checkout) -> Mapping[str, Any]:
    """The state as the local backend's checkpoint has it: no engine has to be asked, which takes a second."""
    if not checkout.stack_exists:
        return {}
    found: Mapping[str, Any] = json.loads(checkout.stack_file.read_text())["checkpoint"].get("latest") or {}
    return found


def _decrypted(checkout: Checkout) -> Mapping[str, Any]:
    if not checkout.stack_exists:
        return {}
    command = ("stack", "export", "--show-secrets", "--stack", checkout.stack, "--non-interactive")
    variables, pulumi = checkout.variables(), str(checkout.bin / "pulumi")
    told = output(pulumi, *command, folder=checkout.root, variables=variables, then="see make status")
    found: Mapping[str, Any] = json.loads(told).get("deployment") or {}
    return found
