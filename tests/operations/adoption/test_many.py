"""How many calls a server of many companies is asked, and for how long; `MANY=1000` is the figure that is promised."""

from __future__ import annotations

import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.emulator import start_emulator
from tests.operations.adoption.cluster_lists import ClusterLists, serving
from tests.operations.adoption.installation import agent_values, make_tenant, project, route, server_values
from tests.operations.adoption.site import Site

MANY = int(os.environ.get("MANY", "20"))
_LISTS = {"server.config", "system.get_companies", "server.endpoints", "login.get_whitelist"}
_SECONDS = 60


def test_each_list_is_read_once_and_a_company_takes_six_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a server that tells who is in a company."""
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    emulator = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": '{"new_server": true}'})
    site = Site(project(tmp_path / "project", emulator), emulator, ClusterLists(page=200))
    try:
        names = [f"company-{number}" for number in range(MANY)]
        with ThreadPoolExecutor(4) as pool:
            made = [*pool.map(lambda name: make_tenant(emulator, name, f"admin@{name}.example"), names)]
        site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(emulator))
        route(emulator, made[0], "company-0.example", ["ann@company-0.example"], [])
        for name, tenant in zip(names, made, strict=True):
            site.lists.install(name, f"{name}-agent", "clearml-enterprise-agent", agent_values(tenant))
        emulator.clear_calls()
        with serving(site.lists, tmp_path / "kubeconfig"):
            start = time.monotonic()
            site.run()
            took = time.monotonic() - start
        calls = Counter(each["endpoint"] for each in emulator.calls())
        print(
            f"{MANY} companies: {took:.1f} s, {calls.total()} calls, {len(site.lists.requests)} requests to the cluster"
        )
        assert all(calls[each] == 1 for each in _LISTS)
        assert calls.total() <= 6 * MANY + 4
        assert took < _SECONDS
        assert len(site.load().tenants) == MANY
    finally:
        emulator.stop()
