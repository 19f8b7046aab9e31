"""Identity providers of the server: what the engine is given, the secrets in a Secret of their own and nowhere else."""

from __future__ import annotations

import json
from base64 import b64decode
from functools import partial
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

from tests.unit.asked import SECOND
from tests.unit.deployment import Monitor, finished, inputs, project_with, run_program, start

SECRET = "kubernetes:core/v1:Secret"
RELEASE = "kubernetes:helm.sh/v3:Release"
NAME = "clearml-identity-providers"
KEY = "clearml-tenants:identityProviderSecrets"
PROVIDERS = {
    "google": {"clientId": "1-a.apps.example.com"},
    "duo": {"entityId": "clearml", "metadataFile": "/etc/duo.xml"},
    "ldap": {"server": "ldaps://ldap.example.com", "baseDn": "dc=example,dc=com", "bindDn": "cn=clearml"},
}
HELD = {"google": 'planted-"client#1', "ldap": "planted-pa$$word"}


def _deployed(folder: Path, providers: dict[str, Any], held: Any, of_engine: Any = None) -> Monitor:
    root = project_with(folder, {"beta": SECOND})
    file = root / "config" / "Pulumi.local.yaml"
    whole = yaml.safe_load(file.read_text())
    stack = whole["config"]["clearml-tenants:stack"]
    stack["server"] = {**stack["server"], "identityProviders": providers}
    texts = {"clearml-tenants:stack": json.dumps(stack)}
    if held:
        whole["config"][KEY] = {name: {"secure": "v1:eee"} for name in held}
        texts[KEY] = json.dumps(held if of_engine is None else of_engine)
    file.write_text(yaml.safe_dump(whole))
    monitor = start(texts, [KEY])
    finished(partial(run_program, root))
    return monitor


def test_the_secrets_are_in_a_secret_as_the_server_reads_them(tmp_path: Path) -> None:
    monitor = _deployed(tmp_path, PROVIDERS, HELD)
    secret = inputs(monitor.one(SECRET, NAME))
    read = {name: json.loads(b64decode(text)) for name, text in secret["data"]["secret"].items()}
    assert read == HELD
    assert secret["metadata"]["namespace"] == "clearml"
    (release,) = [each for each in monitor.of_type(RELEASE) if each.name == "clearml-enterprise"]
    shown = json.dumps(inputs(release), default=str)
    assert "planted-client" not in shown
    assert "planted-pa" not in shown
    assert NAME in shown
    assert any(urn.endswith(f"::{NAME}") for urn in release.dependencies)


def test_the_outputs_tell_what_the_providers_have_to_be_told(tmp_path: Path) -> None:
    _deployed(tmp_path, PROVIDERS, HELD)
    stack = get_root_resource()
    assert isinstance(stack, Stack)

    def check(told: dict[str, Any]) -> None:
        """Nobody is sent to a directory, and so nobody comes back from one."""
        assert told["server"]["callbackUrls"] == {
            "google": "https://app.clearml.example/callback_google",
            "duo": "https://app.clearml.example/callback_duo",
        }

    finished(lambda: pulumi.Output.from_input(dict(stack.outputs)).apply(check))


def test_a_stack_without_providers_is_what_it_was(tmp_path: Path) -> None:
    monitor = _deployed(tmp_path, {}, None)
    assert NAME not in {each.name for each in monitor.of_type(SECRET)}
    assert "IDENTITY_PROVIDERS" not in "".join(json.dumps(inputs(each), default=str) for each in monitor.registered)


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ({"google": "x"}, "identityProviderSecrets: the engine was started with another value; "),
        ({**HELD, "google": ""}, "identityProviderSecrets.google: its value (not shown) is empty, or holds a control "),
        ({**HELD, "ldap": "planted\u0000"}, "identityProviderSecrets.ldap: its value (not shown) is empty, or holds "),
    ],
)
def test_a_secret_that_nobody_could_sign_in_with_is_refused(tmp_path: Path, held: dict[str, str], says: str) -> None:
    with pytest.raises(pulumi.RunError) as error:
        _deployed(tmp_path, PROVIDERS, HELD, held)
    assert says in str(error.value)
    assert "planted" not in str(error.value)
