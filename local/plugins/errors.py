"""What a stand-in plugin can fail with; each text is one line and reaches the user as the engine's error."""

from __future__ import annotations


class PluginError(RuntimeError):
    """An operation that did not happen, or of which nothing is left."""
