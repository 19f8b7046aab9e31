"""The charts come from the repository that is named; without one, a line says what is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from rehearsal import chart_repository
from tests.local.helm import AGENT
from tests.local.helm import CHARTS as OURS
from tests.witness.__main__ import charts
from tests.witness.fetch import CHARTS, NoChartsError


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A repository with two charts of these names."""
    for name in CHARTS:
        chart = tmp_path / "charts" / name
        shutil.copytree(OURS / AGENT, chart)
        metadata = yaml.safe_load((chart / "Chart.yaml").read_text())
        (chart / "Chart.yaml").write_text(yaml.safe_dump({**metadata, "name": name}))
    folder = tmp_path / "repository"
    chart_repository.fill(folder, tmp_path / "charts", [(name, "1.0.0") for name in CHARTS])
    return folder


def test_charts_come_from_the_repository(packed: Path, tmp_path: Path) -> None:
    with chart_repository.serving(packed) as address:
        found = charts({"PUBLIC_CHARTS_REPOSITORY": address}, tmp_path / "found")
    assert [name for name in CHARTS if (found / name / "values.yaml").is_file()] == list(CHARTS)


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    given = {"PUBLIC_CHARTS": str(tmp_path), "PUBLIC_CHARTS_REPOSITORY": "http://localhost:1"}
    assert charts(given, tmp_path / "found") == tmp_path


@pytest.mark.parametrize("variables", [{}, {"PUBLIC_CHARTS_REPOSITORY": ""}])
def test_without_a_repository_a_line_says_what_is_missing(variables: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(NoChartsError, match=r"^PUBLIC_CHARTS_REPOSITORY is not set: give the address .*$"):
        charts(variables, tmp_path)


def test_a_repository_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoChartsError, match=r"^PUBLIC_CHARTS_REPOSITORY: clearml cannot be had from http://local.*$"):
        charts({"PUBLIC_CHARTS_REPOSITORY": "http://localhost:1"}, tmp_path)
