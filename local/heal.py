"""Heals what a killed run left of Helm releases: no Pulumi plugin does, and each later run would fail on it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Any

from local.checkout import Checkout
from local.errors import LocalError
from local.progress import note

_RELEASE = "kubernetes:helm.sh/v3:Release"
# The program's charts; whatever else somebody installs in the cluster is theirs.
_CHARTS = "clearml-enterprise"


@dataclass(frozen=True)
class Found:
    """A release in the cluster, in whatever status helm left it."""

    namespace: str
    name: str
    status: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


def heal(checkout: Checkout) -> None:
    """Uninstall releases that the state does not know, roll back those that are pending, and tell so.

    The run that follows makes them anew. Every release of our charts in this cluster is this stack's, so an unknown one
    is one whose run died before it was recorded. Only call it while no other run is at work. Raises LocalError if helm
    refuses.
    """
    recorded = _recorded(checkout)
    for release in _releases(checkout):
        where = ("--namespace", release.namespace)
        if str(release) not in recorded or release.status == "pending-install":
            _helm(checkout, "uninstall", release.name, *where, "--wait")
            note(f"healed: release {release} was {release.status} by a run that died: uninstalled")
        elif release.status.startswith("pending-"):
            _helm(checkout, "rollback", release.name, *where)
            note(f"healed: release {release} was {release.status}: rolled back")


def _recorded(checkout: Checkout) -> set[str]:
    """`namespace/name` of every release in the stack's state (the local backend's checkpoint)."""
    if not checkout.stack_exists:
        return set()
    latest = json.loads(checkout.stack_file.read_text())["checkpoint"].get("latest") or {}
    inputs = [each.get("inputs", {}) for each in latest.get("resources", []) if each["type"] == _RELEASE]
    return {f"{each.get('namespace')}/{each.get('name')}" for each in inputs}


def _releases(checkout: Checkout) -> list[Found]:
    listed = _helm(checkout, "list", "--all-namespaces", "--all", "--output", "json")
    found: list[dict[str, Any]] = json.loads(listed or "[]")
    ours = [each for each in found if each["chart"].startswith(_CHARTS)]
    return [Found(each["namespace"], each["name"], each["status"]) for each in ours]


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
