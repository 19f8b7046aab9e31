"""ClearML's own cloud, which public values files and a `clearml.conf` of `clearml-init` name, is no part of a stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, WITH_ADDRESSES, warnings_of

_SAID = "is ClearML's own cloud, where data of the tenants would go"


def _warnings(root: Path, stack: str, tenant: str = TENANT) -> list[str]:
    files: dict[str, str | bytes] = {STACK_FILE: stack, ACME: tenant}
    return [line for line in warnings_of(root, files) if _SAID in line]


def _agent(line: str) -> str:
    return TENANT.replace("  queues: {default: {}}\n", f"  queues: {{default: {{}}}}\n  {line}\n")


@pytest.mark.parametrize(
    ("line", "key", "host"),
    [
        ("serverUrls: {files: 'https://files.clear.ml'}", "serverUrls.files", "files.clear.ml"),
        ("serverUrls: {files: 'https://files.community.clear.ml'}", "serverUrls.files", "files.community.clear.ml"),
        (
            "server: {fileserver: {externalUrl: 'https://files.clear.ml'}}",
            "server.fileserver.externalUrl",
            "files.clear.ml",
        ),
        (
            "server: {extraValues: {clearmlApplications: {apiServerUrlReferenceOverride: 'https://API.clear.ml'}}}",
            "server.extraValues.clearmlApplications.apiServerUrlReferenceOverride",
            "API.clear.ml",
        ),
    ],
)
def test_a_stack_is_told(tmp_path: Path, line: str, key: str, host: str) -> None:
    rest = line.removeprefix("server: ")
    server = "    server:\n      cookieName: clearml_token_basic\n      supervisor: {email: supervisor@example.com}\n"
    stack = WITH_ADDRESSES + f"    {line}\n"
    if rest != line:
        kept = f"{{cookieName: clearml_token_basic, supervisor: {{email: supervisor@example.com}}, {rest[1:]}"
        assert server in WITH_ADDRESSES
        stack = WITH_ADDRESSES.replace(server, f"    server: {kept}\n")
    (warning,) = _warnings(tmp_path, stack)
    assert warning.startswith(f"{STACK_FILE}: clearml-tenants:stack.{key}: {host!r} {_SAID}")


def test_a_task_s_variable_is_told(tmp_path: Path) -> None:
    tenant = _agent("basePodTemplate: {env: [{name: UPLOAD_TO, value: 'https://files.clear.ml/acme'}]}")
    (warning,) = _warnings(tmp_path, STACK, tenant)
    assert "agent.basePodTemplate.env[0].value: 'files.clear.ml'" in warning


def test_a_clearml_conf_is_told(tmp_path: Path) -> None:
    tenant = _agent("extraValues: {clearml: {clearmlConfig: 'sdk {default_output_uri: \"https://files.clear.ml\"}'}}")
    stack = STACK + "    tenantRules: {tenants: {acme: {chartValues: [clearml.clearmlConfig]}}}\n"
    (warning,) = _warnings(tmp_path, stack, tenant)
    assert "agent.extraValues.clearml.clearmlConfig: 'files.clear.ml'" in warning


@pytest.mark.parametrize("text", ["https://clear.ml/docs", "clear.ml/fraction-1", "files.clear.ml.example.com"])
def test_what_only_looks_like_it_is_not(tmp_path: Path, text: str) -> None:
    assert _warnings(tmp_path, STACK, _agent(f"basePodTemplate: {{annotations: {{note: '{text}'}}}}")) == []


def test_a_server_in_that_cloud_is_not(tmp_path: Path) -> None:
    stack = STACK.replace("clearml.example.com", "ours.clear.ml")
    tenant = TENANT.replace("clearml.example.com", "ours.clear.ml")
    assert _warnings(tmp_path, f"{stack}    serverUrls: {{files: 'https://files.ours.clear.ml'}}\n", tenant) == []
