"""Values of a tenant's App Gateway release (contract 4.3)."""

from __future__ import annotations

from typing import Any

import pulumi

from components.values.environment import EnvironmentVariable, rolled_by, variable
from components.values.extra import ExtraList, with_extra
from components.values.image_pull import existing_pull_secret
from components.values.secrets.namespace import NO_SECRETS, NamespaceSecrets
from settings.models.server.urls import WorkerUrls
from settings.models.stack import StackSettings
from settings.models.workers.gateway import Gateway, StreamSession
from settings.types.versions import at_least


def gateway_values(
    gateway: Gateway,
    stack: StackSettings,
    access_key: pulumi.Input[str],
    secret_key: pulumi.Input[str],
    *,
    chart_version: str | None = None,
    pull_secret: pulumi.Input[str] | None = None,
    secrets: NamespaceSecrets = NO_SECRETS,
    urls: WorkerUrls | None = None,
) -> dict[str, Any]:
    """Values of chart `clearml-enterprise-app-gateway`.

    The chart takes its credentials as values only: no key for an existing Secret is documented. `secret_key` is an
    Output marked secret, so state and previews do not show it; helm's own record in the namespace holds it.
    `pull_secret` is the name of an image-pull Secret, if there is one, `secrets` are those that are declared
    for its namespace, `urls` where the server is reached, by default where the stack says. Raises ClashError.
    """
    ours = _values(gateway, stack, (urls or stack.urls_for()).api, access_key, secret_key)
    ours["router"]["extraEnvs"] += secrets.rolled(gateway.extra_envs, gateway.extra_values)
    streams = _streams(gateway.stream_session, chart_version)
    extra_envs = ExtraList("router", "extraEnvs", gateway.extra_envs)
    pulling = existing_pull_secret(pull_secret, *secrets.pull_names)
    return with_extra({**pulling, **ours, **streams}, gateway.extra_values, extra_envs)


def _values(
    gateway: Gateway,
    stack: StackSettings,
    api_url: str,
    access_key: pulumi.Input[str],
    secret_key: pulumi.Input[str],
) -> dict[str, Any]:
    return {
        "clearml": {
            "apiKey": access_key,
            "apiSecret": secret_key,
            "apiServerUrlReference": api_url,
            "authCookieName": stack.server.cookie_name,
        },
        "service": {"type": gateway.service},
        "ingress": _ingress(gateway),
        **({"externalURL": gateway.external_url} if gateway.external_url else {}),
        "router": {"extraEnvs": [*_cookie(gateway), *rolled_by(gateway, access_key)]},
    }


def _ingress(gateway: Gateway) -> dict[str, Any]:
    if not gateway.host_name:
        return {"enabled": False}
    ingress = gateway.ingress.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"enabled": True, "hostName": gateway.host_name, **ingress}


def _cookie(gateway: Gateway) -> list[EnvironmentVariable]:
    """A browser keeps a secure cookie to itself without TLS, and nobody could sign in."""
    plain = gateway.external_url and gateway.external_url.startswith("http://")
    return [variable("ROUTER__HTTP__AUTHORIZATION__COOKIE__SECURE", "false")] if plain else []


def _streams(session: StreamSession | None, version: str | None) -> dict[str, Any]:
    """TCP sessions under the name that the chart's version has for them; the shape is the same."""
    if session is None:
        return {}
    service: dict[str, str] = {"type": session.service_type}
    if session.load_balancer_class:
        service["loadBalancerClass"] = session.load_balancer_class
    return {
        "streamSession" if at_least(version, 3) else "tcpSession": {
            "routerAddress": session.router_address,
            "service": service,
            "portRange": session.port_range.model_dump(),
        }
    }
