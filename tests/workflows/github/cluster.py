"""A Kubernetes API server with nothing in it, as far as a heal asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.json_server import serving_json

_NONE = {"kind": "NamespaceList", "apiVersion": "v1", "metadata": {}, "items": []}


@contextmanager
def empty_cluster() -> Iterator[str]:
    """Its address. Whatever is listed, there is none."""
    with serving_json(lambda _: (200, _NONE)) as server:
        yield server.url
