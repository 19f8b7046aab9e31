"""Charts that are kept from strangers, by a real registry and a real repository: what is said of each login."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pulumi
import pytest
import yaml

from components.charts.registry import Answer, Registries
from components.charts.verify import verify_charts
from settings.errors import ConfigurationError
from settings.models.charts import Chart
from tests.local.chart_hosts import TOKEN, USER, VERSIONS, ChartHost, https_repository, oci_registry
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, project
from tests.unit.deployment import start

_NAMES = dict(zip(("server", "agent", "gateway"), VERSIONS, strict=True))
_SET = "pulumi config set --stack test --secret chartToken"
_KEY = f"{STACK_FILE}: clearml-tenants:stack.charts"


@pytest.fixture(scope="module", params=["oci", "https"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChartHost]:
    kept = oci_registry if request.param == "oci" else https_repository
    with kept(tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture(autouse=True)
def _own_home(host: ChartHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's logins, and the authority trusted."""
    for name in ("HELM_CONFIG_HOME", "DOCKER_CONFIG", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("SSL_CERT_FILE", str(host.authority))


def _charts(host: ChartHost, **changes: dict[str, str]) -> dict[str, dict[str, str]]:
    return {key: {**_chart(host, name), **changes.get(key, {})} for key, name in _NAMES.items()}


def _chart(host: ChartHost, name: str) -> dict[str, str]:
    if host.address.startswith("oci"):
        return {"chart": f"{host.address}/charts/{name}", "version": VERSIONS[name]}
    return {"chart": name, "repository": host.address, "version": VERSIONS[name]}


def _said(tmp_path: Path, charts: dict[str, dict[str, str]], token: str | None = None, user: str = USER) -> str:
    """What the program says of these charts before the engine asks for any; empty if it is content."""
    content = yaml.safe_load(STACK)
    settings = content["config"]["clearml-tenants:stack"]
    settings["charts"] = charts | ({"registry": {"username": user}} if token else {})
    settings["server"]["mongodb"] = {"mckEnabled": True, "mckMigrated": True}
    if token:
        content["config"]["clearml-tenants:chartToken"] = {"secure": "v1:fff"}
        start({"clearml-tenants:chartToken": token}, ["clearml-tenants:chartToken"])
    environment = load_project(tmp_path, {STACK_FILE: yaml.safe_dump(content), **_kept(tmp_path)})
    try:
        verify_charts(environment)
    except ConfigurationError as error:
        return str(error)
    return ""


def _kept(root: Path) -> dict[str, str | bytes]:
    """A tenant's file that the test wrote before."""
    return {ACME: (root / ACME).read_text()} if (root / ACME).exists() else {}


def _shown(host: ChartHost, key: str = "server") -> str:
    chart = _charts(host)[key]
    return f"{chart['chart']}, version '{chart['version']}'"


def test_the_right_login(tmp_path: Path, host: ChartHost) -> None:
    assert _said(tmp_path, _charts(host), TOKEN) == ""


def test_a_wrong_token(tmp_path: Path, host: ChartHost) -> None:
    said = _said(tmp_path, _charts(host), "PLANTED-wrong")
    assert said == (
        f"{_KEY}.registry: {host.host} refuses {_shown(host)} and 2 more to user 'robot' with chartToken; "
        f"write the right username, or set the token anew with: {_SET}"
    )
    assert "PLANTED" not in said


def test_a_wrong_user(tmp_path: Path, host: ChartHost) -> None:
    said = _said(tmp_path, _charts(host), TOKEN, user="somebody")
    assert said.startswith(f"{_KEY}.registry: {host.host} refuses {_shown(host)} and 2 more to user 'somebody' with ")
    assert "\n" not in said
    assert TOKEN not in said


def test_no_login(tmp_path: Path, host: ChartHost) -> None:
    assert _said(tmp_path, _charts(host)) == (
        f"{_KEY}.registry: is missing: {host.host} asks who wants {_shown(host)} and 2 more; "
        f"write charts.registry: {{username: …}}, and set its token with: {_SET}"
    )


def test_a_login_of_helms_own_is_let_try(tmp_path: Path, host: ChartHost) -> None:
    """`helm registry login` was made: the plugin takes that for a registry, and for no repository."""
    known = tmp_path / "home" / "registry" / "config.json"
    known.parent.mkdir(parents=True)
    known.write_text(json.dumps({"auths": {host.host: {"auth": "eDp5"}}}))
    said = _said(tmp_path, _charts(host))
    assert (said == "") == host.address.startswith("oci")


def test_a_registry_without_the_version(tmp_path: Path, host: ChartHost) -> None:
    """A repository's index is the plugin's to read, which says plainly what is not in it."""
    said = _said(tmp_path, _charts(host, agent={"version": "6.99.0"}), TOKEN)
    chart = _charts(host)["agent"]["chart"]
    line = f"{_KEY}.agent.version: {host.host} has no {chart}, version '6.99.0'; see there which it has, and write that"
    assert said == (line if host.address.startswith("oci") else "")


def test_a_tenant_that_is_ahead_with_a_version_that_is_not_there(tmp_path: Path, host: ChartHost) -> None:
    project(tmp_path, {ACME: f"{TENANT}charts: {{agent: {{version: '6.99.0'}}}}\n"})
    said = _said(tmp_path, _charts(host), TOKEN)
    line = (
        f"{ACME}: acme: charts.agent.version: {host.host} has no {_charts(host)['agent']['chart']}, version '6.99.0'; "
    )
    assert said.startswith(line) if host.address.startswith("oci") else said == ""


def test_a_digest_that_is_not_the_versions(tmp_path: Path, host: ChartHost) -> None:
    if not host.address.startswith("oci"):
        return
    with Registries() as registries:
        found = registries.ask(Chart.model_validate(_chart(host, _NAMES["agent"])), httpx.BasicAuth(USER, TOKEN))
    assert found.kind == "given"
    assert _said(tmp_path, _charts(host, agent={"digest": found.digest}), TOKEN) == ""
    assert _said(tmp_path, _charts(host, agent={"digest": f"sha256:{'0' * 64}"}), TOKEN) == (
        f"{_KEY}.agent.digest: is not that of {_shown(host, 'agent')} at {host.host}, which is {found.digest} now; "
        "find out who changed it, and write that if it is right"
    )


def test_a_version_that_is_not_there_beside_a_digest_that_is(tmp_path: Path, host: ChartHost) -> None:
    """Helm would take what the digest names, and nobody would see that it is another version."""
    if not host.address.startswith("oci"):
        return
    with Registries() as registries:
        digest = registries.ask(
            Chart.model_validate(_chart(host, _NAMES["agent"])), httpx.BasicAuth(USER, TOKEN)
        ).digest
    said = _said(tmp_path, _charts(host, agent={"version": "6.99.0", "digest": digest}), TOKEN)
    assert said.startswith(
        f"{_KEY}.agent.version: {host.host} has no {_charts(host)['agent']['chart']}, version '6.99.0'; "
    )


def test_what_is_not_reached_is_left_to_the_plugin(
    tmp_path: Path, host: ChartHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An authority that is not trusted, as a machine behind another proxy has it."""
    monkeypatch.delenv("SSL_CERT_FILE")
    with Registries() as registries:
        assert registries.ask(Chart.model_validate(_chart(host, _NAMES["agent"])), None) == Answer("unknown")
    assert _said(tmp_path, _charts(host), "PLANTED-wrong") == ""
    assert pulumi.Config("clearml-tenants").get("chartToken") == "PLANTED-wrong"
