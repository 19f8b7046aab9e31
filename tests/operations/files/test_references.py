"""What a stack's file names by a path is looked at where it lies, and an authority only where it is a plain file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from operations.files.references import path_references


def _content(place: str, agent: str = "") -> dict[str, object]:
    charts = {"agent": {"chart": agent}} if agent else {}
    return {"config": {"clearml-tenants:apiCaFile": place, "clearml-tenants:stack": {"charts": charts}}}


def test_a_chart_may_be_a_folder_and_an_authority_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "agent").mkdir()
    (tmp_path / "ca.pem").write_text("")
    found = path_references(tmp_path, _content("ca.pem", "./agent"))
    assert found == {"agent": tmp_path / "agent", "apiCaFile": tmp_path / "ca.pem"}


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_an_authority_that_is_no_file_is_not_read(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A folder was read to its last file, as `/` would be, and a pipe for ever."""
    place = tmp_path / "ca"
    make(place)
    assert path_references(tmp_path, _content(str(place))) == {}
