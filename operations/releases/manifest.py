"""Pure: what a release's manifest says of each object, compared with the object that lives.

Only what the manifest says counts: what the server fills in, and what others add beside it, is no difference.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from settings.types.quantity import amount

Object = Mapping[str, Any]

_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_IDENTITY = frozenset({"apiVersion", "kind", "status"})
_OWN_METADATA = frozenset({"name", "namespace", "creationTimestamp"})
# Lists whose items Kubernetes tells apart by a field and not by their place: others may add items of their own.
_KEYS: Mapping[str, str] = {
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "imagePullSecrets": "name",
    "secrets": "name",
    "hostAliases": "ip",
}
_AMOUNTS = frozenset({"limits", "requests", "hard", "capacity", "default", "defaultRequest", "min", "max"})
_SIZES = frozenset({"sizeLimit", "divisor"})


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """As Helm reads it: a date is a text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def objects(manifest: str) -> list[Object]:
    """Every object of a release's manifest, those of a List one by one; hooks are in none."""
    # A safe loader but for its dates, which it leaves as they are.
    documents = yaml.load_all(manifest, Loader=_Loader)
    return [found for document in documents if isinstance(document, Mapping) for found in _each(document)]


def _each(document: Object) -> Iterator[Object]:
    if str(document.get("kind", "")).endswith("List") and isinstance(document.get("items"), list):
        yield from document["items"]
    else:
        yield document


def identity(found: Object, namespace: str = "") -> tuple[str, str, str, str]:
    """API group, kind, namespace (empty of what is in none, unless one is given) and name."""
    group, slash, _ = str(found.get("apiVersion", "")).rpartition("/")
    metadata = found.get("metadata") or {}
    return (
        group if slash else "",
        str(found.get("kind")),
        str(metadata.get("namespace") or namespace),
        str(metadata.get("name")),
    )


def living(status: Mapping[str, Any]) -> dict[tuple[str, str, str, str], Object]:
    """The live objects in `helm status --show-resources`, by their identity; what belongs to one of them left out."""
    resources = (status.get("info") or {}).get("resources") or {}
    return {
        identity(found): found
        for key, each in resources.items()
        if not str(key).endswith("(related)")
        for found in each
    }


def differences(wanted: Object, live: Object) -> list[str]:
    """The paths, like `spec.replicas`, at which a live object is not as the manifest says; never a value."""
    if wanted.get("kind") == "Secret":
        wanted = _encoded(wanted)
    told = {key: value for key, value in wanted.items() if key not in _IDENTITY}
    told["metadata"] = {key: value for key, value in (wanted.get("metadata") or {}).items() if key not in _OWN_METADATA}
    if _scaled_by_the_cluster(live) and isinstance(told.get("spec"), Mapping):
        told["spec"] = {key: value for key, value in told["spec"].items() if key != "replicas"}
    return list(dict.fromkeys(_compared(told, live, ())))


def _encoded(secret: Object) -> Object:
    """With its texts where the server keeps them."""
    texts = secret.get("stringData") or {}
    data = {key: "".join(str(value).split()) for key, value in (secret.get("data") or {}).items()}
    data |= {key: base64.b64encode(str(value).encode()).decode() for key, value in texts.items()}
    return {key: value for key, value in secret.items() if key != "stringData"} | ({"data": data} if data else {})


def _scaled_by_the_cluster(live: Object) -> bool:
    """Whether an autoscaler sets its replicas: whatever the manifest says was only the first number."""
    return any(
        each.get("subresource") == "scale" and each.get("manager") == "kube-controller-manager"
        for each in (live.get("metadata") or {}).get("managedFields") or ()
    )


def _compared(wanted: object, live: object, path: tuple[str, ...]) -> Iterator[str]:
    if wanted is None or (live is None and not wanted):
        return
    if isinstance(wanted, Mapping):
        yield from _mapping(wanted, live, path)
    elif isinstance(wanted, list):
        yield from _list(wanted, live, path)
    elif not _same(wanted, live, path):
        yield _named(path)


def _mapping(wanted: Mapping[str, Any], live: object, path: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(live, Mapping):
        yield _named(path)
        return
    for key, value in wanted.items():
        yield from _compared(value, live.get(key), (*path, str(key)))


def _list(wanted: Sequence[Any], live: object, path: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(live, list):
        yield _named(path)
        return
    key = _key(path, wanted)
    if key:
        found = {each.get(key): each for each in live if isinstance(each, Mapping)}
        for each in wanted:
            inner = (*path[:-1], f"{path[-1]}[{each[key]}]")
            if each[key] in found:
                yield from _compared(each, found[each[key]], inner)
            else:
                yield _named(inner)
    elif len(wanted) != len(live):
        yield _named(path)
    else:
        for number, (each, lives) in enumerate(zip(wanted, live, strict=True)):
            yield from _compared(each, lives, (*path[:-1], f"{path[-1]}[{number}]"))


def _key(path: tuple[str, ...], wanted: Sequence[Any]) -> str | None:
    key = _KEYS.get(path[-1])
    if path == ("spec", "ports"):
        key = "port"
    elif path[-1] == "ports" and all(isinstance(each, Mapping) and "containerPort" in each for each in wanted):
        key = "containerPort"
    if key is None or not all(isinstance(each, Mapping) and key in each for each in wanted):
        return None
    names = [each[key] for each in wanted]
    return key if len({str(name) for name in names}) == len(names) else None


def _same(wanted: object, live: object, path: tuple[str, ...]) -> bool:
    if isinstance(wanted, bool) or isinstance(live, bool):
        return wanted is live
    if wanted == live:
        return True
    if path[-1] in _SIZES or (len(path) > 1 and path[-2] in _AMOUNTS):
        return _amounts(wanted, live)
    return False


def _amounts(*quantities: object) -> bool:
    try:
        one, other = (amount(str(each)) for each in quantities)
    except ValueError:
        return False
    return one == other


def _named(path: Iterable[str]) -> str:
    return ".".join(path)
