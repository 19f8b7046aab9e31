"""An endpoint is a small declared thing: name, who may call it, its request fields, its function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.emulator.protocol.validation import Field
from local.emulator.protocol.version import Version
from local.emulator.roles import ADMINS, ANY

if TYPE_CHECKING:
    from local.emulator.protocol.call import Call

Data = dict[str, Any]
Function = Callable[["Call"], Data]


@dataclass(frozen=True)
class Endpoint:
    """`authorize`: True: required; None: tried, and allowed to fail; False: not looked at."""

    name: str
    function: Function
    roles: tuple[str, ...]
    fields: tuple[Field, ...]
    since: Version
    authorize: bool | None
    new: bool

    def allows(self, role: str) -> bool:
        return self.roles == ANY or role in self.roles

    def summary(self) -> Data:
        """What `server.endpoints` says of it."""
        return {
            "min_version": str(self.since),
            "required_fields": None,
            "request_data_model": {
                "type": "object",
                "additionalProperties": False,
                "properties": {field.name: field.schema() for field in self.fields},
                "required": [field.name for field in self.fields if field.required],
            },
            "response_data_model": None,
        }


def endpoint(
    name: str,
    *fields: Field,
    roles: tuple[str, ...] = ADMINS,
    since: str = "1.0",
    authorize: bool | None = True,
    new: bool = False,
) -> Callable[[Function], Endpoint]:
    """Declare a function as the endpoint `name`; `new`: newer servers alone have it."""

    def declare(function: Function) -> Endpoint:
        return Endpoint(name, function, roles, fields, Version.parse(since), authorize, new)

    return declare


def newest(implementations: tuple[Endpoint, ...], version: Version) -> Endpoint | None:
    """The newest implementation that a caller of that version may get."""
    return next((each for each in implementations if each.since <= version), None)


Catalogue = Mapping[str, tuple[Endpoint, ...]]
