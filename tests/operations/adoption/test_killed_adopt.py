"""`make adopt` that dies between two of its files: run again, it ends as if it had lived."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from operations.adoption import adopt, file_texts
from tests.operations.adoption.installation import agent_values, make_tenant
from tests.operations.adoption.site import Site


class _Killed(BaseException):
    """The process is gone."""


def _run(site: Site, kill_after: int) -> None:
    """`make adopt`, killed after it wrote so many files; 0: it lives."""
    whole, written = file_texts.write, list[Path]()

    def write(path: Path, text: str) -> None:
        whole(path, text)
        written.append(path)
        if len(written) == kill_after:
            raise _Killed

    with pytest.MonkeyPatch.context() as killing:
        killing.setattr(adopt, "write", write)
        site.run()


def test_a_run_that_dies_between_two_files_is_finished_by_the_next(installed: Site) -> None:
    """The report lost what no file could say: it was written last, from files that were there by then."""
    refused: dict[str, Any] = {"extraEnvs": [{"name": "not a name", "value": "x"}], "queues": {"odd": {}}}
    delta = make_tenant(installed.emulator, "Delta", "admin@delta.example")
    installed.lists.install("delta", "delta-agent", "clearml-enterprise-agent", agent_values(delta, **refused))
    bare = installed.texts()
    installed.run()
    whole = installed.texts()
    assert "extraEnvs" in whole["adoption.md"].partition("## What the files cannot say")[2].partition("\n## ")[0]
    for point in range(1, len(whole) + 1):
        for name in whole:
            (installed.root / name).unlink()
        for name, text in bare.items():
            (installed.root / name).write_text(text)
        with pytest.raises(_Killed):
            _run(installed, point)
        _run(installed, 0)
        assert installed.texts() == whole, point
