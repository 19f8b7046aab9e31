"""A namespace of ours, recognisable by its labels: one says which stack made it (docs/adr/0006)."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pulumi

from components.kinds.objects import Namespace
from components.namespaces.ownership import PROGRAM_LABEL
from settings.types.naming import STACK_LABEL, TENANT_LABEL
from settings.types.pod_security import Level

_MADE_BY = f'metadata.labels["{STACK_LABEL}"]'
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


def namespace(
    name: str, opts: pulumi.ResourceOptions, hook: pulumi.ResourceHook, labels: Mapping[str, str]
) -> Namespace:
    """The namespace `name`; other labels change it in place. `hook` asks beforehand whether it is there.

    Which stack made it is written when it is made and never after: a state of before that label stays as it is.
    """
    asked = pulumi.ResourceHookBinding(before_create=[hook])
    made = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=[_MADE_BY], hooks=asked))
    all_labels = {**PROGRAM_LABEL, **labels}
    return Namespace(name, metadata={"name": name, "labels": all_labels}, opts=made)


def stack_label(environment: str) -> dict[str, str]:
    """Nothing where the stack's name is no label: Pulumi allows a hundred characters, and any order of them."""
    return {STACK_LABEL: environment} if _LABEL.fullmatch(environment) else {}


def tenant_labels(environment: str, tenant: str, level: Level) -> dict[str, str]:
    """Whose namespace it is, and the Pod Security level that the API server enforces, warns of and audits there."""
    modes = ("enforce", "warn", "audit")
    return {
        **stack_label(environment),
        TENANT_LABEL: tenant,
        **{f"pod-security.kubernetes.io/{mode}": level for mode in modes},
    }
