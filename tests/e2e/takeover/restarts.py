"""What a preview said to restart."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SERVER_SPACE = "clearml"


def workloads_told(preview: str) -> Iterator[str]:
    """`namespace/name` of each workload that a preview said to restart or to end."""
    for release, told in re.findall(r"^  (\S+): (restarts .+|.+ ends)$", preview, re.MULTILINE):
        tenant, _, name = release.rpartition("/")
        for part in re.findall(r"[\w-]+(?=,|;| ends|$)", told.removeprefix("restarts ")):
            yield f"{tenant or _SERVER_SPACE}/{part if part == name else f'{name}-{part}'}"
