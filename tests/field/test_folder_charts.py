"""A template of a chart in the project's own folder is changed, and its version is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from components.charts.access import ChartAccess
from components.charts.files import digest_of
from settings.models.charts import Chart


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "charts" / "agent"
    (made / "templates").mkdir(parents=True)
    (made / "Chart.yaml").write_text("name: agent\nversion: 1.0.0\n")
    (made / "templates" / "deployment.yaml").write_text("kind: Deployment\n")
    return made


CHART = Chart(chart="./charts/agent")


@pytest.mark.parametrize(
    "change",
    [
        lambda made: (made / "templates" / "deployment.yaml").write_text("kind: DaemonSet\n"),
        lambda made: (made / "templates" / "more.yaml").write_text("kind: Service\n"),
        lambda made: (made / "templates" / "deployment.yaml").rename(made / "templates" / "other.yaml"),
        lambda made: (made / "templates" / "deployment.yaml").unlink(),
        lambda made: (made / "values.yaml").write_text("replicas: 2\n"),
        lambda made: _written(made / "charts" / "redis" / "templates" / "pod.yaml", "kind: Pod\n"),
        lambda made: _written(made / "files" / "start.sh", "exit 0\n"),
    ],
    ids=["changed", "added", "renamed", "deleted", "defaults", "subchart", "file"],
)
def test_any_change_of_its_files_is_a_change(folder: Path, change: Callable[[Path], object]) -> None:
    before = digest_of(CHART)
    change(folder)
    assert before
    assert digest_of(CHART) != before


def _written(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text)


def test_line_ends_and_what_an_editor_leaves_are_none(folder: Path) -> None:
    before = digest_of(CHART)
    (folder / "templates" / "deployment.yaml").write_bytes(b"kind: Deployment\r\n")
    (folder / "templates" / ".deployment.yaml.swp").write_text("x")
    (folder / "values.yaml~").write_text("x")
    assert digest_of(CHART) == before


def test_a_packed_chart_is_its_file(folder: Path) -> None:
    packed = folder.parent / "agent.tgz"
    packed.write_bytes(b"one")
    before = digest_of(Chart(chart="./charts/agent.tgz"))
    packed.write_bytes(b"two")
    assert before
    assert digest_of(Chart(chart="./charts/agent.tgz")) != before


@pytest.mark.parametrize(
    "chart",
    [
        Chart(chart="oci://registry.example.com/charts/agent", version="1.0.0"),
        Chart(chart="charts/agent", repository="https://charts.example.com", version="1.0.0"),
        Chart(chart="./charts/gone"),
        Chart(chart="stable/agent"),
    ],
    ids=["registry", "repository", "gone", "helm's own name"],
)
@pytest.mark.usefixtures("folder")
def test_a_chart_that_is_elsewhere_is_told_nothing_more(chart: Chart) -> None:
    assert ChartAccess().description(chart) is None


@pytest.mark.usefixtures("folder")
def test_helms_history_and_a_preview_name_the_files() -> None:
    """The description of a release is an input of its own, shown by both, and no chart can refuse it."""
    described = ChartAccess().description(CHART)
    assert described == f"chart files sha256:{digest_of(CHART)}"
