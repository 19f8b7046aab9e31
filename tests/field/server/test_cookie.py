"""The sign-in cookie: named to the chart for all parts, and sent by a browser to hosts of the base domain alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.values.gateway import gateway_values
from components.values.server import server_values
from settings.models.workers.gateway import Gateway
from tests.local.helm import SERVER, environment, of_kind, render
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, refusal
from tests.unit.document import SECRETS, STACK_KEYS, settings


@pytest.mark.parametrize("name", ["clearml_token_basic", "clearml-token-k8s", "clearml_token", "t.1", "__Secure-t"])
def test_the_chart_the_server_and_the_gateway_are_told_the_same_name(name: str) -> None:
    stack = settings(server={**STACK_KEYS["server"], "cookieName": name})  # type: ignore[dict-item]
    assert server_values(stack, SECRETS)["clearml"]["cookieName"] == name
    gateway = gateway_values(Gateway(host_name="router.clearml.example.com"), stack, "key", "secret")
    assert gateway["clearml"]["authCookieName"] == name


def test_the_chart_tells_the_server_and_no_variable_of_ours_does() -> None:
    """The same name twice loses both when one is taken away: Kubernetes merges variables by their names."""
    stack = settings(server={**STACK_KEYS["server"], "cookieName": "mine"})  # type: ignore[dict-item]
    objects = render(SERVER, server_values(stack, SECRETS))
    told = environment(of_kind(objects, "Deployment")["tried-apiserver"])
    assert [each["value"] for each in told if "cookie_name" in each["name"].lower()] == ['"mine"']


def _stack(change: str) -> dict[str, str | bytes]:
    return {STACK_FILE: STACK.replace("    server:\n", f"    server:\n      {change}\n")}


@pytest.mark.parametrize(
    ("change", "key", "host"),
    [
        ("apiserver: {host: api.other.example}", "apiserver", "api.other.example"),
        ("webserver: {host: clearml.other.example}", "webserver", "clearml.other.example"),
        ("fileserver: {host: files.example.com}", "fileserver", "files.example.com"),
        ("apiserver: {host: api-clearml.example.com}", "apiserver", "api-clearml.example.com"),
        ("webserver: {host: notclearml.example.com}", "webserver", "notclearml.example.com"),
        ("webserver: {host: example.com}", "webserver", "example.com"),
    ],
)
def test_a_host_of_the_server_s_outside_the_cookie_s_domain_is_refused(
    tmp_path: Path, change: str, key: str, host: str
) -> None:
    said = refusal(tmp_path, _stack(change))
    assert f"stack.server.{key}.host: {host!r} is outside 'clearml.example.com'" in said


@pytest.mark.parametrize(
    "change",
    [
        "webserver: {host: clearml.example.com}",
        "apiserver: {host: a.b.clearml.example.com}",
        "fileserver: {enabled: false, host: files.elsewhere.example}",
    ],
)
def test_a_host_within_it_is_right_and_one_that_nobody_asks_for_no_matter(tmp_path: Path, change: str) -> None:
    load_project(tmp_path, _stack(change))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ("apiserver: {host: app.clearml.example.com}", "webserver"),
        ("fileserver: {host: api.clearml.example.com}", "fileserver"),
        ("webserver: {host: files.clearml.example.com}", "fileserver"),
        ("webserver: {host: API.clearml.example.com}", "webserver"),
    ],
)
def test_two_parts_on_one_host_are_refused(tmp_path: Path, change: str, key: str) -> None:
    said = refusal(tmp_path, _stack(change))
    assert f"stack.server.{key}.host: " in said
    assert "an ingress leads a host to one of them" in said


@pytest.mark.parametrize("domain", ["co.uk", "github.io"])
def test_a_domain_for_which_browsers_keep_no_cookie_is_refused(tmp_path: Path, domain: str) -> None:
    files = {STACK_FILE: STACK, ACME: TENANT}
    above: dict[str, str | bytes] = {name: text.replace("clearml.example.com", domain) for name, text in files.items()}
    said = refusal(tmp_path, above)
    assert f"stack.baseDomain: {domain!r} belongs to many owners" in said
    below: dict[str, str | bytes] = {
        name: text.replace("clearml.example.com", f"ml.{domain}") for name, text in files.items()
    }
    load_project(tmp_path / "below", below)


@pytest.mark.parametrize(
    ("gateway", "key"),
    [
        ("hostName: router.acme.example", "hostName"),
        ("hostName: router.elsewhere.example", "hostName"),
        ("externalUrl: 'http://10.0.0.7:30080'", "externalUrl"),
        ("externalUrl: 'https://apps.other.example'", "externalUrl"),
    ],
)
def test_a_gateway_outside_is_told(tmp_path: Path, gateway: str, key: str) -> None:
    tenant = TENANT.replace("hostName: router.acme.clearml.example.com", gateway)
    warnings = load_project(tmp_path, {ACME: tenant}).warnings
    (said,) = [each for each in warnings if "sign-in cookie" in each.message]
    assert (said.where.tenant, said.where.key) == ("acme", f"gateway.{key}")
    assert "router.acme.clearml.example.com" in said.message


def test_a_gateway_within_is_right(tmp_path: Path) -> None:
    assert not [each for each in load_project(tmp_path).warnings if "cookie" in each.message]


def test_a_gateway_within_on_a_node_port_is_right(tmp_path: Path) -> None:
    """A browser sends a cookie to every port of a host."""
    address = "externalUrl: 'http://router.acme.clearml.example.com:30080'"
    tenant = TENANT.replace("hostName: router.acme.clearml.example.com", address)
    assert not [each for each in load_project(tmp_path, {ACME: tenant}).warnings if "cookie" in each.message]
