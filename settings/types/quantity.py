"""Amounts of a resource as Kubernetes writes them: `500m`, `64`, `256Gi`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator

from settings.types.texts import Holds, matching

_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?")
_BINARY = {f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", 1)}
_DECIMAL = {unit: Decimal(1000) ** power for power, unit in enumerate("kMGTPE", 1)}
_UNITS = {"": Decimal(1), "m": Decimal("0.001"), **_DECIMAL, **_BINARY}


def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Quantity = Annotated[
    str,
    Holds("an amount, as Kubernetes writes it"),
    BeforeValidator(_number_as_text),
    matching(_QUANTITY, "is not an amount; write it like 500m or 64 for cpu, 256Gi for memory"),
]


def amount(quantity: Quantity) -> Decimal:
    """The number that a checked quantity stands for, to compare it with others: CPUs, bytes or pieces.

    Raises ValueError for one that was not checked.
    """
    match = _QUANTITY.fullmatch(quantity)
    if not match:
        raise ValueError(quantity)
    return Decimal(match[1]) * _UNITS[match[2] or ""]
