"""What `make status` says of a key that a policy of the server has ended, asked of a server."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from components.clearml.api.calls import credentials
from components.clearml.api.client import Client
from operations.engine import EngineStack
from operations.health.api_questions import ApiQuestions
from operations.health.hand_made_keys import hand_made_keys
from operations.health.stack import health
from operations.health.workers import key_health
from tests.api.runs import Tenant, connection
from tests.emulator import Emulator, start_emulator
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project


def test_key_that_has_ended_is_not_told_as_accepted(tmp_path: Path) -> None:
    server = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": '{"new_server": true}'})
    try:
        tenant = Tenant(server)
        tenant.up()
        admin = tenant.state["admin"].id
        owner = {"X-Clearml-Impersonate-As": admin}
        made = server.data_of("auth.create_credentials", {"label": "short", "expiration_sec": 1}, headers=owner)
        short, pair = made["credentials"]["access_key"], tuple(made["credentials"].values())[:2]
        time.sleep(1.1)
        assert server.call("users.get_current_user", auth=pair).status_code == 401
        with Client(connection(server)) as client:
            known = credentials.of_user(client, admin)
        assert key_health(short, known).startswith("key expired at 20")
        assert key_health(tenant.state["agent"].id, known) == "key accepted, never used"
    finally:
        server.stop()


def test_keys_made_by_hand_are_listed_and_no_call_writes(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    admin, agent = tenant.state["admin"].id, tenant.state["agent"].id
    owner = {"X-Clearml-Impersonate-As": admin}
    made = emulator.data_of("auth.create_credentials", {"label": "by hand"}, headers=owner)["credentials"]
    outputs = {"adminId": admin, "adminEmail": tenant.email, "credentials": {"agent": {"accessKey": agent}}}
    emulator.clear_calls()
    with Client(connection(emulator)) as client:
        told = hand_made_keys(ApiQuestions(client), "test", "config/tenants/test/acme.yaml", outputs)
    assert told == (
        f"{made['access_key']} of {tenant.email} (label by hand, never used): they go on working; to revoke one, list "
        "it under revokeKeys in config/tenants/test/acme.yaml"
    )
    assert [each["endpoint"] for each in emulator.calls()] == [
        "users.get_all",
        "users.get_service_users",
        "auth.get_credentials",
    ]


def test_a_tenant_of_a_shard_is_led_to_its_file(
    tenant: Tenant, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wrote the environment's own file would add a second tenant."""

    class Engine(EngineStack):
        def settings(self) -> Mapping[str, str]:
            return {"apiserverKey": emulator.key, "apiserverSecret": emulator.secret}

    monkeypatch.setenv("CLEARML_API_URL", emulator.url)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    tenant.up()
    admin = tenant.state["admin"].id
    emulator.data_of("auth.create_credentials", {}, headers={"X-Clearml-Impersonate-As": admin})
    outputs = {"adminId": admin, "namespace": "acme", "releases": {}, "credentials": {}}
    environment = replace(load_project(tmp_path, {STACK_FILE: STACK, ACME: TENANT}), shard="01")
    told = health(environment, Engine(tmp_path, "test"), {"acme": outputs})
    assert told["acme"]["hand-made keys"].endswith("list it under revokeKeys in config/tenants/test/01/acme.yaml")
