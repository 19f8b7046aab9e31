"""Amounts that a queue's pod asks for, as the API server judges them: an amount, below its limit, a limit where one is
needed.

A device, like a GPU, is whole and its request is its limit (Kubernetes, "Extended resources").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

_QUANTITY = re.compile(
    r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)|([eE][+-]?[0-9]{1,3}))?", re.ASCII
)
_SMALL = {"n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "k": Decimal(1000)}
_BINARY = {f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", 1)}
_DECIMAL = {unit: Decimal(1000) ** power for power, unit in enumerate("MGTPE", 2)}
_UNITS = {"": Decimal(1), **_SMALL, **_BINARY, **_DECIMAL}
# No container starts in less.
_LEAST_MEMORY = Decimal(1024**2)


def refused(resources: object, base: object) -> Iterator[tuple[str, str]]:
    """Path below `resources` and why no such pod starts; `base`: what counts where this says nothing."""
    requests, limits = (_amounts(resources, kind) for kind in ("requests", "limits"))
    all_limits = {**_amounts(base, "limits"), **limits}
    for kind, asked in (("requests", requests), ("limits", limits)):
        for name, value in asked.items():
            if value is not None and (text := _wrong(name, value)):
                yield f"{kind}.{name}", text
    for name, value in requests.items():
        request, limit = quantity(value), quantity(all_limits.get(name))
        if request is None:
            continue
        if _is_device(name) and limit is None:
            yield f"requests.{name}", "needs a limit of the same amount: Kubernetes lends no device twice"
        elif limit is not None and (request > limit or (_is_device(name) and request != limit)):
            how = "is not its limit" if _is_device(name) else "is over its limit"
            yield f"requests.{name}", f"{value!r} {how}, {all_limits[name]!r}"


def tiny(resources: object) -> Iterator[tuple[str, str]]:
    """Path and what is told of amounts of memory that are bytes, where more was meant."""
    for kind in ("requests", "limits"):
        value = _amounts(resources, kind).get("memory")
        found = quantity(value)
        if found is not None and 0 < found < _LEAST_MEMORY:
            number = re.match(r"[0-9]*", str(value))
            text = f"{value!r} is less than a megabyte, for a number alone is bytes; write it like"
            yield f"{kind}.memory", f"{text} {number[0] if number and number[0] else 512}Mi"


def quantity(value: object) -> Decimal | None:
    """The amount that Kubernetes reads; None where there is none."""
    found = None if isinstance(value, bool) else _QUANTITY.fullmatch(str(value))
    return Decimal(f"{found[1]}{found[3] or ''}") * _UNITS[found[2] or ""] if found else None


def _wrong(name: str, value: object) -> str:
    found = quantity(value)
    if found is None:
        return f"{value!r} is no amount to Kubernetes; write it like 500m or 64 for cpu, 256Gi for memory"
    if found < 0:
        return f"{value!r} is below nothing; write an amount"
    if _is_device(name) and not is_share(name, value) and found != found.to_integral_value():
        return f"{value!r} is no whole number, and Kubernetes gives out whole devices"
    return ""


def is_share(name: str, value: object) -> bool:
    """Whether it is a part of a GPU, which ClearML's operator turns into a device before the API server judges the pod.

    The guide's earlier version asks for `clear.ml/fraction-1: "0.5"`.
    """
    found = quantity(value) if name.startswith("clear.ml/") else None
    return found is not None and found != found.to_integral_value()


def _is_device(name: str) -> bool:
    return "/" in name and not name.startswith("requests.") and "kubernetes.io/" not in name


def _amounts(resources: object, kind: str) -> Mapping[str, Any]:
    found = resources.get(kind) if isinstance(resources, Mapping) else None
    return {str(name): value for name, value in found.items()} if isinstance(found, Mapping) else {}
