"""What every settings model has in common."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Settings(BaseModel):
    """Frozen, camelCase in files and snake_case in Python, refuses unknown keys and never prints what it refused.

    Strict: `"true"` is a text and not a yes, `1.10` is a number and not a version.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        hide_input_in_errors=True,
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=True,
        # What validates a model is made when it is first needed: of most, only as a part of another's.
        defer_build=True,
    )

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Itself, as nothing of it can change: pydantic copies a default without a hash for each model that has it."""
        return self
