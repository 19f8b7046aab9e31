"""`random:index/randomUuid:RandomUuid`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from local.plugins.errors import PluginError


class Uuid:
    """`result` is the id, a random (version 4) UUID; an existing one is imported by itself."""

    token = "random:index/randomUuid:RandomUuid"  # noqa: S105
    defaults: Mapping[str, Any] = {}
    outputs = frozenset({"result"})
    secret_outputs: frozenset[str] = frozenset()

    def faults(self, _inputs: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        return ()

    def draw(self, _inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        result = str(uuid.uuid4())
        return result, {"result": result}

    def adopt(self, identifier: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        try:
            result = str(uuid.UUID(identifier))
        except ValueError:
            raise PluginError(f"cannot import {identifier!r}: not a UUID") from None
        return result, {"result": result}, {}
