"""What a chart in files of this project holds: a change there is one of the release, though its version stays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from settings.models.charts import Chart

_DIGITS = 16


def digest_of(chart: Chart) -> str | None:
    """A digest of the files, the same in every checkout, whatever its line ends; None of a chart that is elsewhere.

    Helm takes what is there on disk before it asks for a name anywhere else, and so does this.
    """
    place = Path(chart.chart)
    if chart.address or not place.exists():
        return None
    total = hashlib.sha256()
    for name, file in sorted(_files(place)):
        content = file.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{name}\n{len(content)}\n".encode() + content)
    return total.hexdigest()[:_DIGITS]


def _files(place: Path) -> Iterator[tuple[str, Path]]:
    """What an editor leaves beside a file is none of the chart."""
    if place.is_file():
        yield place.name, place
    for file in place.rglob("*"):
        inside = file.relative_to(place)
        if file.is_file() and not any(part.startswith(".") or part.endswith("~") for part in inside.parts):
            yield inside.as_posix(), file
