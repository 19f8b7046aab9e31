"""The program's Python: the virtual environment that Pulumi.yaml names, and what is installed in it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any


class EnvironmentMissingError(RuntimeError):
    """Pulumi.yaml names a virtual environment that is not there."""


def python_of(info: Any) -> Path:  # noqa: ANN401 - the protocol's messages come without types
    """The Python of the runtime option `virtualenv`, else the one that runs this. Raises EnvironmentMissingError."""
    fields = info.options.fields
    folder = fields["virtualenv"].string_value if "virtualenv" in fields else ""
    if not folder:
        return Path(sys.executable)
    place = Path(info.root_directory or ".") / folder
    for name in ("bin/python", "Scripts/python.exe"):
        if (place / name).exists():
            return place / name
    raise EnvironmentMissingError(f"{place}: no virtual environment there; run `make` once, or mend Pulumi.yaml")


def installed(python: Path) -> list[tuple[str, str]]:
    """(name, version) of every package."""
    return sorted((dist.metadata["Name"], dist.version) for dist in metadata.distributions(path=_folders(python)))


def required_plugins(python: Path) -> list[tuple[str, str, str]]:
    """(name, version, server) of each provider plugin that an installed SDK package belongs to."""
    plugins = []
    for folder in _folders(python):
        for file in sorted(Path(folder).glob("*/pulumi-plugin.json")):
            told = json.loads(file.read_text(encoding="utf-8"))
            if told.get("resource"):
                name = told.get("name") or file.parent.name.removeprefix("pulumi_").replace("_", "-")
                plugins.append((name, f"v{told['version']}" if told.get("version") else "", told.get("server", "")))
    return plugins


def _folders(python: Path) -> list[str]:
    code = "import json, site; print(json.dumps(site.getsitepackages()))"
    told: list[str] = json.loads(subprocess.run([python, "-c", code], capture_output=True, check=True).stdout)
    return told
