"""Fields that the API server refuses to change: a change of theirs replaces the object."""

from __future__ import annotations

from local.plugins.contract import Path
from local.plugins.difference import matches
from local.plugins.kubernetes.kinds import GroupKind
from local.plugins.kubernetes.settings import Settings

_SELECTOR = ("spec.selector",)
_ROLE = ("roleRef",)
_FIELDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "PersistentVolumeClaim"): (
        "spec.accessModes",
        "spec.selector",
        "spec.storageClassName",
        "spec.volumeName",
    ),
    ("", "Pod"): ("spec.containers", "spec.initContainers", "spec.volumes", "spec.nodeName", "spec.serviceAccountName"),
    ("", "ResourceQuota"): ("spec.scopes",),
    ("", "Secret"): ("type",),
    ("", "Service"): ("spec.clusterIP",),
    ("apps", "DaemonSet"): _SELECTOR,
    ("apps", "Deployment"): _SELECTOR,
    ("apps", "StatefulSet"): (
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ),
    ("batch", "Job"): ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _ROLE,
    ("rbac.authorization.k8s.io", "RoleBinding"): _ROLE,
    ("storage.k8s.io", "StorageClass"): ("parameters", "provisioner"),
}
_IDENTITY = ("apiVersion", "kind", "metadata.name", "metadata.namespace")


def replaces(kind: GroupKind, path: Path, settings: Settings) -> bool:
    """Whether a change at `path` cannot be made in place.

    Like the official plugin, a Secret's or ConfigMap's data counts as immutable unless the provider says otherwise.
    """
    fields = _IDENTITY + _FIELDS.get((kind.group, kind.kind), ())
    if (kind.group, kind.kind) == ("", "Secret") and not settings.secret_mutable:
        fields += ("data", "stringData")
    if (kind.group, kind.kind) == ("", "ConfigMap") and not settings.config_map_mutable:
        fields += ("data", "binaryData")
    return any(matches(path, tuple(field.split("."))) for field in fields)
