"""The login where the charts are: whose it is, where it goes, and that it goes nowhere else."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.charts.helm_sign_in import VARIABLE, sign_helm_in
from settings.loading.chart_login import ChartLogin, login_of
from settings.loading.load import load
from tests.unit.asked import STACK, STACK_FILE, TENANT, project, refusal
from tests.unit.deployment import Monitor, finished, inputs, project_with, run_program, start

_HUB = "oci://docker.io/clearml"
_OWN = "oci://registry.example.com:5000/charts"
_PLACES = [
    *("docker.io", "registry.example.com", "registry.example.com:5000", "registry.example.com:5001"),
    *("registry.example.com.evil.example:5000", "evil.example", "charts.example.com"),
]
_VERSIONS = {"server": "11.0.2", "agent": "6.14.6", "gateway": "3.2.0"}
_TOKENS = {"chartToken": "planted-chart-token", "imageToken": "planted-image-token"}
_DIGEST = f"sha256:{'0123456789abcdef' * 4}"
_RELEASE = "kubernetes:helm.sh/v3:Release"


def _charts(place: str = _HUB, registry: dict[str, str] | None = None, **others: dict[str, str]) -> dict[str, Any]:
    charts: dict[str, Any] = {
        name: {"chart": f"{place}/{name}", "version": version, **others.get(name, {})}
        for name, version in _VERSIONS.items()
    }
    return charts | ({} if registry is None else {"registry": registry})


def _stack(charts: dict[str, Any], *secrets: str) -> str:
    content = yaml.safe_load(STACK)
    content["config"] |= {f"clearml-tenants:{key}": {"secure": "v1:fff"} for key in secrets}
    settings = content["config"]["clearml-tenants:stack"]
    settings["charts"], settings["registries"] = charts, _PLACES
    settings["server"]["mongodb"] = {"mckEnabled": True, "mckMigrated": True}
    return yaml.safe_dump(content)


def _login(tmp_path: Path, charts: dict[str, Any], *secrets: str) -> ChartLogin | None:
    environment = load(project(tmp_path, {STACK_FILE: _stack(charts, *secrets)}), "test")
    return login_of(environment.stack.charts, environment.secrets)


_REPOSITORY: dict[str, Any] = {
    name: {"chart": name, "repository": "https://charts.example.com/x"} for name in _VERSIONS
}


_ME, _HOST = {"username": "me"}, "registry.example.com"
_THERE = f"me with chartToken at {_HOST}:5000"


@pytest.mark.parametrize(
    ("charts", "secrets", "login"),
    [
        (_charts(), "imageToken", "allegroaienterprise with imageToken at docker.io"),
        (_charts(), "", None),
        (_charts(), "chartToken", "allegroaienterprise with chartToken at docker.io"),
        (_charts(), "imageToken chartToken", "allegroaienterprise with chartToken at docker.io"),
        (_charts(registry={}), "imageToken", "allegroaienterprise with imageToken at docker.io"),
        (_charts("oci://registry-1.docker.io/x", _ME), "chartToken", "me with chartToken at docker.io"),
        (_charts(_OWN), "imageToken", None),
        (_charts(_OWN, _ME), "chartToken", _THERE),
        (
            _charts(_OWN, {**_ME, "host": "Registry.Example.com:5000"}),
            "chartToken",
            f"me with chartToken at {_HOST}:5000",
        ),
        (_charts(f"oci://{_HOST}:443/x", {**_ME, "host": _HOST}), "chartToken", f"me with chartToken at {_HOST}"),
        (_charts(registry=_ME, **_REPOSITORY), "chartToken", "me with chartToken at charts.example.com"),
    ],
)
def test_whose_login_it_is(tmp_path: Path, charts: dict[str, Any], secrets: str, login: str | None) -> None:
    found = _login(tmp_path, charts, *secrets.split())
    assert (found and f"{found.username} with {found.secret} at {found.host}") == login


@pytest.mark.parametrize(
    "elsewhere",
    [
        "oci://registry.example.com/charts/agent",
        "oci://registry.example.com:5001/charts/agent",
        "oci://registry.example.com.evil.example:5000/charts/agent",
        "oci://evil.example/registry.example.com:5000",
        "https://registry.example.com:5001/agent-6.14.6.tgz",
    ],
)
def test_a_chart_elsewhere_is_not_told(tmp_path: Path, elsewhere: str) -> None:
    """Another port, a host that begins alike, a path that reads like the host."""
    charts = _charts(_OWN, {**_ME, "host": f"{_HOST}:5000"}, agent={"chart": elsewhere.removesuffix(":5000")})
    environment = load(project(tmp_path, {STACK_FILE: _stack(charts, "chartToken")}), "test")
    login = login_of(environment.stack.charts, environment.secrets)
    assert login
    assert login.is_for(environment.stack.charts.server)
    assert not login.is_for(environment.stack.charts.agent)


def test_nobody_on_the_way_is_told(tmp_path: Path) -> None:
    plain = {"chart": "agent", "repository": f"http://{_HOST}:5000"}
    charts = _charts(_OWN, {**_ME, "host": f"{_HOST}:5000"}, agent=plain)
    said = refusal(tmp_path, {STACK_FILE: _stack(charts, "chartToken")})
    text = "is plain http, where the login could be read on the way; write it with https://"
    assert said == f"{STACK_FILE}: clearml-tenants:stack.charts.agent.repository: {text}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_may_listen_to_itself(tmp_path: Path, host: str) -> None:
    own: dict[str, Any] = {name: {"chart": name, "repository": f"http://{host}:8080"} for name in _VERSIONS}
    environment = load(
        project(tmp_path, {STACK_FILE: _stack(_charts(registry={"username": "me"}, **own), "chartToken")}), "test"
    )
    login = login_of(environment.stack.charts, environment.secrets)
    assert login
    assert login.is_for(environment.stack.charts.agent)


_MISTAKES = yaml.safe_load((Path(__file__).parents[2] / "malformed" / "charts.yaml").read_text())


@pytest.mark.parametrize("mistake", _MISTAKES, ids=[each["says"].partition(";")[0] for each in _MISTAKES])
def test_a_mistake_is_one_line(tmp_path: Path, mistake: dict[str, Any]) -> None:
    stack = _stack(mistake["charts"], *mistake["secrets"])
    assert refusal(tmp_path, {STACK_FILE: stack}) == f"{STACK_FILE}: {mistake['says']}"


def test_the_token_in_plain_text_is_refused_and_not_shown(tmp_path: Path) -> None:
    stack = STACK.replace("  clearml-tenants:stack:", "  clearml-tenants:chartToken: hunter2\n  clearml-tenants:stack:")
    assert refusal(tmp_path, {STACK_FILE: stack}) == (
        f"{STACK_FILE}: clearml-tenants:chartToken: is a secret in plain text; "
        "set it with: pulumi config set --stack test --secret chartToken"
    )


@pytest.mark.parametrize("key", ["chart", "repository"])
@pytest.mark.parametrize(
    "address",
    [
        "oci://user:planted@docker.io/clearml/agent",
        "oci://planted@docker.io/clearml/agent",
        "oci://user:planted@docker.io/clearml/agent:6.14.6",
        f"oci://user:planted@docker.io/clearml/agent@{_DIGEST}",
        "https://user:planted@charts.example.com",
        "https://user%3Aplanted%40charts.example.com",
        "https://charts.example.com/?token=planted",
        "https://charts.example.com/x?key=planted",
        "user:planted@docker.io/clearml/agent",
    ],
)
def test_a_token_in_an_address_is_refused_and_not_shown(tmp_path: Path, key: str, address: str) -> None:
    said = refusal(tmp_path, {STACK_FILE: _stack(_charts(agent={"chart": "agent", key: address}))})
    assert said.startswith(f"{STACK_FILE}: clearml-tenants:stack.charts.agent.{key}: ")
    assert "planted" not in said
    assert "\n" not in said
    if "@" in address or "token" in address:
        assert said.endswith(
            "holds a login or a token in plain text; take it out, write charts.registry: {username: …}, and set "
            "the token with: pulumi config set --stack test --secret chartToken"
        )


def _run(tmp_path: Path, charts: dict[str, Any], *secrets: str, acme: str = TENANT) -> Monitor:
    """The program on files with these charts, and what it asked for."""
    root = project_with(tmp_path, {"acme": acme})
    content = yaml.safe_load((root / "config/Pulumi.local.yaml").read_text())
    settings = content["config"]["clearml-tenants:stack"]
    settings |= {
        "charts": charts,
        "registries": _PLACES,
        "server": {**settings["server"], "mongodb": {"mckEnabled": True, "mckMigrated": True}},
    }
    content["config"] |= {f"clearml-tenants:{key}": {"secure": "v1:fff"} for key in secrets}
    (root / "config/Pulumi.local.yaml").write_text(yaml.safe_dump(content))
    given = {f"clearml-tenants:{key}": _TOKENS[key] for key in secrets}
    monitor = start({"clearml-tenants:stack": json.dumps(settings), **given}, list(given))
    finished(lambda: run_program(root))
    return monitor


def _released(monitor: Monitor) -> dict[str, tuple[Any, Any]]:
    asked = {request.name: inputs(request) for request in monitor.of_type(_RELEASE)}
    return {name: (each["chart"], each.get("repositoryOpts")) for name, each in asked.items()}


def test_every_release_signs_in_and_its_password_is_a_secret(tmp_path: Path) -> None:
    login = {"username": "me", "password": {"secret": "planted-chart-token"}}
    assert _released(_run(tmp_path, _charts(_OWN, {"username": "me"}), "chartToken", "imageToken")) == {
        "clearml-enterprise": (f"{_OWN}/server", login),
        "acme-agent": (f"{_OWN}/agent", login),
        "acme-gateway": (f"{_OWN}/gateway", login),
    }


def test_a_repository_is_told_beside_the_login(tmp_path: Path) -> None:
    released = _released(_run(tmp_path, _charts(registry={"username": "me"}, **_REPOSITORY), "chartToken"))
    assert released["acme-agent"] == (
        "agent",
        {"repo": "https://charts.example.com/x", "username": "me", "password": {"secret": "planted-chart-token"}},
    )


def test_the_image_token_is_the_charts_login_where_it_is_for(tmp_path: Path) -> None:
    """Docker Hub under the one of its names at which the plugin finds a login."""
    login = {"username": "allegroaienterprise", "password": {"secret": "planted-image-token"}}
    charts = _charts(agent={"chart": f"{_OWN}/agent"}, gateway={"chart": "oci://registry-1.docker.io/clearml/gateway"})
    released = _released(_run(tmp_path, charts, "imageToken"))
    assert released == {
        "clearml-enterprise": ("oci://index.docker.io/clearml/server", login),
        "acme-agent": (f"{_OWN}/agent", None),
        "acme-gateway": ("oci://index.docker.io/clearml/gateway", login),
    }


def test_nothing_is_added_without_a_login(tmp_path: Path) -> None:
    assert {opts for _, opts in _released(_run(tmp_path, _charts())).values()} == {None}


def test_a_digest_is_of_one_version_and_stands_behind_the_chart(tmp_path: Path) -> None:
    acme = f"{TENANT}charts: {{agent: {{version: '6.15.0'}}}}\n"
    charts = _charts(_OWN, server={"digest": _DIGEST}, agent={"digest": _DIGEST})
    released = _released(_run(tmp_path, charts, acme=acme))
    assert {name: chart for name, (chart, _) in released.items()} == {
        "clearml-enterprise": f"{_OWN}/server@{_DIGEST}",
        "acme-agent": f"{_OWN}/agent",
        "acme-gateway": f"{_OWN}/gateway",
    }


def test_helm_is_signed_in_by_a_file_of_ones_own_and_only_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For plugins that know no other way; what an earlier run left is gone, too."""
    file = tmp_path / "helm" / "config.json"
    environment = load(project(tmp_path, {STACK_FILE: _stack(_charts(_OWN, _ME), "chartToken")}), "test")
    start({"clearml-tenants:chartToken": _TOKENS["chartToken"]}, ["clearml-tenants:chartToken"])
    monkeypatch.delenv(VARIABLE, raising=False)
    sign_helm_in(environment)
    assert not file.exists()
    monkeypatch.setenv(VARIABLE, str(file))
    sign_helm_in(environment)
    sign_helm_in(environment)
    assert file.stat().st_mode & 0o777 == 0o600
    auth = base64.b64encode(b"me:planted-chart-token").decode()
    assert json.loads(file.read_text()) == {"auths": {"registry.example.com:5000": {"auth": auth}}}
    sign_helm_in(load(project(tmp_path, {STACK_FILE: STACK}), "test"))
    assert not file.exists()


def test_helm_knows_docker_hub_by_each_of_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = load(project(tmp_path, {STACK_FILE: _stack(_charts(), "imageToken")}), "test")
    start({"clearml-tenants:imageToken": _TOKENS["imageToken"]}, ["clearml-tenants:imageToken"])
    monkeypatch.setenv(VARIABLE, str(tmp_path / "login.json"))
    sign_helm_in(environment)
    names = json.loads((tmp_path / "login.json").read_text())["auths"]
    assert sorted(names) == ["docker.io", "https://index.docker.io/v1/", "index.docker.io"]
