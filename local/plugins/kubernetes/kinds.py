"""Type tokens and what is known of a kind without asking a cluster."""

from __future__ import annotations

from dataclasses import dataclass

from local.plugins.errors import PluginError

_BUILT_IN_GROUPS = frozenset(
    {"", "apps", "autoscaling", "batch", "policy"}
    | {
        f"{group}.k8s.io"
        for group in [
            "admissionregistration",
            "apiextensions",
            "apiregistration",
            "authentication",
            "authorization",
            "certificates",
            "coordination",
            "discovery",
            "events",
            "flowcontrol.apiserver",
            "networking",
            "node",
            "rbac.authorization",
            "scheduling",
            "storage",
        ]
    }
)
_CLUSTER_WIDE = frozenset(
    [
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "FlowSchema",
        "IPAddress",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "RuntimeClass",
        "ServiceCIDR",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
    ]
)


@dataclass(frozen=True)
class GroupKind:
    """`group` is empty for the core group."""

    group: str
    version: str
    kind: str

    @classmethod
    def of(cls, token: str) -> GroupKind:
        """`kubernetes:apps/v1:Deployment`. Raises PluginError for anything else."""
        package, _, rest = token.partition(":")
        place, _, kind = rest.partition(":")
        group, _, version = place.partition("/")
        if package != "kubernetes" or not version or not kind:
            raise PluginError(
                f"{token}: the stand-in kubernetes plugin does not know this type; use the official plugin"
            )
        return cls("" if group == "core" else group, version, kind)

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def namespaced(self) -> bool | None:
        """None if only a cluster can tell: a custom kind."""
        if self.group not in _BUILT_IN_GROUPS:
            return None
        return self.kind not in _CLUSTER_WIDE
