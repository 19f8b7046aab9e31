"""With what the server itself lets people sign in (contract 3.2); providers of tenants are stored elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local.emulator.configuration.effective import Configuration

# By the kind, what a provider needs to be offered at all.
_NEEDED = {"oauth_client": ("client_id", "client_secret"), "saml_client": ("entity_id", "idp_metadata_file")}


def offered(configuration: Configuration) -> list[dict[str, Any]]:
    """Each provider that is complete: `name`, `url` and `display_name`. None while only tenants' own are offered.

    A secret that the server would read as a number is none.
    """
    if configuration.get("services.login.sso.allow_settings_providers", default=True) is False:
        return []
    return list(_offered(configuration))


def _offered(configuration: Configuration) -> Iterator[dict[str, Any]]:
    for kind, needed in _NEEDED.items():
        clients = configuration.get(f"secure.login.sso.{kind}")
        for name, client in (clients if isinstance(clients, dict) else {}).items():
            if isinstance(client, dict) and all(isinstance(client.get(key), str) and client[key] for key in needed):
                said = f"services.login.sso.{kind}.{name}"
                yield {
                    "name": name,
                    "url": configuration.get(f"{said}.authorize_url", default=""),
                    "display_name": configuration.get(f"{said}.display_name", default=name),
                }


def takes_passwords(configuration: Configuration) -> bool:
    """Whether people type a name and a password, which a directory or the configuration itself knows."""
    return configuration.get("apiserver.auth.fixed_users.enabled") is True
