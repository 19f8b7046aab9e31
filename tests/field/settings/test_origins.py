"""Whoever writes as a free value what a setting says is told which setting that is, not to "change those"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from components.value_conflicts import load
from components.values.extra import _WITHOUT_SETTING, _path
from components.values.free.origins import setting_of_value, setting_of_variable
from settings.errors import ConfigurationError
from tests.field.published import SERVERS, write
from tests.local.charts.stack_values import server_of, workers_of
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, project
from tests.unit.document import FIRST_BLOCK

# Each is what a guide or a public values file has, and the setting that says it here.
SERVER = [
    ("extraValues: {clearml: {cookieDomain: clearml.example.com}}", "baseDomain"),
    ("extraValues: {clearml: {cookieName: clearml-token-k8s}}", "server.cookieName"),
    ("extraValues: {webserver: {ingress: {hostName: app.clearml.example.com}}}", "server.webserver.host"),
    ("extraValues: {fileserver: {service: {type: NodePort}}}", "server.fileserver.serviceType"),
    ("extraValues: {clearmlApplications: {queueMode: per_tenant}}", "server.queueMode"),
    (
        "apiserver: {extraEnvs: [{name: CLEARML__apiserver__company__unique_names, value: 'true'}]}",
        "server.uniqueNames",
    ),
    ("apiserver: {extraEnvs: [{name: CLEARML__secure__credentials__supervisor__role, value: a}]}", "server.supervisor"),
    (
        "apiserver: {extraEnvs: [{name: CLEARML__secure__credentials__apiserver__user_key, value: abc}]}",
        "the secrets apiserverKey and apiserverSecret",
    ),
    ("apiserver: {extraEnvs: [{name: CLEARML__apiserver__auth__cookies__domain, value: x}]}", "baseDomain"),
    ("apiserver: {extraEnvs: [{name: CLEARML__services__auth__ui_features_per_role, value: a}]}", "uiFeaturesPerRole"),
]


def _refusal(root: Path, stack: str, tenant: str = TENANT) -> str:
    with pytest.raises(ConfigurationError) as error:
        load(project(root, {STACK_FILE: stack, ACME: tenant}), "test")
    return str(error.value)


@pytest.mark.parametrize(("line", "origin"), SERVER)
def test_a_server_s_setting_is_named(tmp_path: Path, line: str, origin: str) -> None:
    stack = STACK.replace("    server:\n", f"    server:\n      {line}\n")
    stack += "    uiFeaturesPerRole: {user: {show_datasets: false}}\n"
    assert f"is set by this program from its own settings; change {origin}, and take it out here" in _refusal(
        tmp_path, stack
    )


@pytest.mark.parametrize(
    ("values", "origin"),
    [
        ("ingress: {hostName: router.acme.clearml.example.com}", "the gateway's hostName"),
        ("service: {type: ClusterIP}", "the gateway's serviceType"),
        ("clearml: {authCookieName: x}", "the stack's server.cookieName"),
    ],
)
def test_a_gateway_s_setting_is_named(tmp_path: Path, values: str, origin: str) -> None:
    tenant = TENANT.replace("gateway: {", f"gateway: {{extraValues: {{{values}}}, ")
    assert f"from its own settings; change {origin}, and take it out here" in _refusal(tmp_path, STACK, tenant)


@pytest.mark.parametrize("server", SERVERS)
def test_of_all_that_published_servers_set_the_setting_is_known(tmp_path: Path, server: str) -> None:
    write(tmp_path, "test", server, ("campus",))
    environment = load(tmp_path, "test")
    free = {f"{part}.extraEnvs" for part in ("apiserver", "webserver")}
    free |= set(_places(environment.stack.server.extra_values))
    assert [place for place in _places(server_of(environment)) if place not in free and not _known(place)] == []


def test_of_all_that_published_workers_are_told_the_setting_is_known(tmp_path: Path) -> None:
    write(tmp_path, "test", "production")
    found = {place for _, _, _, values in workers_of(load(tmp_path, "test")) for place in _places(values)}
    assert {place for place in found if not _known(place)} == _FREE


def test_of_all_variables_of_the_guide_the_setting_is_known() -> None:
    names = [name for name, _ in FIRST_BLOCK]
    assert [name for name in names if not setting_of_variable(_path(name))] == []


def _known(place: str) -> bool:
    return bool(setting_of_value(place) or place in _WITHOUT_SETTING or place.startswith("imageCredentials."))


# Free values of the tenants among the installations.
_FREE = {"bootstrap.enabled"}


def _places(values: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, value in values.items():
        place = f"{above}.{key}".lstrip(".")
        if key == "extraEnvs":
            continue
        if isinstance(value, Mapping) and value:
            yield from _places(value, place)
        else:
            yield place
