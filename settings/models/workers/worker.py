"""What an agent and a gateway have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

# A new generation is a new key: the release gets it, and when that is ready the earlier one is revoked.
KeyGeneration = Annotated[int, Field(ge=1, le=9999, examples=["2"])]
