"""workers.*: what an agent says of itself first (contract 2.8). Nothing of it is kept, since nothing runs here."""

from __future__ import annotations

from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import integer, mapping, string, strings
from local.emulator.roles import ANY
from local.emulator.store import queues, users


@endpoint(
    "workers.register",
    string("worker", required=True),
    integer("timeout", default=600),
    strings("queues"),
    roles=ANY,
    since="2.4",
)
def register(call: Call) -> Data:
    """Accept a worker of anybody who still exists, for queues (ids) of the company in effect."""
    identity, worker, timeout = call.identity, call.fields["worker"], call.fields["timeout"]
    if timeout < 0:
        raise ApiError(Kind.WORKER_REGISTRATION, "invalid timeout", timeout=timeout, worker=worker)
    if not _is_known(call):
        raise ApiError(Kind.INVALID_USER_ID, id=identity.user, company=identity.company)
    known = {each["id"] for each in queues.of_company(call.database, identity.company)}
    unknown = sorted(set(call.fields["queues"] or ()) - known)
    if unknown:
        raise ApiError(Kind.INVALID_QUEUE_ID, ids=unknown)
    return {}


@endpoint(
    "workers.status_report",
    string("worker", required=True),
    integer("timestamp", required=True),
    string("task"),
    string("queue"),
    strings("queues"),
    mapping("machine_stats"),
    roles=ANY,
    since="2.4",
)
def status_report(call: Call) -> Data:
    """Accept the report; a worker that was not registered is by it. There are no tasks, so one that is named is 400."""
    if not _is_known(call):
        raise ApiError(Kind.INVALID_WORKER_ID, worker=call.fields["worker"])
    if call.fields["task"]:
        raise ApiError(Kind.INVALID_TASK_ID, id=call.fields["task"], company=call.identity.company)
    return {}


def _is_known(call: Call) -> bool:
    return users.find(call.database, call.identity.user) is not None
