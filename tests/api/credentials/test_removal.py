"""A removed tenant, or a removed use of one, leaves no key of ours and takes nobody else's."""

from __future__ import annotations

import pytest

from components.clearml.api.errors import ServerFault
from components.clearml.run.intent import INTENT, Intent
from components.clearml.run.session import forget_sessions
from tests.api.credentials.keys import make_key
from tests.api.runs import Tenant
from tests.emulator import Emulator


@pytest.mark.parametrize("key_labels", [None, "test/acme/"])
@pytest.mark.parametrize("label", ["test/acme/agent/2", "test/acme/gateway/1", "test/acme/agent-gpu/1"])
def test_no_key_of_ours_outlives_its_tenant(
    tenant: Tenant, emulator: Emulator, label: str, key_labels: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also from a state of an earlier version, whose admin does not say how the labels begin."""
    tenant.key_labels = key_labels
    tenant.up()
    lost = make_key(emulator, tenant, label)
    theirs = {
        each: [make_key(emulator, tenant, each)] for each in ("made by hand", "test/globex/agent/1", "other/acme/a/1")
    }
    tenant.destroy()
    assert tenant.keys() == theirs
    assert f"revoked key {lost} ({label}): a run that was cut off had left it" in capsys.readouterr().out


def test_first_key_that_was_lost_does_not_outlive_its_tenant(tenant: Tenant, emulator: Emulator) -> None:
    """Nothing but the admin is in the state: the tenant was given up after its first run was killed."""
    tenant.key_labels = "test/acme/"
    tenant.up()
    for use in ("agent", "gateway"):
        del tenant.state[use]
    tenant.destroy()
    assert tenant.keys() == {}


@pytest.mark.parametrize(("told", "stays"), [(None, True), (["acme/agent"], True), (["acme/gateway"], False)])
def test_another_key_of_a_use_goes_only_with_the_use(
    tenant: Tenant, emulator: Emulator, told: list[str] | None, stays: bool
) -> None:
    """`--target` the leftover of an interrupted rotation: the other key may be what the agent runs with.

    Whether or not the run's own keys are among the targets, what tenants have keys for is told for all at once.
    """
    tenant.up()
    other = make_key(emulator, tenant, "test/acme/agent/2")
    forget_sessions()
    if told is not None:
        intent = Intent((tenant.request(told),))
        tenant.provider("departures").check({}, {**tenant.declared_departures(), INTENT: intent.text})
    tenant.provider("agent").delete(tenant.state["agent"].id, tenant.state["agent"].properties)
    assert tenant.keys().get("test/acme/agent/2") == ([other] if stays else None)
    assert tenant.state["agent"].id not in str(tenant.keys())


def test_removal_that_failed_halfway_leaves_no_key_when_it_is_repeated(tenant: Tenant, emulator: Emulator) -> None:
    tenant.key_labels = "test/acme/"
    tenant.up()
    make_key(emulator, tenant, "test/acme/agent/2")
    for use in ("agent", "gateway"):
        tenant.provider(use).delete(tenant.state[use].id, tenant.state.pop(use).properties)
    assert tenant.keys().keys() == {"test/acme/agent/2"}
    emulator.faults([{"endpoint": "auth.revoke_credentials", "kind": "error-before", "times": 9}])
    with pytest.raises(ServerFault):
        tenant.destroy()
    emulator.faults([])
    tenant.destroy()
    assert tenant.keys() == {}
