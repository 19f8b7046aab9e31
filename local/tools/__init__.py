"""The command-line tools that the local environment runs, at pinned versions."""

from local.tools.catalogue import ALL
from local.tools.install import install_tools, present_tools
from local.tools.plugin import built_plugin, official_plugin
from local.tools.tool import InstalledTool

__all__ = [
    "ALL",
    "InstalledTool",
    "built_plugin",
    "install_tools",
    "official_plugin",
    "present_tools",
]
