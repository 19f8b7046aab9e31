"""The plugins in use, laid out in this checkout's own Pulumi home as the engine's own downloads are.

Plain `pulumi` takes them from there (`local.shell`) and has nothing to warn of; of what it finds on PATH it warns at
each start. Every name ends in the version that the Python package asks for, the only one that the engine would take.
"""

from __future__ import annotations

from local.checkout import Checkout
from local.plugins.choose import Plugin
from local.symlinks import point

# Those that look only at what lies in the user's own Pulumi home and beside the engine.
VARIABLE = "PULUMI_IGNORE_AMBIENT_PLUGINS"


def install(checkout: Checkout, plugins: list[Plugin]) -> None:
    """Lead from there to what `link` put into `.local/bin`; what is right already is left alone. Raises OSError."""
    for plugin in plugins:
        kind = plugin.name.removeprefix("pulumi-")
        folder = checkout.pulumi_home / "plugins" / f"{kind}-v{plugin.wanted or plugin.version}"
        folder.mkdir(parents=True, exist_ok=True)
        for name in (plugin.name, *(file.name for file in plugin.beside)):
            point(folder / name, checkout.bin / name)
