"""Properties as they travel between engine and plugin: plain values, with marks for secret and unknown.

The SDK's own reader lifts a nested secret to the whole object around it; a plugin that takes secrets keeps them where
they are, so that a Helm value stays readable in a diff and the password beside it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from rendering.unknown import MARKS

# Anything a property can be: JSON, or one of the marks below.
Value: TypeAlias = Any
Properties = dict[str, Value]

SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's mark, not a password


class Unknown:
    """A value that a preview cannot know yet; compare with `is UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that must stay encrypted in the state; never shown by repr."""

    value: Any = field(repr=False)


def decode(struct: struct_pb2.Struct) -> Properties:
    """Engine → plugin; whole numbers become int."""
    return {key: _decode(value) for key, value in struct.fields.items()}


def _decode(value: struct_pb2.Value) -> Value:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in MARKS else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_decode(item) for item in value.list_value.values]
        case "struct_value":
            return _decode_object(decode(value.struct_value))
    return None


def _decode_object(fields: Properties) -> Value:
    match fields.get(SIGNATURE):
        case None:
            return fields
        case mark if mark == _SECRET:
            return Secret(fields.get("value"))
        case _:
            raise ValueError("assets, archives and resource references are not supported")


def encode(properties: Mapping[str, Value]) -> struct_pb2.Struct:
    """Plugin → engine."""
    struct = struct_pb2.Struct()
    struct.update({key: _encode(value) for key, value in properties.items()})
    return struct


def _encode(value: Value) -> Value:
    if value is UNKNOWN:
        return rpc.UNKNOWN
    if isinstance(value, Secret):
        return {SIGNATURE: _SECRET, "value": _encode(value.value)}
    if isinstance(value, Mapping):
        return {str(key): _encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encode(item) for item in value]
    return value


def plain(value: Value) -> Value:
    """The value without secret marks, copied; unknowns stay."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _leaves(value: Value, secret: bool = False) -> Iterator[tuple[Value, bool]]:
    if isinstance(value, Secret):
        yield from _leaves(value.value, secret=True)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item, secret)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, secret)
    else:
        yield value, secret


def has_unknown(value: Value) -> bool:
    return any(leaf is UNKNOWN for leaf, _ in _leaves(value))


def has_secret(value: Value) -> bool:
    return any(secret for _, secret in _leaves(value))


def marked_like(outputs: Value, inputs: Value) -> Value:
    """`outputs` with everything secret that is secret at the same place of `inputs`.

    Objects are followed; a list, or a value that changed its shape, is secret as a whole if its input holds a secret.
    """
    if isinstance(outputs, Secret) or not has_secret(inputs):
        return outputs
    if isinstance(outputs, Mapping) and isinstance(inputs, Mapping):
        return {key: marked_like(value, inputs[key]) if key in inputs else value for key, value in outputs.items()}
    return Secret(outputs)
