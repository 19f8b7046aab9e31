"""Keys: one live one for each label, revoked when no longer wanted, its secret nowhere in the open."""

from __future__ import annotations

import itertools
import json
from functools import partial
from pathlib import Path

import pytest

from components.clearml.api.calls import credentials
from components.clearml.credentials.resource import CredentialsProvider
from components.clearml.run.refusals import NotApplied
from components.clearml.run.session import forget_sessions
from tests.api.credentials.keys import make_key
from tests.api.faulty import KINDS, attempt, fault
from tests.api.kill import kill_at
from tests.api.runs import Tenant
from tests.emulator import Emulator, start_emulator


def test_key_whose_secret_nobody_knows_is_replaced(
    tenant: Tenant, emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    tenant.up()
    tenant.generation = 2
    lost = make_key(emulator, tenant, "test/acme/agent/2")
    other = make_key(emulator, tenant, "made by hand")
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


def test_key_in_use_of_a_lost_state_goes_after_its_successor_is_in_use(tenant: Tenant, emulator: Emulator) -> None:
    """Its secret is in the worker's release: no moment is without a valid key, whatever generation the file says."""
    tenant.up()
    pairs = [(tenant.state[use].id, tenant.state[use].properties["secret_key"]) for use in ("agent", "gateway")]
    for pair in pairs:
        emulator.data_of("users.get_current_user", auth=pair)
    again = Tenant(emulator)
    emulator.clear_calls()
    again.up()
    called = [each["endpoint"] for each in emulator.calls()]
    last_made = len(called) - called[::-1].index("auth.create_credentials")
    assert called[:last_made].count("auth.revoke_credentials") == 0
    assert called[last_made:].count("auth.revoke_credentials") == 2
    again.assert_exact()
    assert again.up() == []
    again.refresh()
    assert again.up() == []
    again.assert_exact()


def test_run_on_a_lost_state_that_is_killed_leaves_no_worker_without_a_key(tenant: Tenant, emulator: Emulator) -> None:
    """After any of its calls: the key of before works until the tenant's resources are all there."""
    tenant.up()
    pair = (tenant.state["agent"].id, tenant.state["agent"].properties["secret_key"])
    emulator.data_of("users.get_current_user", auth=pair)
    for calls in itertools.count(1):
        again = Tenant(emulator)
        if not kill_at(calls, partial(_workers_of, again)):
            break
        emulator.data_of("users.get_current_user", auth=pair)
    again.up()
    again.assert_exact()


def _workers_of(tenant: Tenant) -> None:
    """All but what comes after the releases."""
    forget_sessions()
    for each in ("company", "admin", "features", "agent", "gateway"):
        tenant._bring(each, tenant.declared(each))


def test_key_that_is_gone_already_is_fine_to_remove(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    kept = tenant.state["agent"]
    owner = {"X-Clearml-Impersonate-As": tenant.state["admin"].id}
    emulator.data_of("auth.revoke_credentials", {"access_key": kept.id}, headers=owner)
    forget_sessions()
    tenant.provider("agent").delete(kept.id, kept.properties)
    tenant.provider("agent").delete(kept.id, {**kept.properties, "user_id": "f" * 32})


def test_key_beside_the_one_in_use_is_seen_and_revoked(
    tenant: Tenant, emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rotation was killed after the server had made the key, and taken back: the file says the generation before."""
    tenant.up()
    kept = tenant.state["agent"].id
    lost = make_key(emulator, tenant, "test/acme/agent/2")
    people = ["test/acme/agent", "test/acme/agent/two", "test/acme/agent/2 old", "test/acme/agent-2/1", "acme/agent/2"]
    theirs = {label: [make_key(emulator, tenant, label)] for label in people}
    assert tenant.refresh() == ["agent"]
    seen = tenant.state["agent"].properties["surplus"]
    assert seen == {
        lost: "test/acme/agent/2, never used: it is not the one in use (test/acme/agent/1), so `up` revokes it"
    }
    assert f"key {lost} is live: {seen[lost]}" in capsys.readouterr().out
    emulator.clear_calls()
    assert tenant.up() == ["agent-surplus"]
    assert [call["endpoint"] for call in emulator.calls()] == ["auth.get_credentials", "auth.revoke_credentials"]
    assert f"revoked key {lost} (test/acme/agent/2): it was live beside" in capsys.readouterr().out
    held = tenant.keys()
    assert held == {"test/acme/agent/1": [kept], "test/acme/gateway/1": [tenant.state["gateway"].id], **theirs}
    assert tenant.up() == []
    assert sorted(tenant.refresh()) == ["agent", "agent-surplus"]
    assert (tenant.up(), tenant.refresh()) == ([], [])


@pytest.mark.parametrize("times", [1, 3, 9])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("endpoint", ["auth.get_credentials", "auth.revoke_credentials"])
def test_whatever_goes_wrong_the_next_run_revokes_it(
    tenant: Tenant, emulator: Emulator, endpoint: str, kind: str, times: int
) -> None:
    """Fails in one line or not at all; without another refresh."""
    tenant.up()
    make_key(emulator, tenant, "test/acme/agent/2")
    tenant.refresh()
    emulator.faults([fault(endpoint, kind, times)])
    attempt(tenant.up)
    emulator.faults([])
    tenant.up()
    tenant.assert_exact()
    assert tenant.up() == []


@pytest.mark.parametrize("low", [1, 2])
def test_key_of_the_same_label_or_a_lower_one_is_surplus_too(tenant: Tenant, emulator: Emulator, low: int) -> None:
    tenant.generation = 2
    tenant.up()
    make_key(emulator, tenant, f"test/acme/gateway/{low}")
    assert tenant.refresh() == ["gateway"]
    assert tenant.up() == ["gateway-surplus"]
    tenant.assert_exact()


def test_key_that_somebody_relabelled_meanwhile_is_theirs(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    found = make_key(emulator, tenant, "test/acme/agent/2")
    tenant.refresh()
    owner = {"X-Clearml-Impersonate-As": tenant.state["admin"].id}
    emulator.data_of("auth.edit_credentials", {"access_key": found, "label": "mine"}, headers=owner)
    assert tenant.up() == ["agent-surplus"]
    assert tenant.keys()["mine"] == [found]


def test_refresh_keeps_the_secret(tenant: Tenant) -> None:
    tenant.up()
    before = dict(tenant.state["agent"].properties)
    tenant.refresh()
    assert tenant.state["agent"].properties == before


def test_a_server_that_drops_the_label_is_told_and_keeps_no_key(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would find such a key again, and each run would make one more."""
    create = credentials.create
    monkeypatch.setattr(credentials, "create", lambda client, user, _label: create(client, user, ""))
    with pytest.raises(NotApplied, match="label = test/acme/agent/1"):
        tenant.up()
    assert tenant.keys() == {}


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
