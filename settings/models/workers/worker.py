"""What an agent and a gateway have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from settings.types.kubernetes.names import ReleaseName

# A new generation is a new key: the release gets it, and when that is ready the earlier one is revoked.
KeyGeneration = Annotated[int, Field(ge=1, le=9999, examples=["2"])]
# Of a release that was there before: Helm renames none.
OwnRelease = Annotated[ReleaseName | None, Field(examples=["clearml-agent"])]
OWN_RELEASE = "The name of its Helm release, where that is taken over under another; `<tenant>-<use>` if left out."
