"""What `make status` says of two companies that are called alike: of each its own keys, by ids and by no name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from operations.engine import EngineStack
from operations.health.stack import health
from settings.loading.load import load
from tests.emulator import Emulator, start_emulator
from tests.operations.adoption.installation import Tenant, make_tenant
from tests.unit.asked import project


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Emulator]:
    started = start_emulator(tmp_path, {"CLEARML__apiserver__company__unique_names": "false"})
    yield started
    started.stop()


@pytest.mark.parametrize("second", ["Acme Inc.", "ACME Inc.", "Acme Inc. ", "Acme  Inc."])
def test_each_is_told_its_own_keys(
    server: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    class Engine(EngineStack):
        def settings(self) -> Mapping[str, str]:
            return {"apiserverKey": server.key, "apiserverSecret": server.secret}

    monkeypatch.setenv("CLEARML_API_URL", server.url)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    made = {name: make_tenant(server, company, f"admin@{name}.example") for name, company in _named(second)}
    by_hand = {name: _key_by_hand(server, each) for name, each in made.items()}
    # A key of the one's that the other's worker has is a mistake, and is not to be called accepted.
    in_use = {"acme": made["acme"].access_key, "beta": made["acme"].access_key}
    outputs = {name: _output(name, each, in_use[name]) for name, each in made.items()}
    told = health(load(project(tmp_path / "project"), "test"), Engine(tmp_path, "test"), outputs)
    for name, other in (("acme", "beta"), ("beta", "acme")):
        keys = told[name]["hand-made keys"]
        assert by_hand[name] in keys
        assert f"of admin@{name}.example" in keys
        assert by_hand[other] not in keys
        assert f"@{other}.example" not in keys
        assert f"revokeKeys in config/tenants/test/{name}.yaml" in keys
    assert told["acme"]["agent"].startswith("key accepted")
    assert told["beta"]["agent"].startswith("key refused: the server does not know it")
    assert made["beta"].access_key in told["beta"]["hand-made keys"]


def _named(second: str) -> tuple[tuple[str, str], ...]:
    return (("acme", "Acme Inc."), ("beta", second))


def _key_by_hand(server: Emulator, tenant: Tenant) -> str:
    acting = {"X-Clearml-Impersonate-As": tenant.admin}
    made: dict[str, str] = server.data_of("auth.create_credentials", {}, headers=acting)["credentials"]
    return made["access_key"]


def _output(name: str, tenant: Tenant, access_key: str) -> Mapping[str, object]:
    return {
        "adminId": tenant.admin,
        "adminEmail": f"admin@{name}.example",
        "namespace": name,
        "releases": {"agent": {"name": f"{name}-agent"}},
        "credentials": {"agent": {"accessKey": access_key}},
    }
