"""The command-line tools that the local environment runs, at pinned versions.

May import of `local` only `checkout`, `errors` and `progress`.
"""

from local.toolchain.catalogue import ALL
from local.toolchain.install import install_tools, present_tools
from local.toolchain.plugin import built_plugin, official_plugin
from local.toolchain.tool import InstalledTool

__all__ = [
    "ALL",
    "InstalledTool",
    "built_plugin",
    "install_tools",
    "official_plugin",
    "present_tools",
]
