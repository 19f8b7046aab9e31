"""What a stack's file names by a path: charts that lie in files or folders, and the authority of the API's certificate.

Whoever asks whether a stack has changed has to look there, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rendering.unknown import at
from settings.types.naming import PROJECT

AUTHORITY = "apiCaFile"


def path_references(root: Path, content: object) -> Mapping[str, Path]:
    """Those that are there, by the chart's name or `apiCaFile`; `content` is the file's, of any form.

    A relative one is meant from the project at `root`. An authority is a plain file: a folder may be the whole disk,
    and a pipe is never read to its end.
    """
    config = at(content, "config")
    charts = at(config, f"{PROJECT}:stack", "charts")
    found = {str(name): at(chart, "chart") for name, chart in (charts.items() if isinstance(charts, Mapping) else ())}
    found[AUTHORITY] = at(config, f"{PROJECT}:{AUTHORITY}")
    paths = {name: root / place for name, place in found.items() if isinstance(place, str) and "://" not in place}
    return {name: path for name, path in paths.items() if (path.is_file if name == AUTHORITY else path.exists)()}
