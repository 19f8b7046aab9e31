"""`python -m operations heal` on a stack of a real engine, with a helm that shows what it is asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from local.toolchain import install_tools
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.health.stack import health
from settings.loading.load import load
from tests.unit.asked import ACME, BETA, SECOND, STACK, STACK_FILE, TENANT, project

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
case "$*" in *gone*) echo 'Error: context "gone" does not exist' >&2; exit 1 ;; esac
case "$1" in list) echo '{json.dumps([FOUND])}' ;; status | get) echo '{{}}' ;; esac
"""
# An API server that knows namespaces and nothing else.
NAMESPACES = {"kind": "NamespaceList", "apiVersion": "v1", "items": [{"metadata": {"name": "acme"}}]}


class _Namespaces(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps(NAMESPACES).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Namespaces)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class _Shell:
    """A person's shell in a copy of the program with a stack `test` in a folder."""

    def __init__(self, folder: Path, api: str) -> None:
        self.root = project(folder / "project")
        for part in ("config", "settings", "components", "operations", "rendering"):
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
            "KUBECONFIG": str(folder / "kubeconfig"),
            "NO_PROXY": "127.0.0.1",
        }
        place = {"name": "somewhere", "context": {"cluster": "somewhere", "user": "somebody"}}
        kubeconfig = {
            "contexts": [place],
            "clusters": [{"name": "somewhere", "cluster": {"server": api}}],
            "users": [{"name": "somebody", "user": {}}],
        }
        (folder / "kubeconfig").write_text(json.dumps(kubeconfig))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.variables, capture_output=True, text=True, check=False, timeout=60
        )

    def heal(self, *more: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "operations", "heal", "--stack", "test", *more)


@pytest.fixture
def shell(tmp_path: Path, api: str) -> _Shell:
    made = _Shell(tmp_path, api)
    settings = made.root / "config" / "Pulumi.test.yaml"
    _, _, kept = settings.read_text().partition("\n")
    settings.unlink()
    assert made.run("pulumi", "stack", "init", "test").returncode == 0
    settings.write_text(f"{settings.read_text()}{kept}")
    return made


def test_the_stacks_own_context_is_asked_and_what_is_not_ours_stops_the_deploy(shell: _Shell) -> None:
    """The engine would take the namespace over and fail on the release."""
    done = shell.heal()
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "in the way: namespace acme (context/somewhere) is there, made by hand or by another program: rename "
        "config/tenants/test/acme.yaml: namespace and releases follow; or, to take it over as it runs: add acme to "
        "takeOver, then make takeover STACK=test; or, if this stack may change and delete all that is in it: "
        "kubectl label --overwrite namespace acme clearml-tenants/stack=test",
        "in the way: release acme/acme-agent (context/somewhere, clearml-enterprise-agent-6.14.1, pending-install) is "
        "there, made by hand or by another program: rename config/tenants/test/acme.yaml: namespace and releases "
        "follow; or, if nobody needs it: helm uninstall acme-agent --namespace acme",
    ]
    assert done.stderr.startswith("error: stack test: 2 in the way that no run of this stack made")
    assert len(done.stderr.splitlines()) == 1
    there = "acme-agent --namespace acme --output json --kube-context somewhere"
    asked = set(shell.log.read_text().splitlines())
    assert asked == {
        "list --all-namespaces --all --max 0 --output json --kube-context somewhere",
        f"get values {there}",
    }


def test_a_cluster_whose_namespaces_nobody_may_list_stops_the_deploy(shell: _Shell) -> None:
    (shell.root.parent / "kubeconfig").unlink()
    done = shell.heal()
    assert done.returncode == 1
    assert done.stdout.startswith("not healed: context/somewhere: its namespaces cannot be listed: ")


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


_SEALED = "  clearml-tenants:kubeconfigs: {gpu: {secure: v1:nobody-can-read-this}}\n"
_RULES = "    tenantRules: {contexts: [gone, kubeconfig/gpu]}\n"
WORKERS = "agent: {queues: {default: {}}}\nworkers:"


def test_a_cluster_that_is_away_hides_no_other_and_stops_the_deploy(shell: _Shell) -> None:
    """A context that nobody has here, and a kubeconfig that cannot be read: the rest is looked at, the end is a 1."""
    files = {ACME: TENANT, BETA: f"{SECOND}{WORKERS} {{kubeContext: gone}}\n"}
    files["config/tenants/test/gamma.yaml"] = f"{SECOND.replace('eta', 'amma')}{WORKERS} {{kubeconfig: gpu}}\n"
    for name, text in files.items():
        (shell.root / name).write_text(text)
    settings = shell.root / STACK_FILE
    sealed = settings.read_text().replace("  clearml-tenants:stack:", f"{_SEALED}  clearml-tenants:stack:")
    settings.write_text(sealed + _RULES)
    done = shell.heal()
    told = done.stdout.splitlines()
    assert told[0] == (
        'not healed: context/gone: helm list: context "gone" does not exist: '
        "see `helm list --all-namespaces --all`, then run this again"
    )
    assert [line.partition(" (")[0] for line in told[1:3]] == [
        "in the way: namespace acme",
        "in the way: release acme/acme-agent",
    ]
    assert told[3].startswith("not healed: kubeconfig/gpu: pulumi config: ")
    assert done.stderr == (
        "error: stack test: 2 of 3 clusters not healed (context/gone, kubeconfig/gpu), the others are: mend what is "
        "told of them, then run this again; docs/runbooks.md says how to deploy without them\n"
    )
    assert done.returncode == 1
    assert len(told) == 4


class _Engine(EngineStack):
    """A stack whose kubeconfigs nobody can read."""

    def settings(self) -> Mapping[str, str]:
        return {"apiserverKey": "KEY", "apiserverSecret": "SECRET"}

    def kubeconfig(self, name: str) -> str:
        raise OperationError(f"pulumi config: {name}: cannot be decrypted")


def test_a_cluster_that_is_away_is_told_of_its_own_tenants_alone(
    shell: _Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", shell.variables["PATH"])
    monkeypatch.setenv("HELM_LOG", str(shell.log))
    monkeypatch.setenv("CLEARML_API_URL", "http://127.0.0.1:9")
    more = STACK.replace("  clearml-tenants:stack:", f"{_SEALED}  clearml-tenants:stack:") + _RULES
    places = {ACME: f"{TENANT}workers: {{kubeContext: gone}}\n", BETA: f"{SECOND}{WORKERS} {{kubeconfig: gpu}}\n"}
    environment = load(project(shell.root, {STACK_FILE: more, **places}), "test")
    tenants = {
        name: {
            "adminId": "0",
            "namespace": name,
            "releases": {use: {"name": f"{name}-{use}"} for use in ("agent", "gateway")},
            "credentials": {key: {"accessKey": "KEY"} for key in ("agent", "gateway")},
        }
        for name in ("acme", "beta", "removed")
    }
    reasons: list[str] = []
    found = health(environment, _Engine(shell.root, "test"), tenants, reasons.append)
    told = {name: lines["agent"] for name, lines in found.items()}
    assert told["acme"].endswith("pods unknown (context/gone cannot be asked)")
    assert told["beta"].endswith("pods unknown (kubeconfig/gpu cannot be asked)")
    assert told["removed"].endswith("pods 0/0 ready")
    # Each once, however many releases are there.
    api, gone, sealed = sorted(reasons)
    assert api.startswith("API: ")
    assert "Connection refused" in api
    assert 'context/gone: helm list: context "gone" does not exist' in gone
    assert "kubeconfig/gpu: pulumi config: gpu: cannot be decrypted" in sealed
    assert all(line.startswith("key unknown (the API cannot be asked); ") for line in told.values())


def test_releases_of_a_stack_without_any_are_as_deployed_and_a_place_that_does_not_answer_is_told(
    shell: _Shell,
) -> None:
    """It changes nothing: helm is asked for its list alone."""
    command = (sys.executable, "-m", "operations", "compare", "--stack", "test")
    done = shell.run(*command)
    assert (done.returncode, done.stdout) == (0, "stack test: every release is as deployed\n"), done.stderr
    assert {line.split()[0] for line in shell.log.read_text().splitlines()} == {"list"}
    settings = shell.root / "config" / "Pulumi.test.yaml"
    settings.write_text(settings.read_text().replace("kubeContext: somewhere", "kubeContext: gone"))
    done = shell.run(*command)
    assert done.returncode == 1
    assert "cannot be compared: context/gone: helm list" in done.stdout
    assert "1 not as deployed" in done.stderr
