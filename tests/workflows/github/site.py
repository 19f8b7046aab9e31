"""A repository on GitHub as a test sets it up: its commits, settings, tokens and comments; and the commands that a job
finds on its machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.workflows.github.model import ROOT

REPOSITORY = "acme/clearml-tenants"
_HERE = Path(__file__).parent
_EMPTY: Mapping[str, Any] = {
    "tokens": {}, "pulls": [], "comments": {}, "issues": [], "deployments": [], "statuses": {}, "jobs": {}, "last": 100,
}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """Secrets and variables, of the repository or of one of its environments."""

    secrets: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """All of it, in `folder`; `origin` is the repository's git directory."""

    folder: Path
    origin: Path
    own: Settings
    environments: Mapping[str, Settings]

    @classmethod
    def new(cls, folder: Path, origin: Path, own: Settings, environments: Mapping[str, Settings]) -> Site:
        """Make the folder, and the commands in it."""
        site = cls(folder, origin, own, environments)
        site.bin.mkdir(parents=True)
        (folder / "stubs").mkdir()
        site.write({**_EMPTY, "repository": REPOSITORY, "origin": str(origin)})
        alone = f"exec {sys.executable} -S -E"
        for name in ("gh", "pulumi"):
            site._command(name, f'{alone} {_HERE / f"fake_{name}.py"} {folder} "$@"')
        site._command("helm", 'case "$1" in list) echo "[]";; *) echo "{}";; esac')
        for name in ("pulumi-language-python", "pulumi-analyzer-policy-python"):
            site._command(name, "exit 0")
        site._command("python3", f'exec {sys._base_executable} "$@"')  # type: ignore[attr-defined]
        # A target that takes too long here has a stub, which is run in its place.
        site._command("make", f'test -x "{folder}/stubs/$1" && exec "{folder}/stubs/$1"; exec /usr/bin/make "$@"')
        return site

    @property
    def bin(self) -> Path:
        """First on a job's PATH."""
        return self.folder / "bin"

    def _command(self, name: str, script: str) -> None:
        _script(self.bin / name, script)

    def stub(self, target: str, script: str) -> None:
        """What is run in place of `make TARGET`."""
        _script(self.folder / "stubs" / target, script)

    @property
    def store(self) -> dict[str, Any]:
        """What GitHub holds now."""
        content: dict[str, Any] = json.loads((self.folder / "store.json").read_text())
        return content

    def write(self, store: Mapping[str, Any]) -> None:
        """Let GitHub hold this."""
        (self.folder / "store.json").write_text(json.dumps(store))

    def grant(self, token: str, permissions: Mapping[str, str]) -> None:
        """Let a job's token do this."""
        store = self.store
        store["tokens"][token] = dict(permissions)
        self.write(store)

    def deployed(self, environment: str, sha: str, *states: str) -> None:
        """A job of this environment was started for a commit; what became of it, oldest first."""
        store = self.store
        store["last"] += 1
        store["deployments"].insert(0, {"id": store["last"], "sha": sha, "environment": environment})
        store["statuses"][str(store["last"])] = [{"state": state} for state in reversed(states)]
        self.write(store)

    def ended(self, run: int, job: str, result: str) -> None:
        """A job of a run has ended so."""
        store = self.store
        store["jobs"].setdefault(str(run), []).append({"name": job, "run_attempt": 1, "conclusion": result})
        self.write(store)

    def engine_runs(self, *words: str) -> list[dict[str, Any]]:
        """How `pulumi` was started so far, with these words among its arguments."""
        file = self.folder / "pulumi.jsonl"
        runs = map(json.loads, file.read_text().splitlines()) if file.exists() else ()
        return [run for run in runs if set(words) <= set(run["arguments"])]


def git(folder: Path, *arguments: str) -> str:
    """Run git there, as somebody."""
    command = ["git", "-C", str(folder), "-c", "user.name=Ann", "-c", "user.email=ann@example.com", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, message: str) -> str:
    """All that is there, as one commit; its name."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def copy_of_this(folder: Path) -> None:
    """This checkout's files, as they are now, in a repository with one commit on `main`."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    commit(folder, "All that is there")


def _script(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
