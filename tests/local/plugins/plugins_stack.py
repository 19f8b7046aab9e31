"""A Pulumi project of its own for one test, run by the real engine on the stand-in plugins."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.checkout import Checkout
from local.plugins.choose import choose, link, provide

_COUNT = re.compile(r"(\d+) (created|updated|deleted|replaced|imported|unchanged|errored)\b")


@dataclass(frozen=True)
class Done:
    """An ended command: everything it printed, and how many resources it changed, by the engine's own words."""

    code: int
    output: str

    @property
    def counts(self) -> dict[str, int]:
        return {what: int(number) for number, what in _COUNT.findall(self.output.rpartition("\nResources:")[2])}

    @property
    def changed(self) -> int:
        return sum(number for what, number in self.counts.items() if what != "unchanged")


class Stack:
    """Stack `test` of a program given as text; nothing outside `folder` is written."""

    def __init__(self, folder: Path, program: str, checkout: Checkout) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        self._state = folder / "state"
        self._state.mkdir()
        environment = Path(sys.prefix)
        (self.folder / "Pulumi.yaml").write_text(
            f"name: trial\nruntime: {{name: python, options: {{virtualenv: {json.dumps(str(environment))}}}}}\n"
        )
        (self.folder / "__main__.py").write_text(program)
        self._variables = _variables(checkout, folder, self._state)
        self.run("stack", "init", "test")

    def run(self, *arguments: str, **variables: str) -> Done:
        """`pulumi …`; `variables` reach the program."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            env={**self._variables, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
            start_new_session=True,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def up(self, **variables: str) -> Done:
        """Must succeed."""
        done = self.run("up", "--yes", "--skip-preview", **variables)
        assert done.code == 0, done.output
        return done

    def refresh(self, **variables: str) -> Done:
        done = self.run("refresh", "--yes", "--skip-preview", **variables)
        assert done.code == 0, done.output
        return done

    def destroy(self) -> Done:
        done = self.run("destroy", "--yes", "--skip-preview")
        assert done.code == 0, done.output
        return done

    def outputs(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.run("stack", "output", "--json").output)
        return told

    def stored(self) -> str:
        """Every byte that the backend keeps, history and locks too."""
        return "\n".join(
            file.read_text() for file in self._state.rglob("*") if file.is_file() and ".attrs" not in file.name
        )


def _variables(checkout: Checkout, folder: Path, state: Path) -> Mapping[str, str]:
    tools = provide(checkout, "stand-in")
    link(checkout, choose(checkout, "stand-in"))
    return {
        **os.environ,
        **checkout.variables(),
        "HOME": str(folder),
        "PATH": os.pathsep.join([str(checkout.bin), str(tools["pulumi"].path.parent), os.environ["PATH"]]),
        "PULUMI_HOME": str(folder / "pulumi"),
        "PULUMI_BACKEND_URL": f"file://{state}",
    }
