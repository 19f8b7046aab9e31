"""A secret in a stack's file: it must stand there encrypted, and is not looked into."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from settings.types.texts import Holds


def _encrypted(value: object) -> None:
    """Accept what the engine encrypted, and forget it: the files are read without the key to it."""
    if not (isinstance(value, dict) and list(value) == ["secure"] and isinstance(value["secure"], str)):
        raise PydanticCustomError("plain_secret", "is a secret in plain text")


def set_elsewhere(key: str) -> BeforeValidator:
    """Refuses a secret that belongs below `key` of the stack's file; whose it is, its place tells."""

    def refuse(_: object) -> None:
        raise PydanticCustomError("set_elsewhere", "is a secret, and never stands here", {"key": key})

    return BeforeValidator(refuse)


# What editors are told; the models see None.
_SCHEMA = {
    "type": "object",
    "properties": {"secure": {"type": "string", "description": "Set with pulumi config set --secret."}},
    "required": ["secure"],
    "additionalProperties": False,
}
_SECRET = Holds("a secret: `pulumi config set --secret`", example="`{secure: …}`")
Encrypted = Annotated[None, _SECRET, BeforeValidator(_encrypted), WithJsonSchema(_SCHEMA)]
# What a secret that is set elsewhere has beside `set_elsewhere`.
NOTHING = Holds("nothing", example="never")
NO_VALUE = WithJsonSchema({"not": {}})


def is_encrypted(metadata: object) -> bool:
    """Whether `metadata` of a field is what makes it a secret."""
    return metadata == _SECRET
