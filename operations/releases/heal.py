"""Heals what a run that died left of Helm releases: no Pulumi plugin does, and each later run would fail on it.

Only what is this stack's is touched: what its state has, and what carries a key that its runs made. All else is left
alone; `operations.releases.obstacles` tells of it.
"""

from __future__ import annotations

from collections.abc import Callable

from operations.releases.helm import Found, Helm
from operations.releases.ownership import Stack

Tell = Callable[[str], None]

# What the product's charts are called; a company that mirrors them may call them otherwise.
PRODUCT = "clearml"


def heal(helm: Helm, stack: Stack, tell: Tell) -> list[Found]:
    """Put right every release of ours in one place, only while no run is at work; what is then there.

    Raises OperationError.
    """
    return [found for found in helm.releases() if not _uninstalled(helm, found, stack, tell)]


def _uninstalled(helm: Helm, found: Found, stack: Stack, tell: Tell) -> bool:
    if stack.knows(found.spot):
        if not found.pending:
            return False
        stack.be_certain()
        return _settle(helm, found, tell)
    if not stack.asks_for(found.spot) and found.spot not in stack.recorded.making:
        return False
    made = stack.installed_by_us(found.spot, helm.values(found.spot))
    if made == "worker" or (made == "server" and _may_go(helm, found, stack)):
        stack.be_certain()
        helm.uninstall(found.spot)
        tell(f"healed: release {found} was {found.status} by a run that died before its record: uninstalled")
        return True
    return False


def _settle(helm: Helm, found: Found, tell: Tell) -> bool:
    """Whether it is gone now."""
    revision = helm.last_whole_revision(found.spot)
    if revision is None:
        helm.uninstall(found.spot)
        tell(f"healed: release {found} was {found.status} by a run that died: uninstalled")
    else:
        helm.roll_back(found.spot, revision)
        tell(f"healed: release {found} was {found.status} by a run that died: rolled back to revision {revision}")
    return revision is None


def _may_go(helm: Helm, found: Found, stack: Stack) -> bool:
    """A worker holds no data, so it can be made anew; a server only before it ever ran."""
    return stack.disposable or (found.pending and helm.last_whole_revision(found.spot) is None)
