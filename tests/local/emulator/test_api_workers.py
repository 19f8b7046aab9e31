"""The first calls of the SDK and of an agent, with a tenant's own key: each sees its own company's queues only."""

from __future__ import annotations

import pytest

from tests.emulator import Emulator
from tests.local.tenants import fault_of, new_tenant


@pytest.fixture
def api(shared_emulator: Emulator) -> Emulator:
    return shared_emulator


@pytest.mark.parametrize(
    "endpoint", ["queues.get_all", "queues.get_default", "workers.register", "workers.status_report"]
)
def test_nobody_asks_without_a_key(api: Emulator, endpoint: str) -> None:
    assert fault_of(api.call(endpoint, auth=None)) == (401, 20)


def test_a_tenant_finds_its_own_queues_by_name(api: Emulator) -> None:
    tenant, other = new_tenant(api), new_tenant(api)
    made = [tenant.be("queues.create", {"name": name})["id"] for name in ("gpu", "gpu-large")]
    other.be("queues.create", {"name": "gpu"})
    listed = api.data_of("queues.get_all", auth=tenant.key())["queues"]
    assert [(each["id"], each["name"]) for each in listed] == [(made[0], "gpu"), (made[1], "gpu-large")]
    asked = {"name": "^gpu$", "only_fields": ["id"]}
    assert tenant.be("queues.get_all", asked) == {"queues": [{"id": made[0]}]}
    assert fault_of(api.call("queues.get_all", {"name": "("}, auth=tenant.key())) == (400, 21)


def test_the_default_queue_is_the_tagged_one(api: Emulator) -> None:
    tenant, other = new_tenant(api), new_tenant(api)
    key = tenant.key()
    other.be("queues.create", {"name": "default", "system_tags": ["default"]})
    tenant.be("queues.create", {"name": "plain"})
    assert fault_of(api.call("queues.get_default", auth=key)) == (400, 707)
    made = tenant.be("queues.create", {"name": "main", "system_tags": ["default"]})["id"]
    assert api.data_of("queues.get_default", auth=key) == {"id": made, "name": "main"}
    tenant.be("queues.create", {"name": "second", "system_tags": ["default"]})
    assert fault_of(api.call("queues.get_default", auth=key)) == (400, 708)


def test_a_worker_registers_for_its_companys_queues_only_and_reports(api: Emulator) -> None:
    tenant, other = new_tenant(api), new_tenant(api)
    key = tenant.key()
    own, foreign = (each.be("queues.create", {"name": "gpu"})["id"] for each in (tenant, other))
    worker = {"worker": "acme:gpu:0"}
    assert api.data_of("workers.register", {**worker, "queues": [own]}, auth=key) == {}
    assert fault_of(api.call("workers.register", {**worker, "queues": [own, foreign]}, auth=key)) == (400, 701)
    assert fault_of(api.call("workers.register", {**worker, "timeout": -1}, auth=key)) == (400, 1002)
    report = {**worker, "timestamp": 1_700_000_000_000, "machine_stats": {"cpu_usage": [1]}}
    assert api.data_of("workers.status_report", report, auth=key) == {}
    assert fault_of(api.call("workers.status_report", worker, auth=key)) == (400, 12)
    assert fault_of(api.call("workers.status_report", {**report, "task": "t"}, auth=key)) == (400, 101)


def test_a_key_of_the_configuration_registers_a_worker_and_one_of_a_deleted_user_none(api: Emulator) -> None:
    report = {"worker": "w", "timestamp": 1}
    assert api.data_of("workers.register", {"worker": "w"}) == {}
    assert api.data_of("workers.status_report", report) == {}
    tenant = new_tenant(api)
    user = tenant.add_user()
    token = api.data_of("auth.login", headers={"X-Clearml-Impersonate-As": user})["token"]
    tenant.be("auth.delete_user", {"user": user})
    bearer = {"Authorization": f"Bearer {token}"}
    assert fault_of(api.call("workers.register", {"worker": "w"}, auth=None, headers=bearer)) == (400, 301)
    assert fault_of(api.call("workers.status_report", report, auth=None, headers=bearer)) == (400, 1001)


def test_the_default_company_has_a_default_queue(api: Emulator) -> None:
    assert api.data_of("queues.get_default")["name"] == "default"
