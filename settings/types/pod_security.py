"""What the Pod Security Standards' levels `baseline` and `restricted` refuse of a field of a pod. Pure.

Source: the standards that Kubernetes documents, as of 1.33. What `restricted` asks of every pod (a seccomp profile, no
capability, not root) is not judged here: the charts' own values may give it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Level = Literal["privileged", "baseline", "restricted"]

# Refused when they are true, wherever they stand in a pod.
_NODE = frozenset({"hostPID", "hostIPC", "hostNetwork", "privileged", "hostProcess"})
_BASELINE = (
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT"
)
_CAPABILITIES = {"baseline": frozenset(_BASELINE.split(" ")), "restricted": frozenset({"NET_BIND_SERVICE"})}
_SYSCTLS = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_syncookies",
    }
)
_SELINUX = frozenset({"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"})
# The kinds of a volume that `restricted` lets pass, the name beside the kind, and one that is told where it stands.
_VOLUMES = frozenset(
    {
        *("name", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected"),
        *("secret", "hostPath"),
    }
)
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"


def refusal(key: str, value: object, level: Level) -> str:
    """What Pod Security at this level refuses of a pod's field `key`, as it is written; empty if nothing."""
    if level == "privileged":
        return ""
    for found in (_always(key, value, level), _restricted(key, value) if level == "restricted" else ""):
        if found:
            return found
    return ""


def annotation_refusal(key: str, value: object, level: Level) -> str:
    """The same of an annotation: the older way to an AppArmor profile."""
    confined = str(value) == "runtime/default" or str(value).startswith("localhost/")
    return f"{key}: {value}" if level != "privileged" and key.startswith(_APPARMOR) and not confined else ""


def _always(key: str, value: object, level: Level) -> str:
    simple = (
        (key in _NODE and value is True)
        or (key == "hostPath" and isinstance(value, Mapping))
        or (key == "hostPort" and bool(value))
        or (key == "procMount" and value not in (None, "Default"))
        # The API server takes it of a privileged container only.
        or (key, value) == ("mountPropagation", "Bidirectional")
    )
    if simple:
        return _shown(key, value)
    if key == "sysctls":
        return _sysctl(value)
    if not isinstance(value, Mapping):
        return ""
    if key in ("seccompProfile", "appArmorProfile"):
        return f"{key}.type: Unconfined" if value.get("type") == "Unconfined" else ""
    parts = {"capabilities": _capability(value, level), "seLinuxOptions": _selinux(value)}
    return parts.get(key, "")


def _restricted(key: str, value: object) -> str:
    if (key, value) in (("allowPrivilegeEscalation", True), ("runAsUser", 0), ("runAsNonRoot", False)):
        return _shown(key, value)
    if key == "volumes" and isinstance(value, list | tuple):
        kinds = [str(kind) for each in value if isinstance(each, Mapping) for kind in each]
        return next((f"a volume of kind {kind}" for kind in kinds if kind not in _VOLUMES), "")
    return ""


def _shown(key: str, value: object) -> str:
    if isinstance(value, Mapping):
        return key
    return f"{key}: {str(value).lower() if isinstance(value, bool) else value}"


def _sysctl(value: object) -> str:
    entries = value if isinstance(value, list | tuple) else ()
    names = [str(each.get("name")) for each in entries if isinstance(each, Mapping)]
    return next((f"the sysctl {name}" for name in names if name not in _SYSCTLS), "")


def _capability(value: Mapping[str, object], level: Level) -> str:
    added = value.get("add")
    names = [str(each) for each in added] if isinstance(added, list | tuple) else []
    refused = [name for name in names if name.removeprefix("CAP_") not in _CAPABILITIES[level]]
    return f"the capability {refused[0]}" if refused else ""


def _selinux(value: Mapping[str, object]) -> str:
    if value.get("type", "") not in _SELINUX:
        return f"seLinuxOptions.type: {value['type']}"
    return next((f"seLinuxOptions.{each}: {value[each]}" for each in ("user", "role") if value.get(each)), "")
