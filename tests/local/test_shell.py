"""`eval "$(make env)"` points a shell at the local environment, wherever it runs, and is for the local stack alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.checkout import Checkout
from local.shell import script
from operations.__main__ import main
from operations.engine import EngineStack
from settings.errors import ConfigurationError
from settings.loading.shell import ONLY_STACK, require_shell

ROOT = Path(__file__).resolve().parents[2]


def _checkout(data: Path, port: int = 8008) -> Checkout:
    return Checkout(ROOT, data, port, None)


def _evaluated(lines: str, variables: dict[str, str], *names: str) -> list[str]:
    """What each variable is in a shell that has evaluated the lines; `-` for one that is not set."""
    asked = "; ".join(f'echo "${{{name}--}}"' for name in names)
    done = subprocess.run(["sh", "-c", f"{lines}\n{asked}"], env=variables, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_whatever_wins_over_it_is_taken_out_of_the_shell(tmp_path: Path) -> None:
    foreign = {
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_CONFIG_PASSPHRASE_FILE": "/secret",
        "PULUMI_RUNTIME_TOOLCHAIN": "poetry",
        "PULUMI_K8S_DELETE_UNREACHABLE": "true",
        "KUBERNETES_SERVICE_HOST": "10.0.0.1",
        "HELM_NAMESPACE": "kube-system",
        "PYTHONPATH": "/another/project",
        "PYTHONHOME": "/another/python",
    }
    kept = {"PATH": os.environ["PATH"], "HOME": "/home/jane", "AWS_PROFILE": "work"}
    lines = "\n".join(script(_checkout(tmp_path), foreign | kept))
    assert _evaluated(lines, foreign | kept, *foreign, "HOME", "AWS_PROFILE") == [
        *"-" * len(foreign),
        "/home/jane",
        "work",
    ]


def test_plain_pulumi_looks_for_no_plugin_on_path(tmp_path: Path) -> None:
    """It would warn of each that it finds there, at every run."""
    lines = "\n".join(script(_checkout(tmp_path), {}))
    assert _evaluated(lines, {"PATH": os.environ["PATH"]}, "PULUMI_IGNORE_AMBIENT_PLUGINS") == ["true"]


def test_paths_with_spaces_and_quotes_arrive_whole(tmp_path: Path) -> None:
    data = tmp_path / "Jane's check out" / ".local"
    lines = "\n".join(script(_checkout(data), {}))
    told = _evaluated(lines, {"PATH": os.environ["PATH"]}, "KUBECONFIG", "PULUMI_BACKEND_URL", ONLY_STACK)
    assert told == [str(data / "kubeconfig"), f"file://{data}/state", "local"]


def test_the_ports_of_the_last_run_are_those_of_every_later_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A preview in one checkout read another one's API: what it was given named the default port."""
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    assert Checkout.current().api_url == "http://127.0.0.1:8008"
    monkeypatch.setenv("API_PORT", "9008")
    monkeypatch.setenv("CONTROL_PORT", "9009")
    Checkout.current().keep_ports()
    monkeypatch.delenv("API_PORT")
    monkeypatch.delenv("CONTROL_PORT")
    checkout = Checkout.current()
    assert (checkout.api_port, checkout.control_port) == (9008, 9009)
    assert "export CLEARML_API_URL=http://127.0.0.1:9008" in list(script(checkout, {}))
    monkeypatch.setenv("API_PORT", "7008")
    assert Checkout.current().api_port == 7008


@pytest.mark.parametrize("torn", ["", "{", "[1]", '{"api": "x"}', "null"])
def test_a_torn_file_of_ports_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torn: str) -> None:
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    (tmp_path / "ports.json").write_text(torn)
    assert Checkout.current().api_port == 8008


@pytest.mark.parametrize("stack", ["prod", "acme/clearml-tenants/prod", "local2"])
def test_another_stack_is_refused_in_one_line_that_says_how_to_leave(stack: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        require_shell(stack, {ONLY_STACK: "local"})
    line = str(refusal.value)
    assert "\n" not in line
    assert line.startswith("CLEARML_TENANTS_STACK: local: `make env` set this shell to that stack's backend")
    assert "leave it with `exit` or open another shell" in line


@pytest.mark.parametrize("stack", ["local", "organization/clearml-tenants/local"])
def test_its_own_stack_and_every_other_shell_are_fine(stack: str) -> None:
    require_shell(stack, {ONLY_STACK: "local"})
    require_shell("prod", {})
    require_shell("prod", {ONLY_STACK: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PULUMI_OPTION_SHOW_SECRETS", "true"),
        ("PULUMI_DEBUG_GRPC", "calls.json"),
        ("PULUMI_OPTION_VERBOSE", "11"),
        ("TF_LOG", "TRACE"),
    ],
)
def test_no_variable_has_a_real_stacks_secrets_written_in_plain_text(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        require_shell("acme/clearml-tenants/prod", {name: value})
    assert str(caught.value).startswith(f"{name}: has the engine or a plugin write secrets of stack ")
    require_shell("local", {name: value})


@pytest.mark.parametrize(
    "variables", [{"PULUMI_OPTION_SHOW_SECRETS": "false"}, {"TF_LOG": "WARN"}, {"PULUMI_OPTION_VERBOSE": "3"}]
)
def test_variables_that_tell_no_secret_are_fine(variables: dict[str, str]) -> None:
    require_shell("prod", variables)


@pytest.mark.parametrize("command", ["heal", "status", "policy", "ring"])
def test_what_is_done_beside_pulumi_is_refused_there_too(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ONLY_STACK, "local")
    monkeypatch.setenv("STACK", "prod")
    monkeypatch.setenv("RING", "acme")
    assert main([command]) == 1
    assert capsys.readouterr().err.startswith("error: CLEARML_TENANTS_STACK: local: `make env` set this shell")


def test_nothing_is_asked_of_the_engine_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(ONLY_STACK, "local")
    with pytest.raises(ConfigurationError):
        EngineStack(tmp_path, "prod")


def test_what_is_printed_says_where_nothing_runs_yet(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local", "env"],
        cwd=ROOT,
        env={**os.environ, "LOCAL_DIR": str(tmp_path / "new")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "env: nothing is deployed here yet: make up\n"
    assert all(line.startswith(("export ", "unset ")) for line in done.stdout.splitlines())
