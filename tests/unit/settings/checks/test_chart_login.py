"""The login where the charts are: whose it is, where it goes, and that it goes nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from settings.loading.chart_login import ChartLogin, login_of
from settings.loading.load import load
from tests.unit.asked import STACK, STACK_FILE, load_project, project, refusal
from tests.unit.chart_places import DIGEST, HOST, ME, OWN, REPOSITORY, VERSIONS, charts_of, stack_file


def _login(tmp_path: Path, charts: dict[str, Any], *secrets: str) -> ChartLogin | None:
    environment = load_project(tmp_path, {STACK_FILE: stack_file(charts, *secrets)})
    return login_of(environment.stack.charts, environment.secrets)


_THERE = f"me with chartToken at {HOST}:5000"


@pytest.mark.parametrize(
    ("charts", "secrets", "login"),
    [
        (charts_of(), "imageToken", "allegroaienterprise with imageToken at docker.io"),
        (charts_of(), "", None),
        (charts_of(), "chartToken", "allegroaienterprise with chartToken at docker.io"),
        (charts_of(), "imageToken chartToken", "allegroaienterprise with chartToken at docker.io"),
        (charts_of(registry={}), "imageToken", "allegroaienterprise with imageToken at docker.io"),
        (charts_of("oci://registry-1.docker.io/x", ME), "chartToken", "me with chartToken at docker.io"),
        (charts_of(OWN), "imageToken", None),
        (charts_of(OWN, ME), "chartToken", _THERE),
        (
            charts_of(OWN, {**ME, "host": "Registry.Example.com:5000"}),
            "chartToken",
            f"me with chartToken at {HOST}:5000",
        ),
        (charts_of(f"oci://{HOST}:443/x", {**ME, "host": HOST}), "chartToken", f"me with chartToken at {HOST}"),
        (charts_of(registry=ME, **REPOSITORY), "chartToken", "me with chartToken at charts.example.com"),
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
    charts = charts_of(OWN, {**ME, "host": f"{HOST}:5000"}, agent={"chart": elsewhere.removesuffix(":5000")})
    environment = load_project(tmp_path, {STACK_FILE: stack_file(charts, "chartToken")})
    login = login_of(environment.stack.charts, environment.secrets)
    assert login
    assert login.is_for(environment.stack.charts.server)
    assert not login.is_for(environment.stack.charts.agent)


def test_nobody_on_the_way_is_told(tmp_path: Path) -> None:
    plain = {"chart": "agent", "repository": f"http://{HOST}:5000"}
    charts = charts_of(OWN, {**ME, "host": f"{HOST}:5000"}, agent=plain)
    said = refusal(tmp_path, {STACK_FILE: stack_file(charts, "chartToken")})
    text = "is plain http, where the login could be read on the way; write it with https://"
    assert said == f"{STACK_FILE}: clearml-tenants:stack.charts.agent.repository: {text}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_may_listen_to_itself(tmp_path: Path, host: str) -> None:
    own: dict[str, Any] = {name: {"chart": name, "repository": f"http://{host}:8080"} for name in VERSIONS}
    environment = load(
        project(tmp_path, {STACK_FILE: stack_file(charts_of(registry={"username": "me"}, **own), "chartToken")}), "test"
    )
    login = login_of(environment.stack.charts, environment.secrets)
    assert login
    assert login.is_for(environment.stack.charts.agent)


_MISTAKES = yaml.safe_load((Path(__file__).parents[2] / "malformed" / "charts.yaml").read_text())


@pytest.mark.parametrize("mistake", _MISTAKES, ids=[each["says"].partition(";")[0] for each in _MISTAKES])
def test_a_mistake_is_one_line(tmp_path: Path, mistake: dict[str, Any]) -> None:
    stack = stack_file(mistake["charts"], *mistake["secrets"])
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
        f"oci://user:planted@docker.io/clearml/agent@{DIGEST}",
        "https://user:planted@charts.example.com",
        "https://user%3Aplanted%40charts.example.com",
        "https://charts.example.com/?token=planted",
        "https://charts.example.com/x?key=planted",
        "user:planted@docker.io/clearml/agent",
    ],
)
def test_a_token_in_an_address_is_refused_and_not_shown(tmp_path: Path, key: str, address: str) -> None:
    said = refusal(tmp_path, {STACK_FILE: stack_file(charts_of(agent={"chart": "agent", key: address}))})
    assert said.startswith(f"{STACK_FILE}: clearml-tenants:stack.charts.agent.{key}: ")
    assert "planted" not in said
    assert "\n" not in said
    if "@" in address or "token" in address:
        assert said.endswith(
            "holds a login or a token in plain text; take it out, write charts.registry: {username: …}, and set "
            "the token with: pulumi config set --stack test --secret chartToken"
        )
