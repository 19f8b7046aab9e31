"""What a company may be called."""

from __future__ import annotations

from local.emulator.protocol.call import Call
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import refuse_field
from local.emulator.store import companies

_SHORTEST = 3


def checked_name(call: Call, name: str, *, besides: str | None = None) -> str:
    """The stripped name, free under `unique_names` (its own company `besides`). Raises ApiError 400/800, 12 or 801."""
    name = name.strip()
    if len(name) < _SHORTEST:
        raise _too_short(call, name)
    if call.server.configuration.unique_names and _is_taken(call, name, besides):
        raise ApiError(Kind.EXPECTED_UNIQUE, name=name)
    return name


def _too_short(call: Call, name: str) -> ApiError:
    if call.server.assumptions.short_name_subcode == 12:
        return refuse_field("name", f"value '{name}' length is lower than allowed minimum '{_SHORTEST}'.")
    return ApiError(Kind.DATA_VALIDATION, name="String value is too short")


def _is_taken(call: Call, name: str, besides: str | None) -> bool:
    assumptions = call.server.assumptions
    taken = companies.names(call.database, active_only=assumptions.deleted_names_reusable, besides=besides)
    if assumptions.unique_names_fold_case:
        return name.casefold() in {each.casefold() for each in taken}
    return name in taken
