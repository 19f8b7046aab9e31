"""server.*: what this server is, has and runs with (contract 1.7)."""

from __future__ import annotations

from typing import Any

from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import string
from local.emulator.roles import ANY, SYSTEM

_SECURE = "secure"
_BUILD = "local"


def _info(call: Call) -> Data:
    return {"version": call.server.assumptions.shown_server_version, "build": _BUILD, "commit": _BUILD}


@endpoint("server.info", roles=ANY)
def info(call: Call) -> Data:
    """Version, build and commit."""
    return _info(call)


@endpoint("server.info", roles=ANY, since="2.8")
def info_2_8(call: Call) -> Data:
    """The same, with the server's id."""
    return {**_info(call), "uid": call.server.server_id}


@endpoint("server.info", roles=ANY, since="2.12")
def info_2_12(call: Call) -> Data:
    """The same, with the highest API version."""
    return {
        **_info(call),
        "uid": call.server.server_id,
        "api_version": call.server.assumptions.highest_api_version,
    }


@endpoint("server.endpoints", roles=SYSTEM)
def endpoints(call: Call) -> Data:
    """Every endpoint with its request's schema: lets a client probe for newer ones."""
    catalogue = call.server.endpoints
    return {
        "endpoints": {name: [each.summary() for each in several] for name, several in catalogue.items()},
        "models": {},
    }


@endpoint("server.config", string("path"), roles=SYSTEM)
def config(call: Call) -> Data:
    """The configuration in effect without its secure section, or the part at `path`: that section too, if named."""
    path: str = call.fields["path"] or ""
    found = call.server.configuration.get(path) if path else call.server.configuration.tree
    if not isinstance(found, dict):
        raise ApiError(Kind.GENERAL, text=f"No configuration setting found for key {path}")
    return {key: _json(value) for key, value in found.items() if path or key != _SECURE}


def _json(value: object) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_json(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
