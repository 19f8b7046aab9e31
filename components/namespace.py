"""A namespace of ours, recognisable by its labels."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

TENANT_LABEL = "clearml-tenants/tenant"


def namespace(name: str, tenant: str | None, opts: pulumi.ResourceOptions) -> Namespace:
    """The namespace `name`; a tenant's carries the tenant's name as a label, the server's does not."""
    return Namespace(name, metadata=ObjectMetaArgs(name=name, labels=_labels(tenant)), opts=opts)


def _labels(tenant: str | None) -> dict[str, str]:
    ours = {"app.kubernetes.io/managed-by": "clearml-tenants"}
    return {**ours, TENANT_LABEL: tenant} if tenant else ours
