"""`python -m operations heal` on a stack of a real engine, with a helm that shows what it is asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.tools import install_tools
from tests.unit.asked import project

ROOT = Path(__file__).resolve().parents[2]
# Says which cluster it is aimed at, and has one release that somebody else's run left.
FOUND = {
    "namespace": "acme",
    "name": "acme-agent",
    "status": "pending-install",
    "chart": "clearml-enterprise-agent-6.14.1",
}
HELM = f"""#!/bin/sh
echo "$@" >> "$HELM_LOG"
case "$1" in list) echo '{json.dumps([FOUND])}' ;; esac
"""


class _Shell:
    """A person's shell in a copy of the program with a stack `test` in a folder."""

    def __init__(self, folder: Path) -> None:
        self.root = project(folder / "project")
        for part in ("config", "components", "operations"):
            shutil.copytree(ROOT / part, self.root / part, dirs_exist_ok=True)
        (self.root / "Pulumi.yaml").write_text("name: clearml-tenants\nruntime: python\nstackConfigDir: config\n")
        self.state, self.log, tools = folder / "state", folder / "helm.log", folder / "bin"
        for made in (self.state, tools):
            made.mkdir()
        (tools / "helm").write_text(HELM)
        (tools / "helm").chmod(0o755)
        (tools / "pulumi").symlink_to(install_tools(["pulumi"])["pulumi"].path)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "KUBE", "HELM"))}
        self.variables = {
            **kept,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.state}",
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "HELM_LOG": str(self.log),
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.variables, capture_output=True, text=True, check=False, timeout=60
        )

    def heal(self, *more: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "operations", "heal", "--stack", "test", *more)


@pytest.fixture
def shell(tmp_path: Path) -> _Shell:
    made = _Shell(tmp_path)
    settings = made.root / "config" / "Pulumi.test.yaml"
    _, _, kept = settings.read_text().partition("\n")
    settings.unlink()
    assert made.run("pulumi", "stack", "init", "test").returncode == 0
    settings.write_text(f"{settings.read_text()}{kept}")
    return made


def test_the_stacks_own_context_is_asked_and_what_is_not_ours_is_left(shell: _Shell) -> None:
    done = shell.heal()
    assert done.returncode == 0, done.stderr
    assert "left alone: release acme/acme-agent is pending-install" in done.stdout
    assert shell.log.read_text().splitlines() == [
        "list --all-namespaces --all --max 0 --output json --kube-context somewhere"
    ]


def test_a_stack_that_a_run_holds_is_not_touched(shell: _Shell) -> None:
    lock = shell.state / ".pulumi" / "locks" / "organization" / "clearml-tenants" / "test" / "one.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(json.dumps({"pid": 7, "username": "jane", "hostname": "ci", "timestamp": "2026-11-25T03:00:00Z"}))
    done = shell.heal()
    assert done.returncode == 1
    assert done.stderr.startswith("error: stack test: jane@ci (process 7) has held it since 2026-11-25T03:00:00Z")
    assert "pulumi cancel --stack test" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not shell.log.exists()


def test_a_stack_that_does_not_exist_is_one_line(shell: _Shell) -> None:
    shell.run("pulumi", "stack", "rm", "test", "--yes", "--preserve-config")
    done = shell.heal()
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "no stack named 'test' found" in done.stderr
