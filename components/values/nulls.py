"""Nulls and empty lists of a release's values: by them a chart's default is taken away. Pure.

The official kubernetes plugin brings them to Helm from 4.30.0 on. An earlier one drops every null from a Release's
inputs, and every empty list unless the release has `allowNullValues`, which later ones take as deprecated and warn of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from settings.types.tree import nodes

KEPT_SINCE = "4.30.0"


def nulls(values: Mapping[str, Any]) -> Iterator[str]:
    """Where the values hold a null, as `agentk8sglue.basePodTemplate.tolerations[0].key`."""
    yield from (path for path, value in nodes(values) if value is None)


def takes_away(values: Mapping[str, Any]) -> bool:
    """Whether the values hold a null or an empty list."""
    return any(value is None or value in ([], ()) for _, value in nodes(values))
