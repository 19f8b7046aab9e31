"""What a stand-in plugin can fail with; each text is one line and reaches the user as the engine's error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class PluginError(RuntimeError):
    """An operation that did not happen, or of which nothing is left."""


class PartlyMadeError(PluginError):
    """The object exists but is not as it should be; the engine keeps `state` and tries an update next time."""

    def __init__(self, message: str, identifier: str, state: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.identifier = identifier
        self.state = dict(state)
