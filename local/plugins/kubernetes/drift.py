"""What somebody else changed on the cluster, told as inputs: only then does a refresh show a difference."""

from __future__ import annotations

from collections.abc import Mapping

from local.plugins.properties import Properties, Value

# Filled in by the server, or of no use as an input.
SERVER_METADATA = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
)


def inputs_after(inputs: Properties, then: Mapping[str, Value], now: Mapping[str, Value]) -> Properties:
    """`inputs` (plain) with every value that differs between `then`, the kept state, and `now`, the live object.

    The server writes some values its own way (`1000m` as `1`); comparing live with live keeps those out of it.
    """
    after: Properties = _object(inputs, then, now)
    return after


def inputs_of(live: Mapping[str, Value]) -> Properties:
    """Inputs that would make `live`: for an object adopted by import."""
    inputs = {key: value for key, value in live.items() if key != "status" and not key.startswith("__")}
    metadata = live.get("metadata") or {}
    inputs["metadata"] = {key: value for key, value in metadata.items() if key not in SERVER_METADATA}
    return inputs


def _object(inputs: Mapping[str, Value], then: Mapping[str, Value], now: Mapping[str, Value]) -> dict[str, Value]:
    after: dict[str, Value] = {}
    for key, value in inputs.items():
        if key in now:
            after[key] = _value(value, then.get(key), now[key])
        elif key not in then:
            # Never came back from the server (a Secret's stringData, a null): nothing to compare with.
            after[key] = value
    return after


def _value(value: Value, then: Value, now: Value) -> Value:
    if then == now:
        return value
    if isinstance(value, Mapping) and isinstance(now, Mapping):
        return _object(value, then if isinstance(then, Mapping) else {}, now)
    lists = isinstance(value, list) and isinstance(then, list) and isinstance(now, list)
    if lists and len(value) == len(then) == len(now):
        return [_value(*places) for places in zip(value, then, now, strict=True)]
    return now
