"""What a pod has to say of itself where Pod Security is `restricted`: nobody says it for the pod.

Of https://kubernetes.io/docs/concepts/security/pod-security-standards/, "Restricted": what is required, not refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_CONTEXTS = ("securityContext", "podSecurityContext", "containerSecurityContext")
_PROFILES = ("RuntimeDefault", "Localhost")
EXAMPLE = (
    "containerSecurityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, "
    "seccompProfile: {type: RuntimeDefault}}"
)


def missing(*templates: Mapping[str, Any]) -> Iterator[str]:
    """What none of the templates, of which later ones count as well, says of the pod or its container."""
    contexts = [each[key] for each in templates for key in _CONTEXTS if isinstance(each.get(key), Mapping)]
    if not any(each.get("runAsNonRoot") is True for each in contexts):
        yield "runAsNonRoot: true"
    if not any(each.get("allowPrivilegeEscalation") is False for each in contexts):
        yield "allowPrivilegeEscalation: false"
    if not any("ALL" in _below(each, "capabilities", "drop") for each in contexts):
        yield "capabilities: {drop: [ALL]}"
    if not any(_below(each, "seccompProfile", "type") in _PROFILES for each in contexts):
        yield "seccompProfile: {type: RuntimeDefault}"


def _below(context: Mapping[str, Any], key: str, name: str) -> Any:  # noqa: ANN401 - any free value
    found = context.get(key)
    value = found.get(name) if isinstance(found, Mapping) else None
    return value if isinstance(value, list | tuple | str) else ()
