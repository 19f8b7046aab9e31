"""debug.*: the probe (contract 1.7)."""

from __future__ import annotations

from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.roles import ANY


@endpoint("debug.ping", roles=ANY, authorize=False)
def ping(call: Call) -> Data:
    """Says that the server is there, and echoes the request."""
    return {"msg": "ClearML server", **call.body}
