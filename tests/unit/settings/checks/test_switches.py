"""A setting that does nothing, because what would use it is off, is warned of by its key and the switch's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.value_conflicts import load
from components.values.server import server_values
from tests.unit.asked import ACME, STACK_FILE, TENANT, WITH_ADDRESSES, project
from tests.unit.document import SECRETS, STACK_KEYS, settings


def _warnings(tmp_path: Path, server: str = "", tenant: str = "", secrets: str = "") -> list[str]:
    stack = WITH_ADDRESSES.replace("      cookieName:", f"{server}      cookieName:")
    stack = stack.replace("  clearml-tenants:stack:", f"{secrets}  clearml-tenants:stack:")
    return [str(each) for each in load(project(tmp_path, {STACK_FILE: stack, ACME: TENANT + tenant}), "test").warnings]


@pytest.mark.parametrize(
    ("server", "key", "switch"),
    [
        ("      apiAudit: {redactIdentity: true}\n", "apiAudit.redactIdentity", "apiAudit.enabled"),
        ("      apiAudit: {enabled: false, adapter: elastic}\n", "apiAudit.adapter", "apiAudit.enabled"),
        (
            "      usageAggregator: {configuration: 'pricing {}'}\n",
            "usageAggregator.configuration",
            "usageAggregator.enabled",
        ),
        (
            "      usageScripts: {companyLifecycle: {schedule: '@hourly'}}\n",
            "usageScripts.companyLifecycle",
            "usageScripts.enabled",
        ),
        (
            "      apiserver: {ingress: {enabled: false, tlsSecretName: a}}\n",
            "apiserver.ingress.tlsSecretName",
            "apiserver.ingress.enabled",
        ),
        (
            "      fileserver: {externalUrl: 's3://a', host: f.clearml.example.com}\n",
            "fileserver.host",
            "fileserver.enabled",
        ),
    ],
)
def test_what_waits_for_its_switch_is_told(tmp_path: Path, server: str, key: str, switch: str) -> None:
    (told,) = _warnings(tmp_path, server)
    where = f"{STACK_FILE}: clearml-tenants:stack.server"
    fix = f"has no effect while server.{switch} is false; write server.{switch}: true, or remove this"
    assert told == f"{where}.{key}: {fix}"


def test_so_is_a_script_that_is_off_among_those_that_run(tmp_path: Path) -> None:
    scripts = "{enabled: true, companyLifecycle: {enabled: false, schedule: '@hourly'}}"
    server = f"      usageAggregator: {{enabled: true}}\n      usageScripts: {scripts}\n"
    (told,) = _warnings(tmp_path, server)
    assert "server.usageScripts.companyLifecycle.schedule: has no effect while" in told


def test_so_is_how_a_certificate_is_judged_that_nobody_sends(tmp_path: Path) -> None:
    ldap = "{server: 'ldap://ldap.example.com', baseDn: dc=a, bindDn: cn=a, tls: {validateCertificate: true}}"
    secrets = "  clearml-tenants:identityProviderSecrets: {ldap: {secure: v1:eee}}\n"
    told = _warnings(tmp_path, f"      identityProviders: {{ldap: {ldap}}}\n", secrets=secrets)
    assert any("ldap.tls: has no effect while server.identityProviders.ldap.useTls is false" in each for each in told)


def test_so_is_a_secret_of_a_service_that_is_off(tmp_path: Path) -> None:
    (told,) = _warnings(tmp_path, secrets="  clearml-tenants:usageMongodbConnectionString: {secure: v1:eee}\n")
    where = f"{STACK_FILE}: clearml-tenants:usageMongodbConnectionString"
    assert told.startswith(f"{where}: has no effect while server.usageAggregator.enabled is false")


@pytest.mark.parametrize(
    "server",
    [
        "      apiAudit: {enabled: false}\n",
        "      fileserver: {externalUrl: 's3://a'}\n",
        "      mongodb: {enabled: false, mckEnabled: true}\n",
        "      usageScripts: {enabled: false}\n",
    ],
)
def test_a_switch_alone_is_no_fault(tmp_path: Path, server: str) -> None:
    assert _warnings(tmp_path, server) == []


def test_nothing_of_an_audit_that_is_off_reaches_the_server() -> None:
    own: Any = STACK_KEYS["server"]
    server = {**own, "apiAudit": {"enabled": False, "byDefault": {"data": True}, "rotation": "yearly"}}
    assert server_values(settings(server=server), SECRETS) == server_values(settings(), SECRETS)
