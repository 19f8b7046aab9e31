"""What of the local stack is protected, asked before `destroy` does anything.

The engine refuses a protected resource only when its turn comes, with all that depends on it gone by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local.checkout import Checkout
from local.errors import LocalError
from operations.command import output
from operations.errors import OperationError

_COMPANY = "pulumi-python:dynamic/clearml:Company"
# They keep members in their groups; where the server goes too, there is nobody to keep.
_GROUP_IDS = frozenset({"pulumi-python:dynamic/clearml:GroupIds", "random:index/randomUuid:RandomUuid"})


def require_unprotected(checkout: Checkout, deployment: Mapping[str, Any]) -> None:
    """Take the protection off group ids. Raises LocalError, before anything is changed, for all else that has one."""
    protected = [each for each in deployment.get("resources") or [] if each.get("protect")]
    kept = [each for each in protected if each["type"] not in _GROUP_IDS]
    if kept:
        raise LocalError("\n".join(_lines(kept, checkout.stack)))
    for each in protected:
        command = ("state", "unprotect", each["urn"], "--yes", "--stack", checkout.stack, "--non-interactive")
        pulumi = str(checkout.bin / "pulumi")
        try:
            output(pulumi, *command, folder=checkout.root, variables=checkout.variables(), then="see make status")
        except OperationError as error:
            raise LocalError(str(error)) from None


def _lines(kept: list[Mapping[str, Any]], stack: str) -> Iterator[str]:
    tenants = sorted(_name(each) for each in kept if each["type"] == _COMPANY)
    then = "run `make up`, and destroy then; or `make down`, which removes the whole environment whatever is protected"
    for tenant in tenants:
        file = f"config/tenants/{stack}/{tenant}.yaml"
        yield f"tenant {tenant} is protected, and nothing was destroyed: set `protect: false` in {file}, {then}"
    if any(each["type"] != _COMPANY for each in kept):
        file = f"config/Pulumi.{stack}.yaml"
        yield f"the server is protected, and nothing was destroyed: set server.protect: false in {file}, {then}"


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"]).rpartition("::")[2]
