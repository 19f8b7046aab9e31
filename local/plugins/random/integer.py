"""`random:index/randomInteger:RandomInteger`."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from local.plugins.errors import PluginError


class Integer:
    """`result` from `min` to `max`, both included; a `seed` makes it the same each time (not the official one's)."""

    token = "random:index/randomInteger:RandomInteger"  # noqa: S105
    defaults: Mapping[str, Any] = {}
    outputs = frozenset({"result"})
    secret_outputs: frozenset[str] = frozenset()

    def faults(self, inputs: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        if inputs["min"] > inputs["max"]:
            return [("min", f"min ({inputs['min']}) is greater than max ({inputs['max']})")]
        return ()

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        low, high = inputs["min"], inputs["max"]
        if inputs.get("seed"):
            result = random.Random(inputs["seed"]).randint(low, high)  # noqa: S311 - asked for to be repeatable
        else:
            result = low + secrets.randbelow(high - low + 1)
        return str(result), {"result": result}

    def adopt(self, identifier: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        parts = identifier.split(",")
        if len(parts) not in {3, 4} or not all(part.lstrip("-").isdigit() for part in parts[:3]):
            raise PluginError(f"cannot import {identifier!r}: give result,min,max or result,min,max,seed")
        result, low, high = (int(part) for part in parts[:3])
        inputs: dict[str, Any] = {"min": low, "max": high}
        if len(parts) == 4:
            inputs["seed"] = parts[3]
        return str(result), {"result": result}, inputs
