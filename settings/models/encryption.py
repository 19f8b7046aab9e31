"""A secret in a stack's file: it must stand there encrypted, and is not looked into."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError


def _encrypted(value: object) -> None:
    """Accept what the engine encrypted, and forget it: the files are read without the key to it."""
    if not (isinstance(value, dict) and list(value) == ["secure"] and isinstance(value["secure"], str)):
        raise PydanticCustomError("plain_secret", "is a secret in plain text")


def set_elsewhere(key: str) -> PydanticCustomError:
    """What is wrong with a secret that belongs below `key` of the stack's file; whose it is, its place tells."""
    return PydanticCustomError("set_elsewhere", "is a secret, and never stands here", {"key": key})


# What editors are told; the models see None.
_SCHEMA = {
    "type": "object",
    "properties": {"secure": {"type": "string", "description": "Set with pulumi config set --secret."}},
    "required": ["secure"],
    "additionalProperties": False,
}
Encrypted = Annotated[None, BeforeValidator(_encrypted), WithJsonSchema(_SCHEMA)]


def is_encrypted(metadata: object) -> bool:
    """Whether `metadata` of a field is what makes it a secret."""
    return isinstance(metadata, BeforeValidator) and metadata.func is _encrypted
