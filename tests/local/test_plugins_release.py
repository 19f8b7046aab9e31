"""A release's inputs, command line and state, without a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.plugins.contract import Operation, Subject
from local.plugins.errors import PluginError
from local.plugins.kubernetes.cluster import Cluster
from local.plugins.kubernetes.release.arguments import install_arguments, uninstall_arguments, upgrade_arguments
from local.plugins.kubernetes.release.chart import Charts
from local.plugins.kubernetes.release.complaint import complaint
from local.plugins.kubernetes.release.helm import Helm
from local.plugins.kubernetes.release.inputs import completed
from local.plugins.kubernetes.release.outcome import resource_names, state_of
from local.plugins.kubernetes.settings import Settings
from local.plugins.properties import UNKNOWN, Asset, Secret

TOKEN = "kubernetes:helm.sh/v3:Release"


def _completed(olds: dict[str, Any] | None = None, **inputs: Any) -> dict[str, Any]:
    subject = Subject(f"urn:pulumi:s::p::{TOKEN}::server", TOKEN, "server")
    return completed(Operation(subject, inputs={"chart": "c", **inputs}, old_inputs=olds or {}), "default")


def test_what_is_unset_is_filled_in() -> None:
    inputs = _completed(compat="true", atomic=False)
    assert (inputs["namespace"], inputs["timeout"]) == ("default", 300)
    assert inputs["name"].startswith("server-")
    assert not {"compat", "atomic", "values"} & inputs.keys()


def test_a_generated_name_is_kept() -> None:
    assert _completed({"name": "server-12345678"})["name"] == "server-12345678"
    assert _completed({"name": "server-12345678"}, name="other")["name"] == "other"


def test_no_waiting_needs_no_timeout() -> None:
    assert "timeout" not in _completed(skipAwait=True)


def test_value_files_lie_under_the_values(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: {x: 1, y: 1}\nb: 1\n")
    files = [Asset({"path": str(tmp_path / "a.yaml")}), Asset({"text": "a: {y: 2}\nc: [1]"})]
    inputs = _completed(valueYamlFiles=files, values={"b": None, "key": Secret("s")})
    assert inputs["values"] == {"a": {"x": 1, "y": 2}, "b": None, "c": [1], "key": Secret("s")}
    assert "valueYamlFiles" not in inputs


def test_a_secret_value_file_makes_all_values_secret() -> None:
    assert _completed(valueYamlFiles=[Secret(Asset({"text": "a: 1"}))])["values"] == Secret({"a": 1})


def test_a_broken_value_file_is_not_quoted() -> None:
    with pytest.raises(PluginError) as failure:
        _completed(valueYamlFiles=[Asset({"text": "hunter2: [\n"})])
    assert "hunter2" not in str(failure.value)


def test_unknown_values_stay_unknown() -> None:
    assert _completed(values={"a": UNKNOWN})["values"] == {"a": UNKNOWN}
    assert _completed(valueYamlFiles=UNKNOWN)["values"] is UNKNOWN


@given(st.text(min_size=6, max_size=20, alphabet=st.characters(categories=["L", "N"])))
def test_no_value_is_ever_on_the_command_line(secret: str) -> None:
    """Arguments of a process can be read by every user of the machine."""
    inputs = {
        "name": "server",
        "chart": "c",
        "values": {"password": f"<{secret}>"},
        "repositoryOpts": {"repo": "https://r", "username": "u", "password": f"<{secret}>"},
        "timeout": 300,
    }
    for arguments in (install_arguments(inputs, ["c"]), upgrade_arguments(inputs, ["c"]), uninstall_arguments(inputs)):
        assert not any(f"<{secret}>" in argument for argument in arguments)


def test_every_switch_reaches_helm() -> None:
    switches = dict.fromkeys(
        [
            "atomic",
            "createNamespace",
            "dependencyUpdate",
            "disableWebhooks",
            "skipCrds",
            "verify",
            "waitForJobs",
            "devel",
        ],
        True,
    )
    arguments = install_arguments({"name": "n", "timeout": 7, "description": "d", **switches}, ["./c"])
    assert arguments[:3] == ["install", "n", "./c"]
    assert {
        *("--atomic", "--create-namespace", "--dependency-update", "--no-hooks", "--skip-crds", "--verify"),
        *("--wait", "--wait-for-jobs", "--devel", "--description", "7s"),
    } <= set(arguments)
    upgrade = upgrade_arguments(
        {
            "name": "n",
            "cleanupOnFail": True,
            "forceUpdate": True,
            "reuseValues": True,
            "maxHistory": 3,
            "skipAwait": True,
        },
        ["./c"],
    )
    assert {"--cleanup-on-fail", "--force", "--reuse-values"} <= set(upgrade)
    assert upgrade[-2:] == ["--history-max", "3"]
    assert "--wait" not in upgrade


def test_a_repository_password_lies_in_a_private_file_and_is_gone_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fake helm notes what it is called with, and the mode of the file that holds the password."""
    fake = tmp_path / "helm"
    fake.write_text(
        "#!/bin/sh\n"
        f'echo "$*" >> {tmp_path}/argv\n'
        f'[ -n "$HELM_REPOSITORY_CONFIG" ] && ls -l "$HELM_REPOSITORY_CONFIG" >> {tmp_path}/modes\n'
        f'[ "$1" = registry ] && cat > {tmp_path}/stdin\n'
        'printf "name: c\\nversion: 1.2.3\\n"\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    charts = Charts(Helm(Cluster(Settings())))
    options = {"username": "robot", "password": "hunter2"}
    assert (
        charts.version({"chart": "c", "repositoryOpts": {**options, "repo": "https://charts.example.com"}}) == "1.2.3"
    )
    with charts.source({"chart": "oci://r.example.com/x/c", "version": "1", "repositoryOpts": options}) as source:
        registry = Path(source.variables["HELM_REGISTRY_CONFIG"])
        assert registry.parent.stat().st_mode & 0o777 == 0o700
    assert not registry.parent.exists()
    assert "hunter2" not in (tmp_path / "argv").read_text()
    assert (tmp_path / "modes").read_text().startswith("-rw-------")
    assert (tmp_path / "stdin").read_text() == "hunter2"


def test_the_version_of_a_folder_is_its_charts(tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text("name: tiny\nversion: 4.5.6\n")
    assert Charts(Helm(Cluster(Settings()))).version({"chart": str(tmp_path)}) == "4.5.6"
    (tmp_path / "Chart.yaml").unlink()
    with pytest.raises(PluginError, match=r"Chart\.yaml: No such file or directory"):
        Charts(Helm(Cluster(Settings()))).version({"chart": str(tmp_path)})


def test_complaints_are_one_line() -> None:
    said = "WARNING: group-readable\nError: INSTALLATION FAILED: cannot re-use a name that is still in use\n"
    assert complaint(said) == "cannot re-use a name that is still in use"
    schema = "Error: values don't meet the specifications of the schema(s):\ntiny:\n- at '/word': got number\n"
    assert complaint(schema) == "values don't meet the specifications of the schema(s); tiny; - at '/word': got number"
    assert complaint("panic\nlast words\n") == "last words"
    assert complaint("") == ""


def test_state_is_what_the_official_plugin_keeps() -> None:
    release = {
        "name": "tiny",
        "namespace": "acme",
        "version": 2,
        "info": {"status": "deployed"},
        "config": {"key": "s", "word": "w"},
        "manifest": "kind: Service\napiVersion: v1\nmetadata: {name: a, namespace: x}\n",
    }
    inputs = {"name": "tiny", "namespace": "acme", "chart": "./c", "values": {"key": Secret("s"), "word": "w"}}
    state = state_of(inputs, release, {"name": "c", "version": "0.1.0", "appVersion": None})
    assert state["values"] == {"key": Secret("s"), "word": "w"}
    assert state["__inputs"] == Secret(inputs)
    assert state["status"] == {
        "appVersion": "",
        "chart": "c",
        "name": "tiny",
        "namespace": "acme",
        "revision": 2,
        "status": "deployed",
        "version": "0.1.0",
    }


def test_resources_are_grouped_by_kind() -> None:
    manifest = "\n---\n".join(
        f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}"
        for version, kind, name in [
            ("apps/v1", "Deployment", "b"),
            ("apps/v1", "Deployment", "a"),
            ("v1", "Secret", "s"),
        ]
    )
    assert resource_names(f"{manifest}\n---\n# nothing\n") == {
        "Deployment.apps/apps/v1": ["a", "b"],
        "Secret/v1": ["s"],
    }
