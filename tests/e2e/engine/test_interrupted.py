"""A run killed at any point: the next one goes on, and nothing exists twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.site import Site, changed

# Killed when this appears in its output, or after so many seconds; each run goes on where the last one died.
POINTS: list[str | float] = [
    "created         clearml (Namespace)",
    2.5,
    "(Company)",
    "(AdminUser)",
    "(Credentials)",
    "(WhitelistEntries)",
    3.0,
    4.5,
    6.0,
    "(Release)",
]


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    site = Site.copy(tmp_path / "project")
    yield site
    site.run("down")


def _kill_at(site: Site, point: str | float) -> None:
    """Power cut: SIGKILL for the command, its engine, its plugins and helm, all at once."""
    process = site.start("up")
    assert process.stdout
    timer = threading.Timer(point if isinstance(point, float) else 200.0, _kill, [process.pid])
    timer.start()
    for line in process.stdout:
        site.transcript.append(line)
        if isinstance(point, str) and point in line:
            break
    _kill(process.pid)
    timer.cancel()
    process.wait(30)
    process.stdout.close()


def _kill(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_killed_again_and_again_ends_with_one_of_each(fresh: Site) -> None:
    for point in POINTS:
        _kill_at(fresh, point)
        time.sleep(0.2)
    fresh.up()
    acme = fresh.outputs()["tenants"]["acme"]
    state = fresh.state()
    assert [company["name"] for company in state["companies"]].count(acme["company"]) == 1
    assert [user["email"] for user in state["users"]].count(acme["adminEmail"]) == 1
    live = {key["access_key"] for key in state["credentials"] if key["company"] == acme["companyId"]}
    assert live == {acme["credentials"][use]["accessKey"] for use in ("agent", "gateway")}
    assert changed(fresh.up().output) == 0


def test_terminated_politely_says_so(fresh: Site) -> None:
    """Ctrl-C or a CI's SIGTERM: one line, then the next run goes on."""
    process = fresh.start("up")
    assert process.stdout
    for line in process.stdout:
        if "(Namespace)" in line:
            os.killpg(process.pid, signal.SIGINT)
            break
    rest = process.stdout.read()
    assert process.wait(60) != 0
    assert "Traceback" not in rest
    assert [line for line in rest.splitlines() if line.startswith("error: ")] == [rest.splitlines()[-1]]
    assert "interrupted" in rest.splitlines()[-1]
    fresh.up()
