"""The engine's protocol as Pulumi's Python SDK ships it, without the SDK: to import that takes 0.2 s of CPU."""

from __future__ import annotations

import sys
from importlib.util import find_spec, module_from_spec

_PACKAGES = ("pulumi", "pulumi.runtime")


def leave_out_sdk() -> None:
    """From now on, in this process, those packages are the folders that they are in, and what they import is not run.

    For a plugin's own process, before anything of the SDK is imported.
    """
    for name in _PACKAGES:
        spec = find_spec(name)
        if spec and name not in sys.modules:
            sys.modules[name] = module_from_spec(spec)
