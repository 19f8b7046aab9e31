"""A project, an emulator and a cluster's lists, which `make adopt` is run on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from components import value_conflicts
from components.clearml.api.connection import Connection
from operations.adoption.adopt import Options, adopt
from settings.loading.load import Environment
from tests.emulator import Emulator
from tests.operations.adoption.cluster_lists import CONTEXT, ClusterLists
from tests.operations.adoption.installation import Tenant


class Site:
    """A project, an emulator and a cluster's lists; `run` is `make adopt STACK=prod CONTEXT=paper`."""

    def __init__(self, root: Path, emulator: Emulator, lists: ClusterLists) -> None:
        self.root, self.emulator, self.lists = root, emulator, lists
        self.tenants: dict[str, Tenant] = {}

    def run(self, **options: Any) -> list[str]:
        connection = Connection(self.emulator.url, self.emulator.key, self.emulator.secret)
        return adopt(self.root, "prod", Options(**{"context": CONTEXT, **options}), connection)

    def load(self) -> Environment:
        """As `make check` does."""
        return value_conflicts.load(self.root, "prod")

    def file(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load((self.root / "config/tenants/prod" / f"{name}.yaml").read_text())
        return found

    @property
    def settings(self) -> dict[str, Any]:
        content = yaml.safe_load((self.root / "config/Pulumi.prod.yaml").read_text())
        found: dict[str, Any] = content["config"]["clearml-tenants:stack"]
        return found

    @property
    def report(self) -> str:
        return (self.root / "adoption.md").read_text()

    def texts(self) -> dict[str, str]:
        files = [*self.root.rglob("*.yaml"), *self.root.rglob("*.md")]
        return {path.relative_to(self.root).as_posix(): path.read_text() for path in files}
