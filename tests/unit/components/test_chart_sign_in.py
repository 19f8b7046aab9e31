"""The login where the charts are, as each release and helm are told it, and nobody else."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.charts.helm_sign_in import VARIABLE, sign_helm_in
from tests.unit.asked import STACK, STACK_FILE, TENANT, load_project
from tests.unit.chart_places import DIGEST, ME, OWN, PLACES, REPOSITORY, TOKENS, charts_of, stack_file
from tests.unit.deployment import Monitor, finished, inputs, project_with, run_program, start

_RELEASE = "kubernetes:helm.sh/v3:Release"


def _run(tmp_path: Path, charts: dict[str, Any], *secrets: str, acme: str = TENANT) -> Monitor:
    """The program on files with these charts, and what it asked for."""
    root = project_with(tmp_path, {"acme": acme})
    content = yaml.safe_load((root / "config/Pulumi.local.yaml").read_text())
    settings = content["config"]["clearml-tenants:stack"]
    settings |= {
        "charts": charts,
        "registries": PLACES,
        "server": {**settings["server"], "mongodb": {"mckEnabled": True, "mckMigrated": True}},
    }
    content["config"] |= {f"clearml-tenants:{key}": {"secure": "v1:fff"} for key in secrets}
    (root / "config/Pulumi.local.yaml").write_text(yaml.safe_dump(content))
    given = {f"clearml-tenants:{key}": TOKENS[key] for key in secrets}
    monitor = start({"clearml-tenants:stack": json.dumps(settings), **given}, list(given))
    finished(lambda: run_program(root))
    return monitor


def _released(monitor: Monitor) -> dict[str, tuple[Any, Any]]:
    asked = {request.name: inputs(request) for request in monitor.of_type(_RELEASE)}
    return {name: (each["chart"], each.get("repositoryOpts")) for name, each in asked.items()}


def test_every_release_signs_in_and_its_password_is_a_secret(tmp_path: Path) -> None:
    login = {"username": "me", "password": {"secret": "planted-chart-token"}}
    assert _released(_run(tmp_path, charts_of(OWN, {"username": "me"}), "chartToken", "imageToken")) == {
        "clearml-enterprise": (f"{OWN}/server", login),
        "acme-agent": (f"{OWN}/agent", login),
        "acme-gateway": (f"{OWN}/gateway", login),
    }


def test_a_repository_is_told_beside_the_login(tmp_path: Path) -> None:
    released = _released(_run(tmp_path, charts_of(registry={"username": "me"}, **REPOSITORY), "chartToken"))
    assert released["acme-agent"] == (
        "agent",
        {"repo": "https://charts.example.com/x", "username": "me", "password": {"secret": "planted-chart-token"}},
    )


def test_the_image_token_is_the_charts_login_where_it_is_for(tmp_path: Path) -> None:
    """Docker Hub under the one of its names at which the plugin finds a login."""
    login = {"username": "allegroaienterprise", "password": {"secret": "planted-image-token"}}
    charts = charts_of(agent={"chart": f"{OWN}/agent"}, gateway={"chart": "oci://registry-1.docker.io/clearml/gateway"})
    released = _released(_run(tmp_path, charts, "imageToken"))
    assert released == {
        "clearml-enterprise": ("oci://index.docker.io/clearml/server", login),
        "acme-agent": (f"{OWN}/agent", None),
        "acme-gateway": ("oci://index.docker.io/clearml/gateway", login),
    }


def test_nothing_is_added_without_a_login(tmp_path: Path) -> None:
    assert {opts for _, opts in _released(_run(tmp_path, charts_of())).values()} == {None}


def test_a_digest_is_of_one_version_and_stands_behind_the_chart(tmp_path: Path) -> None:
    acme = f"{TENANT}charts: {{agent: {{version: '6.15.0'}}}}\n"
    charts = charts_of(OWN, server={"digest": DIGEST}, agent={"digest": DIGEST})
    released = _released(_run(tmp_path, charts, acme=acme))
    assert {name: chart for name, (chart, _) in released.items()} == {
        "clearml-enterprise": f"{OWN}/server@{DIGEST}",
        "acme-agent": f"{OWN}/agent",
        "acme-gateway": f"{OWN}/gateway",
    }


def test_helm_is_signed_in_by_a_file_of_ones_own_and_only_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For plugins that know no other way; what an earlier run left is gone, too."""
    file = tmp_path / "helm" / "config.json"
    environment = load_project(tmp_path, {STACK_FILE: stack_file(charts_of(OWN, ME), "chartToken")})
    start({"clearml-tenants:chartToken": TOKENS["chartToken"]}, ["clearml-tenants:chartToken"])
    monkeypatch.delenv(VARIABLE, raising=False)
    sign_helm_in(environment)
    assert not file.exists()
    monkeypatch.setenv(VARIABLE, str(file))
    sign_helm_in(environment)
    sign_helm_in(environment)
    assert file.stat().st_mode & 0o777 == 0o600
    auth = base64.b64encode(b"me:planted-chart-token").decode()
    assert json.loads(file.read_text()) == {"auths": {"registry.example.com:5000": {"auth": auth}}}
    sign_helm_in(load_project(tmp_path, {STACK_FILE: STACK}))
    assert not file.exists()


def test_helm_knows_docker_hub_by_each_of_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = load_project(tmp_path, {STACK_FILE: stack_file(charts_of(), "imageToken")})
    start({"clearml-tenants:imageToken": TOKENS["imageToken"]}, ["clearml-tenants:imageToken"])
    monkeypatch.setenv(VARIABLE, str(tmp_path / "login.json"))
    sign_helm_in(environment)
    names = json.loads((tmp_path / "login.json").read_text())["auths"]
    assert sorted(names) == ["docker.io", "https://index.docker.io/v1/", "index.docker.io"]
