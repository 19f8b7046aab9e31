"""`status` and `compare`: each release's health and drift, and what is told of a place that cannot be asked."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.health.stack import health
from tests.operations.releases.shell import RULES, SEALED, WORKERS, Shell
from tests.unit.asked import ACME, BETA, SECOND, STACK, STACK_FILE, TENANT, load_project


class _Engine(EngineStack):
    """A stack whose kubeconfigs nobody can read."""

    def settings(self) -> Mapping[str, str]:
        return {"apiserverKey": "KEY", "apiserverSecret": "SECRET"}

    def kubeconfig(self, name: str) -> str:
        raise OperationError(f"pulumi config: {name}: cannot be decrypted")


def test_a_cluster_that_is_away_is_told_of_its_own_tenants_alone(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", shell.variables["PATH"])
    monkeypatch.setenv("HELM_LOG", str(shell.log))
    monkeypatch.setenv("CLEARML_API_URL", "http://127.0.0.1:9")
    more = STACK.replace("  clearml-tenants:stack:", f"{SEALED}  clearml-tenants:stack:") + RULES
    places = {ACME: f"{TENANT}workers: {{kubeContext: gone}}\n", BETA: f"{SECOND}{WORKERS} {{kubeconfig: gpu}}\n"}
    environment = load_project(shell.root, {STACK_FILE: more, **places})
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
    shell: Shell,
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
