"""Which keys that people made a preview revokes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from operations.preview.steps import Step
from rendering.unknown import MARKS

_KIND = "KeyRevocations"
_ELSEWHERE = "its label and last use are not known here: see make status"
_WHEN = "is revoked in this run, after those of the tenant's releases that change in it are healthy"


def keys_to_revoke(step: Step) -> tuple[str, ...]:
    """The access keys that are listed in `revokeKeys` now and were not before."""
    if step.kind != _KIND or step.operation not in ("create", "update", "replace"):
        return ()
    before = () if step.operation == "replace" else step.old.get("keys") or ()
    return tuple(str(each) for each in step.new.get("keys") or () if each not in before)


def revocations_of(steps: Iterable[Step]) -> dict[str, str]:
    """All of them, each with the id of the company that it has to be a key of; empty before the company is known."""
    return {key: _company(step) for step in steps for key in keys_to_revoke(step)}


def _company(step: Step) -> str:
    found = str(step.new.get("company_id") or "")
    return "" if found in MARKS else found


def revocation_lines(steps: Iterable[Step], known: Mapping[str, str]) -> Iterator[str]:
    """One line a key; `known` has what is known of each beside the key itself."""
    for step in steps:
        for key in keys_to_revoke(step):
            told = known.get(key, _ELSEWHERE)
            yield f"{step.tenant}: key {key} ({told}) {_WHEN}"
