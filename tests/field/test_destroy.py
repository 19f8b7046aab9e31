"""`make destroy` refuses before its first call, and says what to do; nothing of a protected tenant goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.clearml.run.refusals import TenantProtected
from components.clearml.run.session import forget_sessions
from local.checkout import Checkout
from local.engine import destroy_check
from local.engine.destroy_check import require_unprotected
from local.errors import LocalError
from tests.api.declarations.environment import tenant
from tests.api.environment import Environment
from tests.emulator import Emulator
from tests.local.own_cluster import checkout_in

COMPANY = "pulumi-python:dynamic/clearml:Company"
RELEASE = "kubernetes:helm.sh/v3:Release"
IDS = "pulumi-python:dynamic/clearml:GroupIds"
UUID = "random:index/randomUuid:RandomUuid"


def _state(*resources: tuple[str, str, bool]) -> dict[str, Any]:
    return {
        "resources": [
            {"type": kind, "urn": f"urn:pulumi:local::clearml-tenants::{kind}::{name}", "protect": protect}
            for kind, name, protect in resources
        ]
    }


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return checkout_in(tmp_path)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    run: list[tuple[str, ...]] = []

    def output(_: str, *command: str, **__: object) -> str:
        run.append(command)
        return ""

    monkeypatch.setattr(destroy_check, "output", output)
    return run


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        ([(COMPANY, "acme", True)], ["tenant acme is protected"]),
        ([(COMPANY, "acme", True), (COMPANY, "beta", True)], ["tenant acme is protected", "tenant beta is protected"]),
        ([(RELEASE, "clearml-enterprise", True)], ["the server is protected"]),
        ([(COMPANY, "acme", True), (RELEASE, "x", True), (IDS, "group-ids", True)], ["tenant acme", "the server is"]),
    ],
)
def test_what_is_protected_is_refused_with_what_to_do(
    checkout: Checkout, commands: list[tuple[str, ...]], resources: list[tuple[str, str, bool]], said: list[str]
) -> None:
    with pytest.raises(LocalError) as error:
        require_unprotected(checkout, _state(*resources))
    lines = str(error.value).splitlines()
    assert [line.startswith(each) for line, each in zip(lines, said, strict=True)] == [True] * len(said)
    assert all("nothing was destroyed" in line and "make down" in line for line in lines)
    assert "urn:" not in str(error.value)
    assert commands == []


def test_group_ids_alone_are_in_nobody_s_way(checkout: Checkout, commands: list[tuple[str, ...]]) -> None:
    state = _state((IDS, "group-ids", True), (UUID, "group-data", True), (COMPANY, "acme", False))
    require_unprotected(checkout, state)
    assert [command[:2] for command in commands] == [("state", "unprotect")] * 2


def test_an_empty_state_is_no_matter(checkout: Checkout, commands: list[tuple[str, ...]]) -> None:
    require_unprotected(checkout, {})
    assert commands == []


@pytest.mark.parametrize("protect", [True, False])
def test_the_rules_of_a_protected_tenant_stay_even_then(emulator: Emulator, protect: bool) -> None:
    """Under plain `pulumi destroy`, which asks nobody before."""
    environment = Environment(emulator)
    content = {
        "company": "Acme",
        "protect": protect,
        "admin": {"name": "Ann", "email": "admin@acme.example"},
        "signIn": {"domains": ["acme.example"]},
    }
    environment.up([tenant("acme", content)])
    forget_sessions()
    held = environment.state["departures"]
    provider = environment._connected(held.provider)
    if protect:
        with pytest.raises(TenantProtected, match="tenant acme is protected"):
            provider.delete(held.id, dict(held.properties))
    else:
        provider.delete(held.id, dict(held.properties))
    assert bool(emulator.data_of("login.get_whitelist", {})["entries"]) is protect
