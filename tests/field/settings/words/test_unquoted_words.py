"""Texts that charts write without quotes mean themselves in YAML, and the cookie's name in the server's HOCON too."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from settings.loading.load import load
from settings.types.hocon_reading import value_of
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, project, refusal

_COOKIE = "cookieName: clearml_token_basic"


@pytest.mark.parametrize(
    "name",
    [
        "'true'",
        "'on'",
        "'No'",
        "'null'",
        "'0123'",
        "'10s'",
        "true-x",
        "'a#b'",
        "a b",
        "a;b",
        "a=b",
        "'a,b'",
        "x$",
        "tö",
    ],
)
def test_a_cookie_s_name_that_some_part_reads_otherwise_is_refused(tmp_path: Path, name: str) -> None:
    said = refusal(tmp_path, {STACK_FILE: STACK.replace(_COOKIE, f"cookieName: {name}")})
    assert "stack.server.cookieName: " in said
    assert "is no cookie's name that every part of the server reads alike" in said


def test_a_cookie_s_name_that_browsers_keep_for_one_host_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, {STACK_FILE: STACK.replace(_COOKIE, "cookieName: __Host-token")})
    assert "write it like __Secure-clearml_token" in said


@pytest.mark.parametrize("name", ["clearml-token-k8s", "t.1", "_t", "__Secure-t", "include", "e5", "None", "nil"])
def test_one_that_is_taken_is_the_same_in_all_of_them(tmp_path: Path, name: str) -> None:
    load_project(tmp_path, {STACK_FILE: STACK.replace(_COOKIE, f"cookieName: {name}")})
    assert yaml.safe_load(f"value: {name}") == {"value": name}
    assert (value_of(name), value_of(f"[ {name} ]")) == (name, [name])


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("webserver: {ingress: {tlsSecretName: 'true'}}", "webserver.ingress.tlsSecretName"),
        ("apiserver: {ingress: {ingressClassName: '1e3'}}", "apiserver.ingress.ingressClassName"),
        ("fileserver: {ingress: {tlsSecretName: '0123'}}", "fileserver.ingress.tlsSecretName"),
        ("apiserver: {ingress: {ingressClassName: Nginx Internal}}", "apiserver.ingress.ingressClassName"),
        ("webserver: {ingress: {tlsSecretName: 2026-11-30}}", "webserver.ingress.tlsSecretName"),
        ("namespace: 'no'", "namespace"),
        ("release: 'on'", "release"),
        ("redis: {host: 'redis:6379'}", "redis.host"),
        ("redis: {host: my redis}", "redis.host"),
    ],
)
def test_names_that_a_chart_would_turn_over_are_refused(tmp_path: Path, line: str, key: str) -> None:
    said = refusal(tmp_path, {STACK_FILE: STACK.replace(_COOKIE, f"{line}\n      {_COOKIE}")})
    assert f"stack.server.{key}: " in said


@pytest.mark.parametrize("ingress", ["tlsSecretName: 'off'", "className: 'yes'", "tlsSecretName: Router TLS"])
def test_those_of_a_gateway_too(tmp_path: Path, ingress: str) -> None:
    tenant = TENANT.replace("hostName: router", f"ingress: {{{ingress}}}, hostName: router")
    assert f"acme: gateway.ingress.{ingress.partition(':')[0]}: " in refusal(tmp_path, {ACME: tenant})


def test_an_empty_class_is_to_be_left_out(tmp_path: Path) -> None:
    line = "webserver: {ingress: {ingressClassName: ''}}"
    said = refusal(tmp_path, {STACK_FILE: STACK.replace(_COOKIE, f"{line}\n      {_COOKIE}")})
    assert "stack.server.webserver.ingress.ingressClassName: is empty; leave it out for the cluster's own" in said


@pytest.mark.parametrize(("name", "told"), [("no", True), ("on", True), ("y", True), ("null", True), ("norway", False)])
def test_a_tenant_that_is_called_like_a_word_of_yaml_is_told(tmp_path: Path, name: str, told: bool) -> None:
    root = project(tmp_path)
    (root / ACME).rename(root / ACME.replace("acme", name))
    said = [each for each in load(root, "test").warnings if "means something else in YAML" in each.message]
    assert [each.where.tenant for each in said] == ([name] if told else [])
