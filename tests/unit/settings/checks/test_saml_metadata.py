"""Metadata of a SAML provider, with certificates made here: what is told of those that ended, are weak, or are none."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.unit.asked import STACK_FILE, WITH_ADDRESSES, refusal, warnings_of

_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_SITE = "https://idp.example.com/sso"
_WHERE = f"{STACK_FILE}: clearml-tenants:stack.server.identityProviders.okta_saml.metadata".replace("okta_saml", "duo")
_LONG, _SHORT = (rsa.generate_private_key(public_exponent=65537, key_size=bits) for bits in (2048, 1024))
_CURVE = ec.generate_private_key(ec.SECP256R1())


def _certificate(key: _Key = _LONG, days: int = 100) -> str:
    """In base64, as metadata has it; it ends in so many days."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.com")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1000))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return base64.encodebytes(made.public_bytes(Encoding.DER)).decode().replace("\n", " ")


def _private(form: PrivateFormat) -> str:
    return base64.b64encode(_LONG.private_bytes(Encoding.DER, form, NoEncryption())).decode()


def _stack(*certificates: str, use: str = "signing", site: str = _SITE) -> dict[str, str | bytes]:
    keys = "".join(
        f'<KeyDescriptor use="{use}"><ds:X509Certificate>{each}</ds:X509Certificate></KeyDescriptor>'
        for each in certificates
    )
    head = '<EntityDescriptor entityID="x" xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/#">'
    whole = f'{head}<IDPSSODescriptor>{keys}<SingleSignOnService Location="{site}"/></IDPSSODescriptor>'
    metadata = f"      identityProviders: {{duo: {{entityId: a, metadata: '{whole}</EntityDescriptor>'}}}}\n"
    return {STACK_FILE: WITH_ADDRESSES.replace("      cookieName:", f"{metadata}      cookieName:")}


def _warnings(tmp_path: Path, files: dict[str, str | bytes]) -> list[str]:
    told = warnings_of(tmp_path, files)
    return [each.removeprefix(f"{_WHERE}: ") for each in told if each.startswith(_WHERE)]


@pytest.mark.parametrize(
    "certificates",
    [[_certificate()], [_certificate(_CURVE)], [_certificate(days=9_999)], [_certificate(days=-5), _certificate()], []],
    ids=["long", "curve", "after 2050", "one takes the place of another", "none"],
)
def test_certificates_that_count(tmp_path: Path, certificates: list[str]) -> None:
    assert _warnings(tmp_path, _stack(*certificates)) == []


def test_one_that_has_ended_is_told_with_its_day(tmp_path: Path) -> None:
    day = (datetime.now(UTC) - timedelta(days=5)).date()
    text = f"its certificate ended on {day}, so nobody could sign in; write the provider's new metadata"
    assert _warnings(tmp_path, _stack(_certificate(days=-5))) == [text]
    assert _warnings(tmp_path / "other", _stack(_certificate(days=-5), use="encryption")) == []


def test_a_weak_one_is_told(tmp_path: Path) -> None:
    (told,) = _warnings(tmp_path, _stack(_certificate(), _certificate(_SHORT)))
    assert told.startswith("has a key of 1024 bits, and who works it out signs in as anybody")


@pytest.mark.parametrize("text", ["MIIB", "???", "MIICgjCCAWo=", "", _certificate()[:400]])
def test_one_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    (told,) = _warnings(tmp_path, _stack(text))
    assert told.startswith("holds a certificate that cannot be read")


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_private_key_without_its_first_line_is_refused_and_not_shown(tmp_path: Path, form: PrivateFormat) -> None:
    """With BEGIN PRIVATE KEY it was refused before; metadata has the text between the lines alone."""
    key = _private(form)
    (said,) = refusal(tmp_path, _stack(key, _certificate())).splitlines()
    assert said.startswith(f"{_WHERE}: holds a private key in place of a certificate (not shown)")
    assert key[:20] not in said


def test_a_place_to_sign_in_without_tls_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, _stack(_certificate(), site="HTTP://idp.example.com/sso"))
    assert said.startswith(f"{_WHERE}: 'HTTP://idp.example.com/sso': people would sign in there in the clear")
