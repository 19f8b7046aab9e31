"""Which annotations a gateway's ingress may have: some lead traffic, change the controller itself, or name hosts."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.finding import Finding, Where, setting
from settings.grant import Grant
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.naming import worker_key

_NGINX = "nginx.ingress.kubernetes.io"
# They shape requests to this host alone, and take no text that a controller would read as its own configuration.
HARMLESS = (
    "cert-manager.io/cluster-issuer",
    "cert-manager.io/issuer",
    "kubernetes.io/tls-acme",
    # Of the certificate, how long it lasts and what key it has; not `common-name` and the like, which name hosts.
    *(f"cert-manager.io/{each}" for each in ("duration", "renew-before", "revision-history-limit")),
    *(f"cert-manager.io/private-key-{each}" for each in ("algorithm", "size", "encoding", "rotation-policy")),
    *(
        f"{_NGINX}/{name}"
        for name in (
            *("proxy-body-size", "proxy-read-timeout", "proxy-send-timeout", "proxy-connect-timeout"),
            *("proxy-buffering", "proxy-buffer-size", "proxy-buffers-number", "proxy-http-version"),
            *("proxy-request-buffering", "client-body-buffer-size", "ssl-redirect", "force-ssl-redirect"),
            *("limit-rps", "limit-rpm", "limit-connections", "enable-cors", "affinity", "affinity-mode"),
            *("websocket-services", "whitelist-source-range", "allowlist-source-range", "denylist-source-range"),
        )
    ),
)
# What would end a line or a block of a controller's configuration.
_BREAKING = frozenset("\n\r{};#`$\"'\\")


@check("a gateway's ingress has only annotations that tenants may write", precedence="last")
@for_each_tenant
def check_annotations(tenant: Tenant, _: StackSettings, grants: Grants) -> Iterator[Finding]:
    """An annotation that the stack's file does not let tenants write."""
    for use, gateway in tenant.all_gateways.items():
        for name, value in gateway.ingress.annotations.items():
            key = f"{worker_key(use)}.ingress.annotations.{name}"
            yield from _refusals(setting(tenant.name, key), name, value, grants)


def _refusals(where: Where, name: str, value: str, grants: Grants) -> Iterator[Finding]:
    granted = any(fnmatchcase(name, each) for each in grants.ingress_annotations)
    if not granted and name not in HARMLESS:
        text = "may lead other hosts' traffic here or change the controller itself; remove it, or write in the"
        way = Grant("ingressAnnotations", (name,), where.tenant)
        yield Finding(where, f"{text} stack's file {way}", grant=way)
    elif not granted and not _BREAKING.isdisjoint(value):
        text = "its value (not shown) holds a line's end, a quote, or one of { } ; # $ and \\, which a controller may"
        yield Finding(where, f"{text} read as its own configuration; take that out")
