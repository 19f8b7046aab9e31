"""Pure: whose a namespace is, by its labels (docs/adr/0006)."""

from __future__ import annotations

from collections.abc import Mapping

from components.namespaces.commands import kubectl
from settings.models.cluster_ref import ClusterRef
from settings.types.naming import MANAGED_BY_LABEL, PROJECT, STACK_LABEL

PROGRAM_LABEL = {MANAGED_BY_LABEL: PROJECT}


def by_program(labels: Mapping[str, str]) -> bool:
    """Whether this program made it, for whichever stack."""
    return labels.get(MANAGED_BY_LABEL) == PROJECT


def namespace_maker(labels: Mapping[str, str]) -> str:
    """Whose a namespace that is not this stack's looks like."""
    if labels.get(STACK_LABEL):
        return f"made by stack {labels[STACK_LABEL]}"
    if by_program(labels):
        return "made by this program, for a stack that its labels do not name"
    return "made by hand or by another program"


def label_command(namespace: str, stack: str, place: ClusterRef) -> str:
    """The command by which a person hands a namespace of this cluster, with all that is in it, to a stack."""
    return kubectl(f"label --overwrite namespace {namespace} {STACK_LABEL}={stack}", place)
