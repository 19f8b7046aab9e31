"""Which official kubernetes plugin deploys: the Python package's own, or an older one that was built."""

from __future__ import annotations

import os

from components.values.nulls import KEPT_SINCE
from settings.types.versions import at_least

VARIABLE = "CLEARML_TENANTS_KUBERNETES_PLUGIN"
"""Set by the local environment; a real stack's engine fetches the plugin that the package names."""


def version() -> str:
    """Of an older one, like `4.25.0`; empty if it is the package's own, which is never that old."""
    return os.environ.get(VARIABLE, "")


def drops_nulls() -> bool:
    """Whether nulls of a release's values are lost on their way to Helm."""
    major, minor, _ = (int(part) for part in KEPT_SINCE.split("."))
    return not at_least(version(), major, minor)
