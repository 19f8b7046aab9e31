"""The whole program on the real engine and the emulator, its cluster on paper: `__main__.py`, files and all."""

from __future__ import annotations

import os
import runpy
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation

from operations.checkpoints import SKIP
from settings.facts import stack_file_of
from tests.api.paper_cluster import UNHEALTHY
from tests.api.stack import PROJECT, ROOT, STACK, Stack
from tests.emulator import Emulator
from tests.preload.launcher import write_launcher

_SETTINGS = {
    "pulumi:disable-default-providers": ["kubernetes"],
    f"{PROJECT}:stack": {
        "baseDomain": "clearml.example",
        "kubeContext": "paper",
        "charts": {each: {"chart": f"./charts/{each}"} for each in ("server", "agent", "gateway")},
        "server": {"cookieName": "clearml_token_basic", "supervisor": {"email": "supervisor@example.com"}},
        "tenantRules": {
            "contexts": ["gpu", "gpu-new", "kubeconfig/gpu", "kubeconfig/gpu-new"],
            "chartValues": [UNHEALTHY],
        },
    },
}


class Program(Stack):
    """A project folder of its own, on which the real program runs; `write` and `remove` edit its tenants' files."""

    # The file backend writes the whole state anew for every resource otherwise; every create finds what it made.
    more_variables: Mapping[str, str] = {SKIP: "true"}

    def __init__(self, folder: Path, engine: Path, emulator: Emulator) -> None:
        self.project = folder / "work"
        self._prepare()
        super().__init__(folder, engine, emulator, self._run)

    def _prepare(self) -> None:
        self.tenants.mkdir(parents=True)
        for name in ("__main__.py", "Pulumi.yaml"):
            shutil.copy2(ROOT / name, self.project / name)
        (self.project / stack_file_of(STACK)).write_text(yaml.safe_dump({"config": _SETTINGS}))

    @property
    def tenants(self) -> Path:
        """The folder of the tenants' files."""
        return self.project / "config" / "tenants" / STACK

    def write(self, tenant: str, content: Mapping[str, Any]) -> None:
        """The tenant's whole file."""
        (self.tenants / f"{tenant}.yaml").write_text(yaml.safe_dump(dict(content), sort_keys=False))

    def remove(self, tenant: str) -> None:
        (self.tenants / f"{tenant}.yaml").unlink()

    def _plugins(self) -> None:
        super()._plugins()
        write_launcher(self.folder / "bin" / "pulumi-resource-kubernetes", "tests.api.paper_cluster")
        write_launcher(self.folder / "bin" / "pulumi-resource-random", "local.plugins.random")

    def _settings(self, emulator: Emulator) -> dict[str, automation.ConfigValue]:
        supervisor = {
            "supervisorKey": automation.ConfigValue(emulator.supervisor_key, secret=True),
            "supervisorSecret": automation.ConfigValue(emulator.supervisor_secret, secret=True),
        }
        return super()._settings(emulator) | supervisor

    def _run(self) -> None:
        # It runs in this process, which must see what the engine's own child would.
        os.environ.pop("CLEARML_API_URL", None)
        runpy.run_path(str(self.project / "__main__.py"), run_name="__main__")
