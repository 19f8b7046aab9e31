"""A tenant's network policies select the pods of its agents and gateways, by a label that the charts write.

`components/values/policies.py` says which; the public agent chart writes the name of its objects there, another one may
write none. Such an agent reaches no Kubernetes API and starts no task, such a gateway is reached by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from policy.declaration import Declaration, Violation
from policy.render import is_tenants, objects_of
from policy.stack_settings import stack_settings
from rendering.unknown import at
from settings.types.naming import release_names

_ROOT = Path(__file__).resolve().parents[1]
_USUAL = "app.kubernetes.io/instance"
_WITH_PODS = frozenset({"Deployment", "StatefulSet", "DaemonSet"})


def unselected_pods(declared: Declaration, *, root: Path = _ROOT) -> Iterator[Violation]:
    """A tenant's release none of whose pods the tenant's policies know. Raises NotRenderedError."""
    name = declared.props.get("name")
    if not is_tenants(declared) or not isinstance(name, str):
        return
    names = release_names(name, at(declared.props, "values", "fullnameOverride"))
    found = [_labels(each) for each in objects_of(declared) if each.get("kind") in _WITH_PODS]
    keys = _keys(declared, root)
    if found and not any(labels.get(key) in names for labels in found for key in keys):
        written = ", ".join(sorted({f"{key}: {labels[key]}" for labels in found for key in keys if key in labels}))
        text = f"release {declared.name}: its chart labels pods with {written or f'no {keys[0]}'}, and the tenant's"
        fix = f"policies select {keys[0]}: {name}; say the label that holds it in isolation.network.releaseLabel"
        yield Violation(f"{text} {fix}, or have the chart write it: fullnameOverride: {name}", declared.urn)


def _labels(workload: Mapping[str, object]) -> Mapping[str, object]:
    labels = at(workload, "spec", "template", "metadata", "labels")
    return labels if isinstance(labels, Mapping) else {}


def _keys(declared: Declaration, root: Path) -> list[str]:
    """The labels that the stack's file names; which of its clusters the tenant is in, a release does not say."""
    isolation = at(stack_settings(declared.stack, root), "isolation")
    elsewhere = at(isolation, "elsewhere")
    networks = (at(isolation, "network"), *(elsewhere.values() if isinstance(elsewhere, Mapping) else ()))
    said = [key for each in networks if isinstance(key := at(each, "releaseLabel"), str)]
    return list(dict.fromkeys([*said, _USUAL]))
