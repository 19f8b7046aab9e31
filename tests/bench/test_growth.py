"""An hour of measuring leaves its page, whatever fails on the way; and environments with shards are measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bench import growth
from tests.bench.measures import MOST_IN_A_CLUSTER, Measures
from tests.bench.page import TIMES


@pytest.fixture
def into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the page, with one for the numbers; no variable says otherwise."""
    monkeypatch.setattr(growth, "KEPT", tmp_path / "kept" / "growth.json")
    for name in ("TENANTS", "LATENCY", "SHARD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _run(into: Path, *options: str) -> int:
    return CliRunner().invoke(growth.main, [*options, "--into", str(into)]).exit_code


def test_part_that_fails_loses_nothing_of_the_others(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(measures: Measures) -> None:
        measures.found["create"] = measures.tenants * 2.0

    def half_measured(measures: Measures) -> None:
        measures.found["create, API part"] = 1.0
        if measures.tenants == 2:
            raise RuntimeError

    def half_in_cluster(measures: Measures) -> None:
        measures.found["create, in a cluster"] = measures.tenants * 3.0
        raise RuntimeError

    monkeypatch.setattr(Measures, "by_guide", lambda _: None)
    monkeypatch.setattr(Measures, "by_api_part", half_measured)
    monkeypatch.setattr(Measures, "by_program", measured)
    monkeypatch.setattr(Measures, "by_cluster", half_in_cluster)
    assert _run(into, "--tenants", "2,60") == 1
    # The number of one whole stack is measured beside those that were asked for.
    assert list(json.loads(growth.KEPT.read_text())) == ["2", "50", "60"]
    written = (into / "performance.md").read_text()
    assert "| create | 4.00 s | 100.00 s | 120.00 s |" in written
    assert "| create, in a cluster | 6.00 s | 150.00 s | 180.00 s |" in written
    assert "make bench TENANTS=2,60 LATENCY=0.05\n" in written
    # The page alone, of the same numbers.
    (into / "performance.md").unlink()
    assert _run(into, "--tenants", "2,60", "--again") == 0
    assert (into / "performance.md").read_text() == written


def test_whole_procedure_is_measured_up_to_ten_tenants(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[str] = []
    monkeypatch.setattr(Measures, "_in_cluster", lambda _, name, __: rows.append(name))
    Measures(MOST_IN_A_CLUSTER + 1, 0.0, 30).by_cluster()
    assert rows == []
    Measures(MOST_IN_A_CLUSTER, 0.0, 30).by_cluster()
    assert tuple(rows) == TIMES[-3:]
