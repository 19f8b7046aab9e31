"""Charts are pinned: Helm takes anything but an exact version for a range, and the newest in it."""

from __future__ import annotations

from collections.abc import Iterator

from policy.declaration import Declaration, Violation
from rendering.unknown import UNKNOWN
from settings.types.naming import RELEASE
from settings.types.versions import is_exact

_LOCAL = "local"


def unpinned_chart(declared: Declaration) -> Iterator[Violation]:
    """A release of any stack but `local` whose chart is not one version; a folder holds the one that it is."""
    if declared.type != RELEASE or declared.stack == _LOCAL:
        return
    chart, version = declared.props.get("chart"), declared.props.get("version")
    if UNKNOWN in (chart, version) or str(chart).startswith("."):
        return
    if not (isinstance(version, str) and is_exact(version)):
        text = f"release {declared.name}: version {version!r} of chart {chart} is not exact: pin it like '11.0.2'"
        yield Violation(text, declared.urn)
