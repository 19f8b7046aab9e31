"""The envelope of every answer: `meta` about the call, `data` of it (contract 1.4)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from local.emulator.protocol.call import Call


def envelope(
    call: Call, data: dict[str, Any], *, status: int = 200, subcode: int = 0, text: str = "OK"
) -> dict[str, Any]:
    """Success by default. The text begins with a capital, as the real server's does whatever raised it.

    `error_data` is always empty, as the real one's is for errors that endpoints raise.
    """
    return {
        "meta": {
            "id": call.id,
            "trx": call.transaction,
            "endpoint": {
                "name": call.name,
                "requested_version": call.requested.on_the_wire(call.requested),
                "actual_version": call.actual.on_the_wire(call.requested) if call.actual else None,
            },
            "result_code": status,
            "result_subcode": subcode,
            "result_msg": text[:1].upper() + text[1:],
            "error_stack": "" if status == HTTPStatus.OK else None,
            "error_data": {},
        },
        "data": data,
    }
