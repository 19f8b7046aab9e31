"""The calls about the server itself (contract 1.7)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from components.clearml.api.client import Client
from components.clearml.api.models import ApiModel

_ANYTHING: Any = Field(default_factory=dict)


class Organization(ApiModel):
    features: dict[str, Any] = _ANYTHING


class Groups(ApiModel):
    default_groups: dict[str, Any] = _ANYTHING
    ui_features_per_role: dict[str, Any] = _ANYTHING


class Login(ApiModel):
    sso: dict[str, Any] = _ANYTHING


class Services(ApiModel):
    organization: Organization = Organization()
    auth: Groups = Groups()
    login: Login = Login()


class SignIn(ApiModel):
    session_auth_cookie_name: str | None = None
    credentials: dict[str, Any] = _ANYTHING


class Apiserver(ApiModel):
    company: dict[str, Any] = _ANYTHING
    auth: SignIn = SignIn()


class Configuration(ApiModel):
    """What `server.config` says of groups, features and sign-in.

    Its answer holds more, such as where databases are: none of that is read into anything.
    """

    services: Services = Services()
    apiserver: Apiserver = Apiserver()


def configuration(client: Client) -> Configuration:
    """What the server runs with, without its secure section: no path is named, for with one that section is shown."""
    return client.read("server.config", response=Configuration)
