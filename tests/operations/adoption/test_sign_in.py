"""Identity providers as variables of a server that was made by hand become settings, where these say just the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.values.sign_in.environment import sign_in_environment
from operations.adoption.reading.facts import Release
from operations.adoption.translation.server import server_settings
from operations.takeover.secrets import stack_secrets
from settings.models.server.sign_in.providers import IdentityProviders
from tests.operations.adoption.installation import server_values
from tests.operations.adoption.site import Site
from tests.unit.document import SECRETS

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "sign-in.md"
_OAUTH = "CLEARML__{}__login__sso__oauth_client__{}__{}"
_OURS = "CLEARML_TENANTS_"
_OKTA = {
    _OAUTH.format("secure", "okta", "client_id"): '"0oa8m2onb7CAohGdW5d8"',
    _OAUTH.format("secure", "okta", "client_secret"): '"okta-9f8e7d6c5b"',
    _OAUTH.format("services", "okta", "base_url"): '"https://example.okta.com/oauth2/default/"',
    _OAUTH.format("services", "okta", "authorize_url"): '"https://example.okta.com/oauth2/default/v1/authorize"',
    _OAUTH.format("services", "okta", "access_token_url"): '"https://example.okta.com/oauth2/default/v1/token"',
}
_OKTA_SETTINGS = {
    "clientId": "0oa8m2onb7CAohGdW5d8",
    "baseUrl": "https://example.okta.com/oauth2/default/",
    "authorizeUrl": "https://example.okta.com/oauth2/default/v1/authorize",
    "accessTokenUrl": "https://example.okta.com/oauth2/default/v1/token",
}


def _documented() -> dict[str, dict[str, Any]]:
    """The page's own examples, and one that says all that OAuth can."""
    blocks = [yaml.safe_load(each.split("```")[0]) for each in _PAGE.read_text().split("```yaml\n")[1:]]
    found: dict[str, dict[str, Any]] = {}
    for block in blocks:
        found |= (block.get("server") or {}).get("identityProviders") or {}
    more = {
        "displayName": "Staff",
        "audience": "https://example.com/userinfo",
        "identityProvider": "saml",
        "codeChallengeMethod": "S256",
        "debug": True,
        "adminRole": "",
        "infoFromAccessToken": False,
        "defaultCompany": "d1bd92a3b039400cbafc60a7a5b1e52b",
        "claims": {"objectId": "oid", "givenName": "first", "surname": "last", "email": "mail", "name": "n"},
        "groups": {},
    }
    return {**found, "ping": {**_OKTA_SETTINGS, **more}}


def _draft(variables: dict[str, str], **more: Any) -> Any:
    listed = [{"name": name, "value": value} for name, value in variables.items()]
    values = {"apiserver": {"extraEnvs": listed, **more}}
    return server_settings(Release("a", "a", "clearml-enterprise", "11.0.2", "deployed", values), {}, "api.example.com")


@pytest.mark.parametrize("name", ["okta", "azure_ad", "keycloak", "microsoft_ad", "ldap", "ping"])
def test_what_settings_write_is_read_back_as_the_same_settings(name: str) -> None:
    given = _documented()[name]
    written = sign_in_environment(IdentityProviders.model_validate({name: given}), SECRETS)
    listed = [each for each in written if not each["name"].startswith(_OURS)]
    variables = {each["name"]: str(each.get("value", '"the-secret-9a8b"')) for each in listed}
    draft = _draft(variables)
    asked = dict(given)
    if metadata := asked.pop("metadata", None):
        assert metadata
        asked["metadataFile"] = f"/opt/clearml/config/default/{name}-metadata.xml"
    assert draft.server["identityProviders"] == {name: asked}
    assert "extraEnvs" not in draft.server["apiserver"]
    assert draft.secrets == ([] if name == "microsoft_ad" else [f"identityProviderSecrets.{name}"])


def test_capitals_and_other_prefixes_are_the_same_variables() -> None:
    saml = "TRAINS__SECURE__LOGIN__SSO__SAML_CLIENT__JUMPCLOUDSAML__{}"
    draft = _draft({saml.format("ENTITY_ID"): "clearml", saml.format("IDP_METADATA_FILE"): '"/opt/m.xml"'})
    assert draft.server["identityProviders"] == {"jumpcloudsaml": {"entityId": "clearml", "metadataFile": "/opt/m.xml"}}


NOT_SAID: dict[str, dict[str, str | None]] = {
    "no address that its guide asks for": {_OAUTH.format("services", "okta", "base_url"): None},
    "a secret from elsewhere": {_OAUTH.format("secure", "okta", "client_secret"): None},
    "an id that the kubelet puts there": {_OAUTH.format("secure", "okta", "client_id"): '"$(OKTA_CLIENT_ID)"'},
    "an address that is none": {_OAUTH.format("services", "okta", "base_url"): '"okta"'},
    "a challenge without its switch": {_OAUTH.format("services", "okta", "code_challenge_method"): "S256"},
}


@pytest.mark.parametrize("name", NOT_SAID)
def test_a_provider_that_settings_cannot_say_keeps_every_variable(name: str) -> None:
    given = {key: value for key, value in {**_OKTA, **NOT_SAID[name]}.items() if value is not None}
    draft = _draft(given)
    assert "identityProviders" not in draft.server
    assert {each["name"]: each["value"] for each in draft.server["apiserver"]["extraEnvs"]} == given
    (note,) = [each for each in draft.notes if each.key == "server.identityProviders.okta"]
    assert note.kind == "lost"
    assert all(each in note.text for each in given)


def test_a_variable_without_a_setting_stays_beside_its_provider() -> None:
    unknown = {
        _OAUTH.format("services", "okta", "scope"): '"openid"',
        _OAUTH.format("services", "okta", "groups__enabled"): "false",
        _OAUTH.format("services", "okta", "idp_logout"): "false",
    }
    draft = _draft({**_OKTA, **unknown})
    assert draft.server["identityProviders"] == {"okta": _OKTA_SETTINGS}
    assert [each["name"] for each in draft.server["apiserver"]["extraEnvs"]] == list(unknown)
    (note,) = [each for each in draft.notes if each.key == "server.identityProviders.okta"]
    assert all(each in note.text for each in unknown)


def test_its_secret_is_a_command_and_stands_in_no_file(site: Site) -> None:
    values = server_values(site.emulator)
    values["apiserver"]["extraEnvs"] += [{"name": name, "value": value} for name, value in _OKTA.items()]
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", values)
    site.run()
    assert site.settings["server"]["identityProviders"] == {"okta": _OKTA_SETTINGS}
    content = yaml.safe_load((site.root / "config/Pulumi.prod.yaml").read_text())
    assert content["config"]["clearml-tenants:identityProviderSecrets"] == {"okta": {"secure": "replace-me"}}
    command = "pulumi config set --stack prod --secret --path identityProviderSecrets.okta"
    assert f"* `identityProviderSecrets.okta`: {command}\n" in site.report
    for text in site.texts().values():
        assert "okta-9f8e7d6c5b" not in text
    assert site.load()
    assert not [line for line in site.run() if line.endswith(": written")]


def test_a_takeover_knows_the_secrets_of_the_providers_that_the_files_have() -> None:
    listed = [{"name": name, "value": value} for name, value in _OKTA.items()]
    values = {"apiserver": {"extraEnvs": listed}}
    assert stack_secrets(values, ("okta",)) == {"identityProviderSecrets.okta": "okta-9f8e7d6c5b"}
    assert stack_secrets(values, ("keycloak",)) == {}
