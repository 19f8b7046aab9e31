"""Which official kubernetes plugin deploys: the Python package's own, or an older one that was built."""

from __future__ import annotations

import os
from importlib import metadata

from components.values.nulls import KEPT_SINCE
from settings.types.versions import at_least

VARIABLE = "CLEARML_TENANTS_KUBERNETES_PLUGIN"
"""Set by the local environment; a real stack's engine fetches the plugin that the package names."""


def version() -> str:
    """Like `4.34.2`."""
    return os.environ.get(VARIABLE) or metadata.version("pulumi_kubernetes")


def drops_nulls() -> bool:
    """Whether nulls of a release's values are lost on their way to Helm."""
    major, minor, _ = (int(part) for part in KEPT_SINCE.split("."))
    return not at_least(version(), major, minor)
