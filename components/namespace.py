"""A namespace of ours, recognisable by its labels."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.values.policies import TENANT_LABEL
from config.isolation import Level

_OURS = {"app.kubernetes.io/managed-by": "clearml-tenants"}


def namespace(name: str, opts: pulumi.ResourceOptions, labels: Mapping[str, str] | None = None) -> Namespace:
    """The namespace `name`; other labels change it in place."""
    return Namespace(name, metadata=ObjectMetaArgs(name=name, labels={**_OURS, **(labels or {})}), opts=opts)


def tenant_labels(tenant: str, level: Level) -> dict[str, str]:
    """Whose namespace it is, and the Pod Security level that the API server enforces, warns of and audits there."""
    modes = ("enforce", "warn", "audit")
    return {TENANT_LABEL: tenant, **{f"pod-security.kubernetes.io/{mode}": level for mode in modes}}
