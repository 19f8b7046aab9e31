"""Brings the public charts from the Helm repository that whoever asks names."""

from __future__ import annotations

from pathlib import Path

from tests.local.helm import helm

CHARTS = ("clearml", "clearml-agent")


class NoChartsError(Exception):
    """The charts cannot be had; its text is one line that says what to do."""


def fetch(repository: str, folder: Path) -> Path:
    """The newest of each, unpacked in `folder`. Raises NoChartsError."""
    for chart in CHARTS:
        code, said = helm("pull", chart, "--repo", repository, "--untar", "--untardir", str(folder))
        if code != 0:
            reason = (said.strip().splitlines() or ["helm said nothing"])[-1]
            raise NoChartsError(
                f"PUBLIC_CHARTS_REPOSITORY: {chart} cannot be had from {repository}: {reason.removeprefix('Error: ')}"
            )
    return folder
