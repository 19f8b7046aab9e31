"""Secrets that settings declare: what Kubernetes is given, what each release is told of it, and what rolls."""

from __future__ import annotations

import json
from base64 import b64decode
from functools import partial
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.values.secrets.namespace import NamespaceSecrets
from settings.models.secrets import DeclaredSecret, StackSecret
from tests.unit.asked import SECOND, TENANT
from tests.unit.deployment import Monitor, finished, inputs, project_with, run_program, start

SECRET = "kubernetes:core/v1:Secret"
RELEASE = "kubernetes:helm.sh/v3:Release"
BETA = f"{SECOND}agent: {{queues: {{q: {{}}}}}}\n"
ACME = f"""
secrets:
  git-login: {{keys: [token, ca.pem]}}
  images: {{type: dockerconfigjson, registry: registry.example.com, username: robot}}
{TENANT}"""
VALUES: dict[str, Any] = {
    "secrets": {"shared": {"token": "planted-shared"}, "own": {"token": "planted-own"}},
    "tenantSecrets": {
        "acme": {"git-login": {"token": "planted-token", "ca.pem": "planted-pem"}, "images": {"password": "planted-pw"}}
    },
}
STACK: dict[str, Any] = {
    "secrets": {"shared": {"keys": ["token"], "tenants": ["beta"]}, "own": {"keys": ["token"]}},
}


def _encrypted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _encrypted(each) for key, each in value.items()}
    return {"secure": "v1:aaa"}


def _deployed(folder: Path, stack: dict[str, Any] | None = None, **values: Any) -> Monitor:
    given = {**VALUES, **values}
    root = project_with(folder, {"acme": ACME, "beta": BETA})
    file = root / "config" / "Pulumi.local.yaml"
    whole = yaml.safe_load(file.read_text())
    settings: dict[str, Any] = {**whole["config"]["clearml-tenants:stack"], **STACK, **(stack or {})}
    whole["config"] |= {"clearml-tenants:stack": settings}
    whole["config"] |= {f"clearml-tenants:{key}": _encrypted(value) for key, value in given.items()}
    file.write_text(yaml.safe_dump(whole))
    texts = {f"clearml-tenants:{key}": json.dumps(value) for key, value in given.items()}
    monitor = start({"clearml-tenants:stack": json.dumps(settings), **texts}, list(texts))
    finished(partial(run_program, root))
    return monitor


def _data(monitor: Monitor, name: str) -> dict[str, str]:
    """What the Secret holds, all of it marked secret."""
    held = inputs(monitor.one(SECRET, name))["data"]["secret"]
    return {key: b64decode(each).decode() for key, each in held.items()}


def test_each_is_there_before_the_releases_and_a_tenants_goes_with_its_namespace(tmp_path: Path) -> None:
    """A pod that names a Secret does not start without it; a namespace takes what is in it along."""
    monitor = _deployed(tmp_path)
    for secret, releases in (
        ("acme/git-login", ("acme-agent", "acme-gateway")),
        ("clearml/own", ("clearml-enterprise",)),
    ):
        for release in releases:
            waited_for = {urn.rpartition("::")[2] for urn in monitor.one(RELEASE, release).dependencies}
            assert secret in waited_for, (secret, release)
    assert monitor.one(SECRET, "acme/git-login").deletedWith.endswith("core/v1:Namespace::acme")


def test_each_stands_in_its_own_namespace_and_is_granted_by_name(tmp_path: Path) -> None:
    monitor = _deployed(tmp_path)
    made = {each.name for each in monitor.of_type(SECRET) if "/" in each.name}
    assert made == {"clearml/shared", "clearml/own", "acme/git-login", "acme/images", "beta/shared"}
    assert _data(monitor, "acme/git-login") == {"token": "planted-token", "ca.pem": "planted-pem"}
    assert _data(monitor, "beta/shared") == {"token": "planted-shared"}
    assert inputs(monitor.one(SECRET, "acme/git-login"))["type"] == "Opaque"
    assert inputs(monitor.one(SECRET, "beta/shared"))["metadata"]["namespace"] == "beta"


def test_a_login_at_any_registry_pulls_the_images_of_its_namespace(tmp_path: Path) -> None:
    monitor = _deployed(tmp_path)
    assert inputs(monitor.one(SECRET, "acme/images"))["type"] == "kubernetes.io/dockerconfigjson"
    (text,) = _data(monitor, "acme/images").values()
    login = json.loads(text)["auths"]["registry.example.com"]
    assert (login["username"], login["password"]) == ("robot", "planted-pw")
    assert b64decode(login["auth"]) == b"robot:planted-pw"

    def pulling(release: str) -> list[Any]:
        return list(inputs(monitor.one(RELEASE, release))["values"].get("imageCredentials", {}).values())

    assert [{"name": "images"}] in pulling("acme-agent")
    assert [{"name": "images"}] in pulling("acme-gateway")
    assert not pulling("beta-agent")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"secrets": {"shared": {"token": ""}, "own": {"token": "x"}}}, "secrets.shared.token: its value (not shown)"),
        ({"secrets": {"shared": {"token": 5}, "own": {"token": "x"}}}, "secrets.shared.token: its value (not shown)"),
    ],
)
def test_a_value_that_is_no_text_is_refused(tmp_path: Path, values: dict[str, Any], says: str) -> None:
    with pytest.raises(pulumi.RunError) as error:
        _deployed(tmp_path, **values)
    assert says in str(error.value)
    assert "planted" not in str(error.value)


def _of(*texts: str, own: tuple[str, str] = ("key", "secret")) -> NamespaceSecrets:
    declared = {"git": DeclaredSecret(keys=("token",)), "other": DeclaredSecret(keys=("token",))}
    return NamespaceSecrets(declared, {name: {"token": text} for name, text in zip(declared, texts, strict=True)}, own)


def test_what_names_a_secret_rolls_with_its_value_and_with_no_other() -> None:
    naming = [{"name": "GIT", "valueFrom": {"secretKeyRef": {"name": "git", "key": "token"}}}]
    before = _of("one", "two").rolled(naming)
    assert before != _of("another", "two").rolled(naming)
    assert before == _of("one", "another").rolled(naming)
    assert _of("one", "two").rolled([]) == []


_FROM_OWN = [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "own", "key": "token"}}}]
_SERVER: dict[str, Any] = {"cookieName": "clearml_token", "supervisor": {"email": "supervisor@example.com"}}


@pytest.mark.parametrize(
    ("free", "rolled"),
    [
        ({"fileserver": {"extraEnvs": _FROM_OWN}}, {"fileserver"}),
        ({"clearmlApplications": {"extraEnvs": _FROM_OWN}}, {"clearmlApplications"}),
        ({"clearmlApplications": {"customCertificates": {"existingSecret": "own"}}}, {"clearmlApplications"}),
        # A database keeps the password that it was made with; who signs in there is the apiserver.
        ({"mongodb": {"auth": {"existingSecret": "own"}}}, {"apiserver"}),
        ({"externalServices": {"existingSecret": "own"}}, {"apiserver"}),
        ({"webserver": {"additionalVolumes": [{"name": "v", "secret": {"secretName": "own"}}]}}, {"webserver"}),
        ({"fileserver": {"extraEnvs": [{"name": "A", "value": "b"}]}}, set()),
    ],
)
def test_the_servers_parts_restart_with_the_secrets_that_they_name(
    tmp_path: Path, free: dict[str, Any], rolled: set[str]
) -> None:
    """The file server's, the databases' and the applications' Secrets changed, and no pod heard of it."""
    sides = []
    for token in ("rolls-one", "rolls-other"):
        held = {"secrets": {"shared": {"token": "planted-shared"}, "own": {"token": token}}}
        monitor = _deployed(tmp_path / token, {"server": {**_SERVER, "extraValues": free}}, **held)
        sides.append(inputs(monitor.one(RELEASE, "clearml-enterprise"))["values"])
    assert {part for part in sides[0] if sides[0][part] != sides[1][part]} == rolled
    assert "rolls-o" not in json.dumps(sides)
    listed = free.get("clearmlApplications", {}).get("extraEnvs", [])
    assert sides[0]["clearmlApplications"].get("extraEnvs", [])[: len(listed)] == listed


def test_nobody_tries_guesses_on_the_digest() -> None:
    """It is of the server's own pair, too, which is no person's choice."""
    assert _of("one", "two").rolled(["git"]) != _of("one", "two", own=("key", "another")).rolled(["git"])


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"keys": ()},
        {"keys": ("a",), "username": "robot"},
        {"type": "dockerconfigjson"},
        {"type": "dockerconfigjson", "registry": "registry.example.com"},
        {"type": "dockerconfigjson", "registry": "registry.example.com", "username": "r", "keys": ("a",)},
        {"type": "dockerconfigjson", "registry": "https://registry.example.com", "username": "r"},
        {"type": "dockerconfigjson", "registry": "registry.example.com", "username": "r:x"},
        {"type": "kubernetes.io/service-account-token", "keys": ("token",)},
        {"keys": ("../token",)},
        {"keys": ("..",)},
        {"keys": ("a b",)},
        {"keys": ('a"]',)},
    ],
)
def test_a_declaration_that_makes_no_secret_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"needs|is not|should be"):
        DeclaredSecret.model_validate(content)


def test_a_grant_is_of_a_name_or_of_everybody() -> None:
    assert StackSecret(keys=("a",), tenants=("acme",)).is_granted_to("acme")
    assert not StackSecret(keys=("a",), tenants=("acme",)).is_granted_to("acme-new")
    assert not StackSecret(keys=("a",), tenants=("ac*",)).is_granted_to("acme")
    assert StackSecret(keys=("a",), tenants=("*",)).is_granted_to("acme")
