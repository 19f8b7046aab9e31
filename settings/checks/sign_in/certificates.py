"""Certificates that a directory is judged by: whether they can be read, and whether their time has passed."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting

_KEY = "server.identityProviders.ldap.tls.authority"


@check("certificates of a directory's authority can be read, and have not ended")
def check_certificates(facts: Facts) -> Iterator[Finding]:
    """A warning for each: the server, and not this machine, is what judges by them."""
    ldap = facts.settings.server.identity_providers.ldap if facts.settings else None
    if ldap is None or ldap.tls.authority is None:
        return
    try:
        ends = list(_ends(ldap.tls.authority))
    except ssl.SSLError:
        text = "holds a certificate that cannot be read, so nobody could sign in; export the authority's again, as PEM"
        yield Finding(setting("", _KEY), text, WARNING)
        return
    for name, seconds in ends:
        if seconds < time.time():
            day = datetime.fromtimestamp(seconds, UTC).date()
            text = f"the certificate of {name!r} ended on {day}, so nobody could sign in; write the authority's new one"
            yield Finding(setting("", _KEY), text, WARNING)


def _ends(pem: str) -> Iterator[tuple[str, float]]:
    """Name and end of each authority's certificate. Raises ssl.SSLError for what is none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=pem)
    for found in context.get_ca_certs():
        names = {str(pair[0]): str(pair[1]) for part in found.get("subject", ()) for pair in part}
        yield (
            names.get("commonName") or names.get("organizationName") or "an authority",
            ssl.cert_time_to_seconds(str(found["notAfter"])),
        )
