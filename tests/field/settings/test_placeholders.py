"""Issue 16.18: a placeholder is named before anything is done, in whichever file it stands; honest values pass."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from operations.engine import EngineStack
from settings.errors import ConfigurationError
from settings.loading.load import Environment, load
from tests.unit.asked import ACME, STACK_FILE, TENANT, WITH_ADDRESSES, load_project, project

ROOT = Path(__file__).resolve().parents[3]
_OURS = f"{STACK_FILE}: clearml-tenants:"
_NOT_ENCRYPTED = "is a placeholder and no encrypted secret (the engine says: bad value); set it with: pulumi config set"
_PASSPHRASE = "v1:Fqxsw22NTjKwnq1L:TAZXBA4FYh1M9A1YNLKlRen7j9yfnkzfA9+gBQbmgfZGeSAYB3OeAoqm32if2A=="
_SERVICE = "AAABAJKnbEkPX2YSVVLTdqkcJnCrLlhYGVDwPhUnOUkMUrEVVJH0aA=="


def _stack(old: str, new: str) -> dict[str, str | bytes]:
    assert old in WITH_ADDRESSES
    return {STACK_FILE: WITH_ADDRESSES.replace(old, new)}


def _environment(root: Path, files: dict[str, str | bytes]) -> Environment:
    return load_project(root, {STACK_FILE: WITH_ADDRESSES, **files})


@pytest.mark.parametrize(("stack", "secrets"), [("dev", 3), ("staging", 5), ("prod", 8)])
def test_each_placeholder_of_the_examples_is_named_with_its_command(stack: str, secrets: int) -> None:
    environment = load(ROOT, stack)
    assert environment.warnings == environment.placeholders
    assert len(environment.placeholders) == secrets
    for each in environment.placeholders:
        key = each.where.key.removeprefix("clearml-tenants:")
        line = f"config/Pulumi.{stack}.yaml: clearml-tenants:{key}: {_NOT_ENCRYPTED} --stack {stack} --secret {key}"
        assert str(each) == line


@pytest.mark.parametrize("text", ["replace-me", "REPLACE_ME", "<your token>", "TODO", "''", "hunter2", "v1:change-me"])
def test_what_stands_in_place_of_a_ciphertext(tmp_path: Path, text: str) -> None:
    (found,) = _environment(tmp_path, _stack("v1:aaa", text)).placeholders
    assert str(found) == f"{_OURS}apiserverKey: {_NOT_ENCRYPTED} --stack test --secret apiserverKey"


@pytest.mark.parametrize("text", [_PASSPHRASE, _SERVICE])
def test_what_the_engine_encrypted_is_none(tmp_path: Path, text: str) -> None:
    assert _environment(tmp_path, _stack("v1:aaa", text)).placeholders == ()


def test_a_secret_that_stands_deeper_is_set_by_its_path(tmp_path: Path) -> None:
    sso = "sso: {externalTenant: acme, clientId: c, endpoints: {authorization: 'https://i.example/a', token: 'https://i.example/t'}}\n"
    files = _stack(
        "  clearml-tenants:stack:", "  clearml-tenants:ssoClientSecrets: {acme: {secure: x}}\n  clearml-tenants:stack:"
    )
    (found,) = _environment(tmp_path, {**files, ACME: TENANT + sso}).placeholders
    assert str(found).startswith(f"{_OURS}ssoClientSecrets.acme: {_NOT_ENCRYPTED} --stack test --secret --path ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kubeContext: somewhere", "kubeContext: replace-me", "clearml-tenants:stack.kubeContext"),
        ("kubeContext: somewhere", "kubeContext: <context>", "clearml-tenants:stack.kubeContext"),
        ("//api.clearml.example.com", "//replace-me.clearml.example.com", "clearml-tenants:apiUrl"),
        ("supervisor@example.com", "change-me@example.com", "clearml-tenants:stack.server.supervisor.email"),
        ("encryptionsalt: v1:abc", "secretsprovider: awskms://alias/replace-me", "secretsprovider"),
        ("  clearml-tenants:apiUrl", "  aws:region: TODO\n  clearml-tenants:apiUrl", "aws:region"),
    ],
)
def test_a_setting_that_is_still_to_be_written(tmp_path: Path, old: str, new: str, said: str) -> None:
    (found,) = _environment(tmp_path, _stack(old, new)).placeholders
    assert str(found).startswith(f"{STACK_FILE}: {said}: is a placeholder; write your own value")


def test_a_tenants_file_and_how_its_key_is_written(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {ACME: TENANT.replace("Acme Inc.", "<company>")}
    (found,) = _environment(tmp_path, files).placeholders
    assert str(found) == f"{ACME}: acme: company: is a placeholder; write your own value, like company: Acme Inc."


@pytest.mark.parametrize(
    "value",
    ["cat <file >out", "<html><body>your-company</body></html>", "[TODO] later", "replacement", "exchange-meter"],
)
def test_free_values_may_speak_of_anything(tmp_path: Path, value: str) -> None:
    files = _stack("server:\n      cookieName", f"server:\n      extraValues: {{note: '{value}'}}\n      cookieName")
    assert _environment(tmp_path, files).placeholders == ()


def test_in_free_values_a_placeholder_is_a_whole_value(tmp_path: Path) -> None:
    files = _stack("server:\n      cookieName", "server:\n      extraValues: {note: [a, '<note>']}\n      cookieName")
    (found,) = _environment(tmp_path, files).placeholders
    assert found.where.key == "clearml-tenants:stack.server.extraValues.note[1]"


def test_a_company_may_be_called_nearly_so(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {ACME: TENANT.replace("Acme Inc.", "Todo Ltd. & Changemakers")}
    assert _environment(tmp_path, files).placeholders == ()


def test_a_deploy_stops_with_the_same_lines_as_errors(tmp_path: Path) -> None:
    environment = _environment(tmp_path, _stack("v1:aaa", "replace-me"))
    with pytest.raises(ConfigurationError) as error:
        environment.require_values()
    assert str(error.value) == str(environment.placeholders[0])
    assert [each.is_error for each in error.value.findings] == [True]
    _environment(tmp_path, {}).require_values()


def test_what_the_engine_calls_a_bad_value_is_told_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `pulumi` that ends as the real one does with a placeholder in the file."""
    engine = tmp_path / "bin" / "pulumi"
    engine.parent.mkdir()
    engine.write_text("#!/bin/sh\necho 'error: could not decrypt configuration value: bad value' >&2\nexit 255\n")
    engine.chmod(engine.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{engine.parent}:/usr/bin:/bin")
    monkeypatch.delenv("CLEARML_TENANTS_STACK", raising=False)
    root = project(tmp_path / "project", _stack("v1:ddd", "replace-me"))
    with pytest.raises(ConfigurationError, match=r"\Aconfig/Pulumi.test.yaml: clearml-tenants:supervisorSecret: is a "):
        EngineStack(root, "test").settings()
