"""Issue 16.15: agents and gateways with keys of a service account, as the guides prefer it.

Each key that is used here was unknown before.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, refusal

_ACCOUNT = "serviceAccount: {enabled: true}\n"
_FEATURE = "features: [service_users]\n"


def _tenant(account: str = _ACCOUNT, agent: str = "", features: str = _FEATURE) -> str:
    lines = [line for line in TENANT.splitlines(keepends=True) if not line.startswith("features:")]
    text = "".join(lines)
    return (text.replace("agent:\n", f"agent:\n  {agent}\n") if agent else text) + features + account


def _warnings(tmp_path: Path, tenant: str, stack: str = STACK) -> list[str]:
    loaded = load_project(tmp_path, {ACME: tenant, STACK_FILE: stack})
    return [str(each) for each in loaded.warnings if "serviceAccount" in str(each)]


@pytest.mark.parametrize(
    ("account", "agent"),
    [
        (_ACCOUNT, ""),
        ("serviceAccount: {enabled: true, runAsOwner: true}\n", "useOwnerToken: true"),
        ("serviceAccount: {enabled: false}\n", "useOwnerToken: true"),
        ("serviceAccount: {}\n", ""),
        ("serviceAccount: {enabled: true, runAsOwner: true}\n", ""),
    ],
)
def test_what_fits_is_taken(tmp_path: Path, account: str, agent: str) -> None:
    assert _warnings(tmp_path, _tenant(account, agent)) == []


@pytest.mark.parametrize(
    ("tenant", "line"),
    [
        (
            _tenant(agent="useOwnerToken: true"),
            "acme: agent.useOwnerToken: needs a service account that may run tasks as their owners; "
            "write serviceAccount: {enabled: true, runAsOwner: true}",
        ),
        (
            _tenant(features="excludeFeatures: [service_users]\n"),
            "acme: excludeFeatures[0]: 'service_users' is what serviceAccount needs; "
            "remove it here, or take serviceAccount out",
        ),
        (
            _tenant("serviceAccount: {runAsOwner: true}\n"),
            "acme: serviceAccount: has runAsOwner and no account; write enabled: true beside it, or remove it",
        ),
        (_tenant() + "allowedServiceUsers: 0\n", "acme: allowedServiceUsers: leaves no room for the account that"),
        (_tenant("serviceAccount: {enabled: 'yes'}\n"), "acme: serviceAccount.enabled: "),
        (_tenant("serviceAccount: {name: agents}\n"), "acme: serviceAccount.name: "),
        (_tenant("serviceAccount: true\n"), "acme: serviceAccount: "),
        (_tenant("serviceAccount:\n"), "acme: serviceAccount: "),
    ],
)
def test_what_does_not_is_told(tmp_path: Path, tenant: str, line: str) -> None:
    assert line in refusal(tmp_path, {ACME: tenant})


def test_feature_that_nothing_grants_is_a_warning(tmp_path: Path) -> None:
    """A licence may bring it."""
    (said,) = _warnings(tmp_path, _tenant(features=""))
    assert said.endswith(
        "serviceAccount.enabled: needs the feature service_users; add it to features, unless the server's licence "
        "brings it"
    )


def test_feature_of_the_server_is_enough(tmp_path: Path) -> None:
    stack = f"{STACK}    features: {{service_users: true}}\n"
    assert _warnings(tmp_path, _tenant(features=""), stack) == []


def test_older_server_has_none(tmp_path: Path) -> None:
    stack = STACK.replace("cookieName:", "version: '3.24.1'\n      cookieName:")
    said = refusal(tmp_path, {ACME: _tenant(), STACK_FILE: stack})
    assert "serviceAccount.enabled: is there from apiserver 3.25 on, and server.version is '3.24.1'" in said
