"""Heals Helm releases that a killed run left pending: no Pulumi plugin does, and each later run would fail on them."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Any

from local.checkout import Checkout
from local.errors import LocalError
from local.progress import note

_NEVER_DEPLOYED = "pending-install"


@dataclass(frozen=True)
class Pending:
    """A release that helm left in `pending-install`, `pending-upgrade` or `pending-rollback`."""

    namespace: str
    name: str
    status: str


def heal(checkout: Checkout) -> list[Pending]:
    """Uninstall what was never deployed, roll the others back, and tell so; the run that follows makes them anew.

    Only call it while no other run is at work on the stack. Raises LocalError if helm refuses.
    """
    healed = _pending(checkout)
    for release in healed:
        if release.status == _NEVER_DEPLOYED:
            _helm(checkout, "uninstall", release.name, "--namespace", release.namespace, "--wait")
            note(f"healed: release {release.namespace}/{release.name} was never deployed: uninstalled")
        else:
            _helm(checkout, "rollback", release.name, "--namespace", release.namespace)
            note(f"healed: release {release.namespace}/{release.name} was {release.status}: rolled back")
    return healed


def _pending(checkout: Checkout) -> list[Pending]:
    found: list[dict[str, Any]] = json.loads(
        _helm(checkout, "list", "--all-namespaces", "--pending", "--output", "json") or "[]"
    )
    return [Pending(each["namespace"], each["name"], each["status"]) for each in found]


def _helm(checkout: Checkout, *arguments: str) -> str:
    done = subprocess.run(
        [str(checkout.bin / "helm"), *arguments],
        env={**os.environ, **checkout.variables()},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LocalError(f"helm {' '.join(arguments[:2])}: {reason}: see `helm history`, then run this again")
    return done.stdout
