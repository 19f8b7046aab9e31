"""Pure: the settings of a stack's server, from the values of its release and from what the server says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from operations.adoption.reading.facts import Note, Release, texts_at
from operations.adoption.translation.environment import Environment
from operations.adoption.translation.groups import GROUPS, features, groups, ui_features
from operations.adoption.translation.sign_in import identity_providers
from operations.adoption.translation.takeover import can_be_named
from operations.adoption.translation.values import Values
from settings.types.versions import OTHER_MONGODB_SINCE, at_least

# Values that become secrets of the stack, by its key.
SECRETS: Mapping[tuple[str, ...], str] = {
    ("clearml", "apiserverKey"): "apiserverKey",
    ("clearml", "apiserverSecret"): "apiserverSecret",
    ("clearml", "fileserverKey"): "fileserverKey",
    ("clearml", "fileserverSecret"): "fileserverSecret",
    ("clearml", "secureAuthTokenSecret"): "secureAuthTokenSecret",
    ("clearml", "testUserKey"): "testUserKey",
    ("clearml", "testUserSecret"): "testUserSecret",
    ("imageCredentials", "password"): "imageToken",
    ("externalServices", "elasticsearchConnectionString"): "elasticsearchConnectionString",
    ("externalServices", "mongodbConnectionStringAuth"): "mongodbConnectionStringAuth",
    ("externalServices", "mongodbConnectionStringBackend"): "mongodbConnectionStringBackend",
    ("usageAggregator", "externalServices", "mongodbConnectionString"): "usageMongodbConnectionString",
    ("mongodb", "auth"): "mongodbAuth",
    ("redis", "auth"): "redisAuth",
    ("elasticsearch", "secret"): "elasticsearchSecret",
}
_EXAMPLE_DOMAIN = "clearml.example.com"
_COOKIE = "clearml_token_basic"
# As the public chart spells it, which always sets it.
_COOKIE_OF_CHART = "CLEARML__APISERVER__AUTH__SESSION_AUTH_COOKIE_NAME"


@dataclass
class Draft:
    """Settings while they are written: the stack's own keys, its server's, the secrets to set, and notes."""

    stack: dict[str, Any] = field(default_factory=dict)
    server: dict[str, Any] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, kind: Any, key: str, text: str) -> None:  # noqa: ANN401 - one of the kinds
        self.notes.append(Note("", kind, key, text))


def server_settings(release: Release | None, configuration: Mapping[str, Any], api_host: str) -> Draft:
    """What the stack's file says of the server. `release` is None where no cluster that was read has it."""
    draft, values = Draft(), Values(release.values if release else {})
    for path, key in SECRETS.items():
        if values.take(*path) is not None:
            draft.secrets.append(key)
    variables = values.take("apiserver", "extraEnvs")
    environment = Environment(variables if isinstance(variables, list) else [])
    draft.stack["baseDomain"] = _base_domain(draft, values, api_host)
    if release:
        draft.server.update(namespace=release.namespace, release=release.name)
        if not can_be_named(release):
            del draft.server["release"]
    _sign_in(draft, values, environment, configuration)
    providers, secrets = identity_providers(environment, draft.note)
    draft.secrets += secrets
    if providers:
        draft.server["identityProviders"] = providers
    said = configuration.get("services") or {} if release is None else {}
    draft.stack["features"] = features(environment, said)
    draft.stack["groups"] = groups(environment, said)
    for key in environment.below(*GROUPS):
        text = (
            "has no UUID as its id, lacks another part, or has a key that no file can have; its variables stay as they "
            "are in server.apiserver.extraEnvs"
        )
        draft.note("lost", f"groups.{key}", text)
    draft.stack["uiFeaturesPerRole"] = ui_features(environment, said)
    draft.server["supervisor"] = environment.supervisor()
    if "email" in draft.server["supervisor"]:
        draft.secrets += ["supervisorKey", "supervisorSecret"]
    _parts(draft, values, release is not None)
    _databases(draft, values, release)
    if more := environment.rest():
        draft.server.setdefault("apiserver", {})["extraEnvs"] = more
    if rest := values.rest():
        draft.server["extraValues"] = rest
    return draft


def secret_texts(release: Release) -> Iterator[str]:
    """Those of a server's secrets that no name gives away, such as where its databases are."""
    for path in SECRETS:
        if text := texts_at(release.values, *path):
            yield text


def _base_domain(draft: Draft, values: Values, api_host: str) -> str:
    domain = (values.text("clearml", "cookieDomain") or api_host.removeprefix("api.")).lstrip(".")
    if "." in domain and not domain.replace(".", "").isdigit():
        return domain
    text = (
        "neither the release's values nor apiUrl say it; an example is written: put the domain that its hosts are below"
    )
    draft.note("decide", "baseDomain", text)
    return _EXAMPLE_DOMAIN


def _sign_in(draft: Draft, values: Values, environment: Environment, configuration: Mapping[str, Any]) -> None:
    apiserver = configuration.get("apiserver") or {}
    auth, company = apiserver.get("auth") or {}, apiserver.get("company") or {}
    by_chart = values.text("clearml", "cookieName")
    if _COOKIE_OF_CHART in environment.names("apiserver", "auth", "session_auth_cookie_name"):
        text = (
            f"was given by {_COOKIE_OF_CHART} in apiserver.extraEnvs too, a name that the chart sets itself; the first "
            "deploy takes that one out, and Kubernetes loses both: heal the stack right after it, or the cookie has "
            "another name until the next change"
        )
        draft.note("decide", "server.cookieName", text)
    by_variable = environment.take("apiserver", "auth", "session_auth_cookie_name")
    draft.server["cookieName"] = by_variable or by_chart or auth.get("session_auth_cookie_name") or _COOKIE
    mode = values.text("clearmlApplications", "queueMode")
    if mode:
        draft.server["queueMode"] = mode
    unique = environment.take("apiserver", "company", "unique_names", kind=bool)
    unique = company.get("unique_names") if unique is None else unique
    if isinstance(unique, bool):
        draft.server["uniqueNames"] = unique
    login = environment.take("services", "login", "sso", "tenant_login", kind=bool)
    if login is None:
        login = ((configuration.get("services") or {}).get("login") or {}).get("sso", {}).get("tenant_login") is True
    if login:
        draft.server["multiTenantLogin"] = True
        environment.drop("services", "login", "sso", "allow_settings_providers")
    seconds = environment.take("apiserver", "auth", "credentials", "default_expiration_sec", kind=int)
    if seconds is not None:
        draft.server["keyLifetimeSeconds"] = seconds


def _parts(draft: Draft, values: Values, known: bool) -> None:
    elsewhere = values.text("clearmlApplications", "fileServerUrlReferenceOverride")
    applications = values.flag("clearmlApplications", "enabled")
    if applications is False:
        draft.server["applications"] = {"enabled": False}
    if values.flag("usageAggregator", "enabled"):
        draft.server["usageAggregator"] = {"enabled": True}
    for name, prefix in (("apiserver", "api"), ("webserver", "app"), ("fileserver", "files")):
        part = _part(values, name, f"{prefix}.{draft.stack['baseDomain']}", known)
        if part:
            draft.server[name] = part
    enabled = values.flag("fileserver", "enabled")
    if elsewhere:
        values.take("webserver", "displayedServerURLs")
        draft.server["fileserver"] = {"externalUrl": elsewhere}
    elif enabled is False:
        draft.server["fileserver"] = {"enabled": False}
    variables = values.take("webserver", "extraEnvs")
    if rest := list(_of_webserver(variables if isinstance(variables, list) else [], bool(elsewhere))):
        draft.server.setdefault("webserver", {})["extraEnvs"] = rest


def _of_webserver(variables: list[Mapping[str, Any]], elsewhere: bool) -> Iterator[Mapping[str, Any]]:
    """Without those that settings bring: the login of tenants, and files elsewhere."""
    ours = {"WEBSERVER__onlyPasswordLogin", *(["WEBSERVER__fileBaseUrl"] if elsewhere else [])}
    yield from (each for each in variables if each.get("name") not in ours)


def _part(values: Values, name: str, usual_host: str, known: bool) -> dict[str, Any]:
    """A part's host, ingress and service."""
    enabled, host = values.flag(name, "ingress", "enabled"), values.text(name, "ingress", "hostName")
    said = {
        "ingressClassName": values.text(name, "ingress", "ingressClassName"),
        "tlsSecretName": values.text(name, "ingress", "tlsSecretName"),
        "annotations": values.take(name, "ingress", "annotations") or None,
    }
    ingress: dict[str, Any] = {key: value for key, value in said.items() if value}
    if enabled is False or (known and enabled is None):
        ingress = {"enabled": False}
    service = values.text(name, "service", "type")
    part = {
        "host": host if host and host != usual_host else None,
        "ingress": ingress or None,
        "serviceType": service if service and service != "ClusterIP" else None,
    }
    return {key: value for key, value in part.items() if value}


def _databases(draft: Draft, values: Values, release: Release | None) -> None:
    said = {
        "enabled": values.flag("mongodb", "enabled"),
        "mckEnabled": values.flag("mckMongodb", "enabled"),
        "mckMigrated": values.flag("mckMongodb", "migrated"),
    }
    if mongodb := {key: value for key, value in said.items() if value is not None}:
        draft.server["mongodb"] = mongodb
    elif release is None or at_least(release.version, *OTHER_MONGODB_SINCE):
        draft.server["mongodb"] = {"mckEnabled": True, "mckMigrated": True}
        draft.note(
            "decide",
            "server.mongodb",
            "no value says which MongoDB holds the data, so the settings say the newer one, as for a server that began "
            "with it or was migrated: look which runs, and write it before the first preview",
        )
    if host := values.text("externalServices", "redisHost"):
        port = values.text("externalServices", "redisPort") or "6379"
        draft.server["redis"] = {"host": host, **({"port": int(port)} if port.isdigit() and port != "6379" else {})}
