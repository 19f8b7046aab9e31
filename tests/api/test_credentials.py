"""Keys: one live one for each label, revoked when no longer wanted, its secret nowhere in the open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from components.clearml.credentials import CredentialsProvider
from components.clearml.refusals import NotApplied
from components.clearml.session import forget_sessions
from tests.api.runs import Tenant
from tests.emulator import Emulator, start_emulator


def _key(emulator: Emulator, tenant: Tenant, label: str) -> str:
    owner = {"X-Clearml-Impersonate-As": tenant.state["admin"].id}
    made = emulator.data_of("auth.create_credentials", {"label": label}, headers=owner)
    key: str = made["credentials"]["access_key"]
    return key


def test_key_whose_secret_nobody_knows_is_replaced(
    tenant: Tenant, emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    tenant.up()
    tenant.generation = 2
    lost = _key(emulator, tenant, "test/acme/agent/2")
    other = _key(emulator, tenant, "made by hand")
    tenant.up()
    held = tenant.keys()
    assert held["test/acme/agent/2"] == [tenant.state["agent"].properties["access_key"]] != [lost]
    assert held["made by hand"] == [other]
    assert f"revoked key {lost} (test/acme/agent/2)" in capsys.readouterr().out


def test_new_label_is_a_new_key_made_before_the_old_is_revoked(tenant: Tenant) -> None:
    olds = {"user_id": "1", "label": "a", "access_key": "K"}
    difference = CredentialsProvider().diff("K", olds, {"user_id": "1", "label": "b"})
    assert difference.replaces == ["label"]
    assert difference.delete_before_replace is False
    tenant.up()
    tenant.generation = 2
    assert tenant.up() == ["agent", "gateway"]
    tenant.assert_exact()


def test_key_that_is_gone_already_is_fine_to_remove(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    kept = tenant.state["agent"]
    owner = {"X-Clearml-Impersonate-As": tenant.state["admin"].id}
    emulator.data_of("auth.revoke_credentials", {"access_key": kept.id}, headers=owner)
    forget_sessions()
    tenant.provider("agent").delete(kept.id, kept.properties)
    tenant.provider("agent").delete(kept.id, {**kept.properties, "user_id": "f" * 32})


def test_refresh_keeps_the_secret(tenant: Tenant) -> None:
    tenant.up()
    before = dict(tenant.state["agent"].properties)
    tenant.refresh()
    assert tenant.state["agent"].properties == before


def test_label_is_needed() -> None:
    (failure,) = CredentialsProvider().check({}, {"user_id": "1", "label": " "}).failures
    assert failure.property == "label"


@pytest.mark.parametrize("zero_means_never", [True, False])
def test_key_outlives_the_servers_policy_or_the_run_stops(tmp_path: Path, zero_means_never: bool) -> None:
    """A key that ended by itself would take a tenant's agent away on some later day."""
    assumed = {"new_server": True, "zero_seconds_never_expire": zero_means_never}
    policy = {"CLEARML__apiserver__auth__credentials__default_expiration_sec": "3600"}
    server = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps(assumed), **policy})
    try:
        tenant = Tenant(server)
        if zero_means_never:
            tenant.up()
            assert [each["expire"] for each in server.state()["credentials"] if each["label"]] == [None, None]
        else:
            with pytest.raises(NotApplied, match=r"expiration = never .*leave server\.keyLifetimeSeconds out"):
                tenant.up()
            assert tenant.keys() == {}
    finally:
        server.stop()
