"""What identity providers are judged by: a directory's address and authority, metadata, an issuer; each in a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from components.value_conflicts import load
from tests.unit.asked import STACK_FILE, WITH_ADDRESSES, project, refusal

_BEGIN = "-----BEGIN CERTIFICATE-----"
_LDAPS = "{server: ldaps://x.example, baseDn: dc=a, bindDn: cn=a"
_ENDPOINTS = "authorizeUrl: 'https://idp.example/a', accessTokenUrl: 'https://idp.example/t'"


def _file(providers: str, *secrets: str) -> str:
    held = "".join(f"    {name}: {{secure: v1:eee}}\n" for name in secrets)
    above = f"  clearml-tenants:identityProviderSecrets:\n{held}" if held else ""
    changed = WITH_ADDRESSES.replace("      cookieName:", f"      identityProviders: {providers}\n      cookieName:")
    return changed.replace("  clearml-tenants:stack:", f"{above}  clearml-tenants:stack:")


@pytest.mark.parametrize(
    ("providers", "secrets", "said"),
    [
        ("{ldap: {server: 'ldaps://x.example:99999', baseDn: dc=a, bindDn: cn=a}}", ("ldap",),
         "server.identityProviders.ldap.server: 'ldaps://x.example:99999' has no valid port"),
        ("{ldap: {server: 'ldaps://x.example', baseDn: dc=a, bindDn: cn=a, useTls: true}}", ("ldap",),
         "server.identityProviders.ldap: has server with ldaps://, which begins with TLS, and useTls: true"),
        (f"{{ldap: {_LDAPS}, tls: {{authority: '{_BEGIN} MIIB'}}}}}}", ("ldap",),
         "server.identityProviders.ldap.tls.authority: has a certificate without its last or its first line"),
        (f"{{ldap: {_LDAPS}, tls: {{authority: MIIB}}}}}}", ("ldap",),
         "server.identityProviders.ldap.tls.authority: holds no certificate; write the authority's in PEM form"),
        (f"{{ldap: {_LDAPS}, tls: {{authority: '-----BEGIN RSA PRIVATE KEY-----'}}}}}}", ("ldap",),
         "server.identityProviders.ldap.tls.authority: holds a private key (not shown)"),
        ("{duo: {entityId: clearml, metadata: '<EntityDescriptor><IDPSSODescriptor/>'}}", (),
         "server.identityProviders.duo.metadata: is not whole: XML ends or breaks in its line 1"),
        (f"{{okta: {{clientId: a, baseUrl: corp.okta.example, {_ENDPOINTS}}}}}", ("okta",),
         "server.identityProviders.okta.baseUrl: 'corp.okta.example' is not an https address; write it like "
         "https://corp.okta.example"),
    ],
)  # fmt: skip
def test_what_nobody_could_sign_in_by_is_told(
    tmp_path: Path, providers: str, secrets: tuple[str, ...], said: str
) -> None:
    found = refusal(tmp_path, {STACK_FILE: _file(providers, *secrets)})
    assert found.startswith(f"{STACK_FILE}: clearml-tenants:stack.{said}")
    assert "\n" not in found


def _authority(ends: datetime) -> str:
    """A private authority's certificate."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=Corp Root")
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, ends - timedelta(days=365), ends)
    basic = x509.BasicConstraints(ca=True, path_length=None)
    return builder.add_extension(basic, critical=True).sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("authority", "told"),
    [
        (
            _authority(datetime(2020, 5, 1, tzinfo=UTC)),
            ["the certificate of 'Corp Root' ended on 2020-05-01, so nobody"],
        ),
        (_authority(datetime(2100, 1, 1, tzinfo=UTC)), []),
        (f"{_BEGIN}\nMIIB\n-----END CERTIFICATE-----\n", ["holds a certificate that cannot be read, so nobody could"]),
    ],
)
def test_an_authority_whose_time_has_passed_is_a_warning(tmp_path: Path, authority: str, told: list[str]) -> None:
    ldap = {"server": "ldaps://x.example", "baseDn": "dc=a", "bindDn": "cn=a", "tls": {"authority": authority}}
    stack = _file(yaml.safe_dump({"ldap": ldap}, default_flow_style=True, width=100_000).strip(), "ldap")
    warnings = [str(each) for each in load(project(tmp_path, {STACK_FILE: stack}), "test").warnings]
    where = f"{STACK_FILE}: clearml-tenants:stack.server.identityProviders.ldap.tls.authority: "
    assert len(warnings) == len(told)
    assert all(found.startswith(where + said) for found, said in zip(warnings, told, strict=True))
