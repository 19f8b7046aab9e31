"""The apiserver's version is known from its chart's, so that floors and gates hold without anybody typing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.features.server_version import server_version_of
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, WITH_ADDRESSES, load_project, refusal, warnings_of

_SERVER = "{chart: ./server}"
_MONGODB = "mongodb: {mckEnabled: true, mckMigrated: true}\n      cookieName:"


def _with(chart: str, typed: str = "", stack: str = STACK) -> str:
    published = f"{{chart: 'oci://docker.io/clearml/clearml-enterprise', version: '{chart}'}}"
    version = f"version: '{typed}'\n      " if typed else ""
    return stack.replace(_SERVER, published).replace("cookieName:", f"{version}{_MONGODB}")


def _warnings(tmp_path: Path, stack: str, acme: str = TENANT) -> list[str]:
    return warnings_of(tmp_path, {STACK_FILE: stack, ACME: acme})


@pytest.mark.parametrize(
    ("chart", "lowest", "highest"),
    [
        ("10.7.3", None, None),
        ("10.8.0", (3, 26), (3, 26)),
        ("10.8.9", (3, 26), (3, 26)),
        ("10.9.3", (3, 26), (3, 27)),
        ("10.9.4", (3, 27), (3, 27)),
        ("10.10.0", (3, 27), (3, 28)),
        ("10.11.6", (3, 27), (3, 28)),
        ("10.11.7", (3, 28), (3, 28)),
        ("10.12.0", (3, 28), (3, 29)),
        ("11.0.0", (3, 29), (3, 29)),
        ("v11.0.2", (3, 29), (3, 29)),
        ("11.1.0", (3, 29), None),
        ("12.0.0", (3, 29), None),
    ],
)
def test_the_server_that_a_chart_brings(
    tmp_path: Path, chart: str, lowest: tuple[int, ...] | None, highest: tuple[int, ...] | None
) -> None:
    found = server_version_of(load_project(tmp_path, {STACK_FILE: _with(chart)}).stack)
    assert (found.lowest, found.highest) == (lowest, highest)


def test_a_folders_version_is_not_in_the_settings(tmp_path: Path) -> None:
    found = server_version_of(load_project(tmp_path).stack)
    assert (found.lowest, found.highest) == (None, None)


@pytest.mark.parametrize(
    ("chart", "typed", "brings"),
    [
        ("11.0.2", "3.28", "3.29"),
        ("11.0.2", "3.30.1", "3.29"),
        ("10.8.0", "3.29", "3.26"),
        ("10.8.9", "3.27", "3.26"),
        ("10.10.0", "3.29", "3.27 to 3.28"),
        ("11.4.0", "3.28.7", "3.29 or later"),
    ],
)
def test_a_server_that_the_chart_does_not_bring_is_refused(tmp_path: Path, chart: str, typed: str, brings: str) -> None:
    assert refusal(tmp_path, {STACK_FILE: _with(chart, typed)}) == (
        f"{STACK_FILE}: clearml-tenants:stack.server.version: '{typed}' is not what the server's chart '{chart}' "
        f"brings, which is {brings}; remove this line, or change charts.server.version"
    )


@pytest.mark.parametrize(
    ("chart", "typed"),
    [("11.0.2", "3.29"), ("11.0.2", "3.29.4"), ("10.10.0", "3.28"), ("11.4.0", "3.31"), ("9.0.0", "3.20")],
)
def test_a_server_that_the_chart_may_bring_is_taken(tmp_path: Path, chart: str, typed: str) -> None:
    load_project(tmp_path, {STACK_FILE: _with(chart, typed)})


def test_the_floor_holds_without_a_typed_version(tmp_path: Path) -> None:
    assert _warnings(tmp_path, _with("10.8.1", stack=WITH_ADDRESSES)) == [
        f"{STACK_FILE}: clearml-tenants:stack.charts.server.version: '10.8.1' may bring a server below 3.26.8, which "
        "closed a leak between tenants (sessions of one were reachable from another); raise it, or write "
        "server.version if you know better"
    ]
    assert _warnings(tmp_path, _with("10.8.1", "3.26.8", stack=WITH_ADDRESSES)) == []
    assert _warnings(tmp_path, _with("10.9.4", stack=WITH_ADDRESSES)) == []


def test_a_gate_holds_without_a_typed_version(tmp_path: Path) -> None:
    """Known to be of 3.30: told where the chart brings 3.29, and where it may; a typed version settles it."""
    acme = f"{TENANT}features: [tenant_usages]\n"
    for chart in ("11.0.2", "11.4.0"):
        (told,) = _warnings(tmp_path, _with(chart, stack=WITH_ADDRESSES), acme)
        assert "'tenant_usages' is known to newer servers only" in told
    assert _warnings(tmp_path, _with("11.4.0", "3.30", stack=WITH_ADDRESSES), acme) == []


def test_an_agent_that_loses_logs_of_tasks(tmp_path: Path) -> None:
    agent = "{chart: 'oci://docker.io/clearml/clearml-enterprise-agent', version: '6.14.1'}"
    assert _warnings(tmp_path, WITH_ADDRESSES.replace("{chart: ./agent}", agent)) == [
        f"{STACK_FILE}: clearml-tenants:stack.charts.agent.version: '6.14.1' is below 6.14.2, which mended missing "
        "logs of tasks; raise it"
    ]
