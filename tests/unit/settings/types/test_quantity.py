"""Amounts mean what they mean to Kubernetes: its own client's parser says so."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from kubernetes.utils.quantity import parse_quantity
from pydantic import TypeAdapter, ValidationError

from settings.types.quantity import Quantity, amount

_QUANTITY: TypeAdapter[str] = TypeAdapter(Quantity)
_UNITS = ["", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]


def _kubernetes(text: object) -> Decimal:
    return Decimal(parse_quantity(text))  # type: ignore[no-untyped-call]


@given(st.from_regex(r"[0-9]{1,15}(\.[0-9]{1,9})?", fullmatch=True), st.sampled_from(_UNITS))
@example("1", "E")
@example("0.5", "Gi")
def test_an_amount_is_what_kubernetes_reads(number: str, unit: str) -> None:
    text = f"{number}{unit}"
    assert _QUANTITY.validate_python(text) == text
    assert amount(text) == _kubernetes(text)


@given(st.from_regex(r"[-+]?[0-9.]{0,4}[eE]?[nuµmkKMGTPEi]{0,2}", fullmatch=True))
def test_what_is_accepted_here_is_accepted_there(text: str) -> None:
    try:
        checked = _QUANTITY.validate_python(text)
    except ValidationError:
        return
    assert amount(checked) == _kubernetes(checked)


@pytest.mark.parametrize("number", [64, 0.5])
def test_a_number_is_an_amount(number: float) -> None:
    assert amount(_QUANTITY.validate_python(number)) == _kubernetes(number) == Decimal(str(number))


@pytest.mark.parametrize("text", ["", "1 Gi", "1gi", "1K", "Gi", "-1", "1.", ".5", "1Gi\n", "٣", "1kk"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValidationError):
        _QUANTITY.validate_python(text)
