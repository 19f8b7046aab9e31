"""A whole local environment of its own: a copy of the project, its own ports and folder, planted secrets."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from local.cluster.ports import free_port
from local.toolchain import cache, install_tools
from tests.e2e.cluster import DeployedCluster

ROOT = Path(__file__).resolve().parents[2]
PLANTED = {
    "apiserverKey": "PLANTEDapiserverkey0",
    "apiserverSecret": "PLANTED-apiserver-secret-1",
    "supervisorKey": "PLANTEDsupervisorkey2",
    "supervisorSecret": 'PLANTED-supervisor#secret "3" ${HOME} \\ !',
}


CANARY = "a person's own kubeconfig, which does not even parse: ["


@dataclass(frozen=True)
class Run:
    """What a command said and how it ended."""

    code: int
    output: str
    seconds: float

    @property
    def errors(self) -> list[str]:
        return [line for line in self.output.splitlines() if line.startswith("error: ")]


@dataclass
class Site(DeployedCluster):
    """One environment under test; `transcript` is all that any of its commands ever printed."""

    root: Path
    api_port: int = field(default_factory=free_port)
    control_port: int = field(default_factory=free_port)
    transcript: list[str] = field(default_factory=list)

    @classmethod
    def copy(cls, folder: Path) -> Site:
        """Copy what git would track into `folder`, and plant recognisable secrets in its local stack."""
        listed = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for name in filter(None, listed.split("\0")):
            if not name.startswith("tests/") and (ROOT / name).is_file():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, target)
        # Older than the packages, so that `make` does not install those that this test runs on anew.
        for name in ("requirements-dev.txt", "local/bootstrap.py"):
            os.utime(folder / name, (0, 0))
        # Pulumi.yaml names it; the packages are those that this test runs on.
        (folder / ".venv").symlink_to(sys.prefix)
        site = cls(folder)
        site.home.mkdir()
        (site.home / "kubeconfig").write_text(CANARY)
        return site

    @property
    def data(self) -> Path:
        return self.root / ".local"

    @property
    def home(self) -> Path:
        return self.root.parent / "home"

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    def environment(self, **more: str) -> dict[str, str]:
        """A person's shell: a home of their own with a kubeconfig that nothing here may use or change."""
        theirs = ("PULUMI_", "KUBE", "CLEARML", "LOCAL_DIR", "API_", "MAKE", "MFLAGS")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
        own = {
            "HOME": str(self.home),
            "KUBECONFIG": str(self.home / "kubeconfig"),
            "CLEARML_TENANTS_CACHE": str(cache.root()),
            "API_PORT": str(self.api_port),
            "CONTROL_PORT": str(self.control_port),
        }
        return {**kept, **own, **more}

    def start(self, *command: str, module: str = "local", **more: str) -> subprocess.Popen[str]:
        """Start `python -m <module> <command>` in its own process group, output piped."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *command],
            cwd=self.root,
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str, module: str = "local", **more: str) -> Run:
        """Run `python -m <module> <command>` to its end."""
        started = time.monotonic()
        process = self.start(*command, module=module, **more)
        output, _ = process.communicate(timeout=400)
        self.transcript.append(output)
        return Run(process.returncode, output, time.monotonic() - started)

    def up(self, **more: str) -> Run:
        """`up` that has to succeed."""
        done = self.run("up", **more)
        assert done.code == 0, done.output
        return done

    def shell(self, script: str, timeout: float = 300) -> Run:
        """Run a shell script with the variables of `make env` set, as the README tells a person to."""
        started = time.monotonic()
        done = subprocess.run(
            ["bash", "-c", f'eval "$("{sys.executable}" -m local env)"\n{script}'],
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        self.transcript.append(done.stdout + done.stderr)
        return Run(done.returncode, done.stdout + done.stderr, time.monotonic() - started)

    def plant_secrets(self) -> None:
        """Replace the local stack's secrets by recognisable ones, encrypted by the real pulumi command."""
        pulumi = install_tools(["pulumi"])["pulumi"].path
        (self.data / "state").mkdir(parents=True)
        (self.data / ".made-by-clearml-tenants").touch()
        self._pulumi(pulumi, "stack", "init", "local")
        for name, value in PLANTED.items():
            self._pulumi(pulumi, "config", "set", "--stack", "local", "--secret", name, value=value)
        settings = self.root / "config" / "Pulumi.local.yaml"
        quicker = settings.read_text().replace('apiWaitSeconds: "60"', 'apiWaitSeconds: "10"')
        assert quicker != settings.read_text()
        settings.write_text(quicker)

    def set_secret(self, name: str, value: str) -> None:
        """`pulumi config set --secret` of the local stack; it rewrites the file."""
        pulumi = install_tools(["pulumi"])["pulumi"].path
        self._pulumi(pulumi, "config", "set", "--stack", "local", "--secret", name, value=value)

    def _pulumi(self, pulumi: Path, *arguments: str, value: str = "") -> None:
        command = f'eval "$("{sys.executable}" -m local env)"; exec "$@"'
        done = subprocess.run(
            ["bash", "-c", command, "bash", str(pulumi), *arguments],
            cwd=self.root,
            env=self.environment(),
            input=value,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs as `pulumi stack output` shows them."""
        done = self.shell("pulumi stack output --stack local --json 2>/dev/null")
        found: dict[str, Any] = json.loads(done.output)
        return found

    def state(self) -> dict[str, Any]:
        """What the API holds: companies, users, credentials, rules (the emulator's control port)."""
        # A new cluster's release restarts the API once more; httpx tries again for some seconds.
        with httpx.Client(transport=httpx.HTTPTransport(retries=6), timeout=10) as http:
            found: dict[str, Any] = http.get(f"http://127.0.0.1:{self.control_port}/state").json()
        return found

    def calls(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"http://127.0.0.1:{self.control_port}/calls", timeout=10).json()[
            "calls"
        ]
        return found

    def clear_calls(self) -> None:
        httpx.delete(f"http://127.0.0.1:{self.control_port}/calls", timeout=10)

    def faults(self, *faults: Mapping[str, Any]) -> None:
        httpx.put(f"http://127.0.0.1:{self.control_port}/faults", json=list(faults), timeout=10).raise_for_status()

    def sign_in(self, key: str, secret: str) -> dict[str, Any]:
        """Sign in to the API as a person or agent would; the user as the API describes it."""
        token = httpx.post(f"{self.api_url}/auth.login", auth=(key, secret), timeout=10).json()["data"]["token"]
        answer = httpx.post(
            f"{self.api_url}/users.get_current_user", headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        user: dict[str, Any] = answer.json()["data"]["user"]
        return user

    def live_keys(self, company: str) -> set[str]:
        """Access keys that the API's data holds for a company, also while the API is gone."""
        # Closed at once: the API wants its file for itself.
        with closing(sqlite3.connect(f"file:{self.data / 'api.sqlite'}?mode=ro", uri=True)) as data:
            return {key for (key,) in data.execute("SELECT access_key FROM credentials WHERE company = ?", [company])}

    def edit_stack(self, change: Mapping[str, Any]) -> None:
        """Merge `change` into what the stack's file says of the stack; a key with value None is removed."""
        path = self.root / "config" / "Pulumi.local.yaml"
        written = yaml.safe_load(path.read_text())
        stack = written["config"]["clearml-tenants:stack"]
        written["config"]["clearml-tenants:stack"] = _merged(stack, change)
        path.write_text(yaml.safe_dump(written, sort_keys=False))

    def edit_tenant(self, name: str, change: Mapping[str, Any]) -> None:
        """Merge `change` into a tenant's file; a key with value None is removed."""
        path = self.root / "config" / "tenants" / "local" / f"{name}.yaml"
        path.write_text(yaml.safe_dump(_merged(yaml.safe_load(path.read_text()), change), sort_keys=False))


def changed(output: str) -> int:
    """The number in `N resources changed in S s`, the last line of `up`."""
    found = re.search(r"^(\d+) resources changed in", output, re.MULTILINE)
    assert found, output
    return int(found.group(1))


def _merged(old: Any, change: Any) -> Any:
    if not isinstance(old, dict) or not isinstance(change, dict):
        return change
    merged = {**old, **{key: _merged(old.get(key), value) for key, value in change.items()}}
    return {key: value for key, value in merged.items() if value is not None}
