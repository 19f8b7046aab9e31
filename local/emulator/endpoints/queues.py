"""queues.*: what an agent and the SDK ask first (contract 2.8)."""

from __future__ import annotations

import re

from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import string, strings
from local.emulator.roles import ANY
from local.emulator.store import queues


@endpoint("queues.create", string("name", required=True), strings("system_tags"), roles=ANY, since="2.4")
def create(call: Call) -> Data:
    """Make a queue in the company in effect."""
    name = call.fields["name"].strip()
    if len(name) < 3:
        raise ApiError(Kind.DATA_VALIDATION, name="String value is too short")
    queue_id = queues.create(call.database, call.identity.company, name, call.fields["system_tags"] or ())
    if queue_id is None:
        raise ApiError(Kind.EXPECTED_UNIQUE, name=name, company=call.identity.company)
    return {"id": queue_id}


@endpoint("queues.get_all", string("name"), strings("id"), strings("only_fields"), roles=ANY, since="2.4")
def get_all(call: Call) -> Data:
    """The queues of the company in effect; `name` is a pattern."""
    name, ids, only = (call.fields[field] for field in ("name", "id", "only_fields"))
    try:
        pattern = re.compile(name or "")
    except re.error as error:
        raise ApiError(Kind.INVALID_REGEX, str(error)) from None
    found = queues.of_company(call.database, call.identity.company)
    chosen = [each for each in found if pattern.search(each["name"]) and (not ids or each["id"] in ids)]
    return {"queues": [{key: value for key, value in each.items() if not only or key in only} for each in chosen]}


@endpoint("queues.get_default", roles=ANY, since="2.4")
def get_default(call: Call) -> Data:
    """The one queue of the company in effect that has the system tag `default`."""
    found = queues.of_company(call.database, call.identity.company)
    tagged = [each for each in found if "default" in each["system_tags"]]
    if not tagged:
        raise ApiError(Kind.NO_DEFAULT_QUEUE)
    if len(tagged) > 1:
        raise ApiError(Kind.SEVERAL_DEFAULT_QUEUES, queues=[each["id"] for each in tagged])
    return {"id": tagged[0]["id"], "name": tagged[0]["name"]}
