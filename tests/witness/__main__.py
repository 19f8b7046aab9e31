"""`python -m tests.witness`: asks the public charts, fetched for this run alone unless a folder is named."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.witness.fetch import NoChartsError, fetch

_NOTHING_TO_ASK = (
    "PUBLIC_CHARTS_REPOSITORY is not set: give the address of the Helm repository with ClearML's public charts: "
    "make witness PUBLIC_CHARTS_REPOSITORY=https://…; or name the folder that they lie unpacked in: PUBLIC_CHARTS=…"
)


def charts(variables: Mapping[str, str], folder: Path) -> Path:
    """Where the charts are, fetched into `folder` if no other is named. Raises NoChartsError."""
    if named := variables.get("PUBLIC_CHARTS"):
        return Path(named).resolve()
    repository = variables.get("PUBLIC_CHARTS_REPOSITORY", "")
    if not repository:
        raise NoChartsError(_NOTHING_TO_ASK)
    return fetch(repository, folder)


def main() -> int:
    """The exit code of the tests, or 1 where there are no charts to ask."""
    with tempfile.TemporaryDirectory(prefix="public-charts-") as folder:
        try:
            os.environ["PUBLIC_CHARTS"] = str(charts(os.environ, Path(folder)))
        except NoChartsError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        return int(pytest.main(["-n", "2", "-q", str(Path(__file__).parent)]))


if __name__ == "__main__":
    sys.exit(main())
