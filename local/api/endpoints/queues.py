"""queues.create (contract 2.8)."""

from __future__ import annotations

from local.api.call import Call
from local.api.endpoint import Data, endpoint
from local.api.errors import ApiError, Kind
from local.api.roles import ANY
from local.api.store import queues
from local.api.validation import string


@endpoint("queues.create", string("name", required=True), roles=ANY, since="2.4")
def create(call: Call) -> Data:
    """Make a queue in the company in effect."""
    name = call.fields["name"].strip()
    if len(name) < 3:
        raise ApiError(Kind.DATA_VALIDATION, name="String value is too short")
    queue_id = queues.create(call.database, call.identity.company, name)
    if queue_id is None:
        raise ApiError(Kind.EXPECTED_UNIQUE, name=name, company=call.identity.company)
    return {"id": queue_id}
