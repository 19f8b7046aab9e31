"""What a SAML provider's metadata holds: certificates that count, addresses with TLS, and nobody's private key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

from settings.check_registry import check
from settings.checks.sign_in.x509 import Certificate, certificate_of, decoded, is_private_key
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.server.sign_in.providers import IdentityProviders
from settings.types.secrets.url_login import quoted

# What NIST SP 800-131A has allowed since 2014.
_FEWEST_BITS = 2048
_CERTIFICATE, _KEY, _LOCATION = "X509Certificate", "KeyDescriptor", "Location"
_ELSEWHERE = "encryption"


@check("metadata of SAML providers is theirs to show, and people sign in with TLS")
def check_saml_metadata(facts: Facts) -> Iterator[Finding]:
    """Errors for what others may read or change; warnings for certificates, which the server judges."""
    if (settings := facts.settings) is None:
        return
    for name, provider in settings.server.identity_providers.by_saml():
        if provider.metadata is None:
            continue
        key = f"server.identityProviders.{name}.metadata"
        # What could make it grow for ever is refused where it is read.
        tree = ElementTree.fromstring(provider.metadata.strip())  # noqa: S314
        for text in _exposed(tree):
            yield Finding(setting("", key), text)
        for text in _doubtful(tree):
            yield Finding(setting("", key), text, WARNING)


def with_private_keys(providers: IdentityProviders) -> Iterator[str]:
    """Where metadata has a private key in a certificate's place, which this check tells with what to do."""
    for name, provider in providers.by_saml():
        if provider.metadata and any(
            map(_holds_private_key, _all(ElementTree.fromstring(provider.metadata.strip()), _CERTIFICATE))  # noqa: S314
        ):
            yield f"server.identityProviders.{name}.metadata"


def _exposed(tree: ElementTree.Element) -> Iterator[str]:
    if any(map(_holds_private_key, _all(tree, _CERTIFICATE))):
        yield "holds a private key in place of a certificate (not shown); have another made, and write metadata.xml"
    for each in tree.iter():
        place = each.get(_LOCATION, "")
        if place.lower().startswith("http://"):
            text = "people would sign in there in the clear, and anybody on the way as them; have it answer with https"
            yield f"{quoted(place)}: {text}"
            return


def _doubtful(tree: ElementTree.Element) -> Iterator[str]:
    """Several certificates are there while one takes the other's place: then one that counts is enough."""
    found = []
    for text in (each.text or "" for each in _signing(tree)):
        try:
            found.append(certificate_of(decoded(text)))
        except ValueError:
            yield "holds a certificate that cannot be read; write what the provider offers as metadata.xml"
            return
    if found and all(each.ends < datetime.now(UTC) for each in found):
        day = max(each.ends for each in found).date()
        yield f"its certificate ended on {day}, so nobody could sign in; write the provider's new metadata"
    weak = min((each.rsa_bits for each in found if _is_weak(each)), default=0)
    if weak:
        text = f"has a key of {weak} bits, and who works it out signs in as anybody; have the provider make one of"
        yield f"{text} {_FEWEST_BITS}"


def _is_weak(certificate: Certificate) -> bool:
    return 0 < certificate.rsa_bits < _FEWEST_BITS


def _signing(tree: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The certificates by which answers are judged; those for messages to the provider are left out."""
    for key in _all(tree, _KEY):
        if key.get("use") != _ELSEWHERE:
            yield from _all(key, _CERTIFICATE)


def _all(tree: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Every element called so, in whatever namespace."""
    return (each for each in tree.iter() if each.tag.rpartition("}")[2] == name)


def _holds_private_key(element: ElementTree.Element) -> bool:
    try:
        return is_private_key(decoded(element.text or ""))
    except ValueError:
        return False
