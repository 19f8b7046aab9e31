"""Pure: a program's inputs as a complete manifest, and a live object as what the engine keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.plugins.contract import Operation
from local.plugins.kubernetes.drift import SERVER_METADATA
from local.plugins.kubernetes.kinds import GroupKind
from local.plugins.naming import autoname
from local.plugins.properties import UNKNOWN, Properties, Secret, marked_like, plain

AUTONAMED = "pulumi.com/autonamed"


def annotation(manifest: Mapping[str, Any], key: str) -> str:
    metadata = manifest.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    value = annotations.get(key, "") if isinstance(annotations, Mapping) else ""
    return str(plain(value))


def split(manifest: Mapping[str, Any]) -> tuple[str | None, str]:
    """(namespace, name)"""
    metadata = manifest["metadata"]
    return metadata.get("namespace"), metadata.get("name", "")


def identifier(manifest: Mapping[str, Any]) -> str:
    """The engine's id: `namespace/name`, or the name alone."""
    namespace, name = split(manifest)
    return f"{namespace}/{name}" if namespace else name


def without_server_fields(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Plain inputs, without what only the server writes."""
    manifest: dict[str, Any] = plain(inputs)
    if isinstance(manifest.get("metadata"), Mapping):
        manifest["metadata"] = {k: v for k, v in manifest["metadata"].items() if k not in SERVER_METADATA}
    return manifest


def checked_inputs(kind: GroupKind, operation: Operation, namespace: str | None) -> Properties:
    """Complete inputs: apiVersion, kind, a name and, for what lies in one, the namespace. Raises PluginError."""
    inputs: Properties = {**operation.inputs, "apiVersion": kind.api_version, "kind": kind.kind}
    given = inputs.get("metadata")
    metadata = plain(given) if given is not None else {}
    if metadata is UNKNOWN:
        return inputs
    metadata = {key: value for key, value in metadata.items() if key not in SERVER_METADATA}
    if metadata.get("generateName") and not metadata.get("name"):
        metadata.pop("generateName")
    if not metadata.get("name"):
        metadata = _named(metadata, operation)
    if namespace is not None and not metadata.get("namespace"):
        metadata["namespace"] = namespace
    inputs["metadata"] = marked_like(metadata, given) if given is not None else metadata
    return inputs


def _named(metadata: dict[str, Any], operation: Operation) -> dict[str, Any]:
    """A name of ours: the one it had if that was ours too, marked so that a replacement may get another."""
    olds = plain(operation.old_inputs)
    kept = annotation(olds, AUTONAMED) == "true"
    name = split(olds)[1] if kept else autoname(operation.subject, operation.naming)
    annotations = metadata.get("annotations") or {}
    if annotations is UNKNOWN:
        return {**metadata, "name": name}
    return {**metadata, "name": name, "annotations": {**annotations, AUTONAMED: "true"}}


def state_of(kind: GroupKind, live: Mapping[str, Any], inputs: Properties, manager: str) -> Properties:
    """The live object and what we need next time; secret is what was secret in `inputs`, and all of a Secret's data.

    The three entries with underscores are the official plugin's own, so that it can take over such a state.
    """
    seen = dict(live)
    seen["metadata"] = {key: value for key, value in live["metadata"].items() if key != "managedFields"}
    state: Properties = marked_like(seen, inputs)
    kept = dict(inputs)
    if (kind.group, kind.kind) == ("", "Secret"):
        state, kept = _hidden(state), _hidden(kept)
    return {**state, "__inputs": kept, "__initialApiVersion": kind.api_version, "__fieldManager": manager}


def _hidden(secret: Mapping[str, Any]) -> Properties:
    return {key: Secret(plain(value)) if key in {"data", "stringData"} else value for key, value in secret.items()}
