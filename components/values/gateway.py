"""Values of a tenant's App Gateway release (contract, 4.3)."""

from __future__ import annotations

from typing import Any

import pulumi

from components.values.environment import variable
from components.values.server import registry
from config.secrets import Secrets
from config.stack import StackSettings
from config.tenant import Gateway


def gateway_values(
    gateway: Gateway,
    stack: StackSettings,
    secrets: Secrets,
    access_key: pulumi.Input[str],
    secret_key: pulumi.Input[str],
) -> dict[str, Any]:
    """Values of chart `clearml-enterprise-app-gateway`, which takes its credentials as values only."""
    return {
        **registry(secrets),
        "clearml": {
            "apiKey": access_key,
            "apiSecret": secret_key,
            "apiServerUrlReference": stack.url_of(stack.api_host),
            "authCookieName": stack.server.cookie_name,
        },
        **(_behind_ingress(gateway.host_name) if gateway.host_name else _on_node_port(gateway.external_url or "")),
    }


def _behind_ingress(host: str) -> dict[str, Any]:
    return {"service": {"type": "ClusterIP"}, "ingress": {"enabled": True, "hostName": host}}


def _on_node_port(url: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "service": {"type": "NodePort"},
        "ingress": {"enabled": False},
        "externalURL": url,
    }
    if url.startswith("http://"):
        # A browser keeps a secure cookie to itself without TLS, and nobody could sign in.
        values["router"] = {"extraEnvs": [variable("ROUTER__HTTP__AUTHORIZATION__COOKIE__SECURE", "false")]}
    return values
