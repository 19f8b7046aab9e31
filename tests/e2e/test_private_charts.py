"""Charts that are kept from strangers, on the real engine and plugin: a run with the login, and the line without it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.site import Run, Site, changed
from tests.local.chart_hosts import TOKEN, USER, VERSIONS, ChartHost, https_repository, oci_registry

_WRONG = "PLANTED-wrong-token-5"
_NAMES = dict(zip(("server", "agent", "gateway"), VERSIONS, strict=True))
# How the engine marks a secret.
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_SET = "pulumi config set --stack local --secret chartToken"


@pytest.fixture(scope="module", params=["oci", "https"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChartHost]:
    kept = oci_registry if request.param == "oci" else https_repository
    with kept(tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture
def stack(site: Site, host: ChartHost) -> Iterator[Path]:
    """The local stack's file with its charts there; as it was, and deployed so, in the end."""
    file = site.root / "config" / "Pulumi.local.yaml"
    before = file.read_text()
    _edit(file, _charts(host), registry={"username": USER})
    site.set_secret("chartToken", TOKEN)
    yield file
    file.write_text(before)
    site.up()


def _charts(host: ChartHost) -> dict[str, dict[str, str]]:
    if host.address.startswith("oci"):
        places = {key: {"chart": f"{host.address}/charts/{name}"} for key, name in _NAMES.items()}
    else:
        places = {key: {"chart": name, "repository": host.address} for key, name in _NAMES.items()}
    return {key: {**place, "version": VERSIONS[_NAMES[key]]} for key, place in places.items()}


def _edit(file: Path, charts: dict[str, dict[str, str]], **more: Any) -> None:
    content = yaml.safe_load(file.read_text())
    settings = content["config"]["clearml-tenants:stack"]
    settings["charts"] = {**charts, **more}
    settings["server"]["mongodb"] = {"mckEnabled": True, "mckMigrated": True}
    file.write_text(yaml.safe_dump(content, sort_keys=False))


def _agent(site: Site) -> dict[str, Any]:
    """The inputs of the agent's release, as the state has them."""
    state = json.loads((site.data / "state/.pulumi/stacks/clearml-tenants/local.json").read_text())
    resources = state["checkpoint"]["latest"]["resources"]
    (found,) = [each["inputs"] for each in resources if each["urn"].endswith("helm.sh/v3:Release::acme-agent")]
    inputs: dict[str, Any] = found
    return inputs


def _preview(site: Site, host: ChartHost) -> Run:
    return site.run("preview", SSL_CERT_FILE=str(host.authority))


def _line(done: Run) -> str:
    assert done.code == 1, done.output
    (line,) = done.errors
    return line


def test_the_login_that_is_right(site: Site, host: ChartHost, stack: Path) -> None:
    """Previewed, deployed, and nothing to do again; the token is nowhere in plain text, and nothing of it is left."""
    assert _preview(site, host).code == 0
    site.up(SSL_CERT_FILE=str(host.authority))
    assert changed(site.up(SSL_CERT_FILE=str(host.authority)).output) == 0
    spelled = [each.encode() for each in (TOKEN, base64.b64encode(f"{USER}:{TOKEN}".encode()).decode())]
    kept = [file for file in site.data.rglob("*") if file.is_file() and file.stat().st_size < 50_000_000]
    assert [file for file in kept if any(each in file.read_bytes() for each in spelled)] == []
    assert TOKEN not in "".join(site.transcript)
    agent = _agent(site)
    # The official plugin hides the whole of what has a secret in it; a reviewer still sees the values.
    assert TOKEN not in json.dumps(agent)
    assert _SECRET in json.dumps(agent["repositoryOpts"])
    assert _SECRET not in json.dumps(agent["values"])


def test_a_token_that_is_wrong(site: Site, host: ChartHost, stack: Path) -> None:
    site.set_secret("chartToken", _WRONG)
    line = _line(_preview(site, host))
    assert f"stack.charts.registry: {host.host} refuses " in line
    assert "clearml-enterprise, version '11.0.2' and 2 more to user 'robot' with chartToken" in line
    assert line.endswith(f"set the token anew with: {_SET}")
    assert _WRONG not in "".join(site.transcript)


def test_a_login_that_is_missing(site: Site, host: ChartHost, stack: Path) -> None:
    _edit(stack, _charts(host))
    content = yaml.safe_load(stack.read_text())
    content["config"].pop("clearml-tenants:chartToken")
    stack.write_text(yaml.safe_dump(content, sort_keys=False))
    line = _line(_preview(site, host))
    assert f"stack.charts.registry: is missing: {host.host} asks who wants " in line
    assert line.endswith(f"set its token with: {_SET}")


def test_a_registry_that_the_program_cannot_ask(site: Site, host: ChartHost, stack: Path) -> None:
    """Its authority is unknown to both: the plugin says so, and nothing of the login."""
    line = _line(site.run("preview"))
    assert host.host in line
    assert "certificate" in line
    assert TOKEN not in line
