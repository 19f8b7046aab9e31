"""Keys that no run of this stack made, of those in a tenant's company that a worker may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from components.clearml.api.models import KeyInfo, UserInfo
from components.clearml.credentials.key_labels import stack_of

# Workers need an admin's rights (contract 2.3); a plain user's keys are that person's own matter, but for one that an
# agent signs in with.
_ROLE = "admin"


class Api(Protocol):
    """Answers, or None and why not."""

    def keys(self, user_id: str) -> tuple[Sequence[KeyInfo] | None, str]:
        """Those of a user."""
        ...

    def colleagues(self, user_id: str) -> tuple[Sequence[UserInfo] | None, str]:
        """All users of the user's company."""
        ...

    def accounts(self, admin_id: str) -> Mapping[str, str]:
        """The names of service accounts of the admin's company, by id; none where the server tells none."""
        ...

    def owner(self, access_key: str) -> str:
        """The id of the user whose key it is; empty where the server does not tell."""
        ...


def hand_made_keys(
    api: Api, stack: str, file: str, tenant: Mapping[str, Any], in_use: Mapping[str, str] | None = None
) -> str:
    """On one line, with how to revoke them; empty if there are none. `tenant` is its output; no call writes.

    `in_use`: releases beside, by the access keys that they sign in with; of a plain user's keys only such are told.
    """
    own = {key["accessKey"] for key in tenant["credentials"].values()}
    people, others, unasked = _owners(api, tenant)
    parts, reasons = list[str](), [unasked]
    used = {key: user for key in in_use or () if key not in own and (user := api.owner(key)) in others}
    for user_id, who in people.items():
        known, unasked = api.keys(user_id)
        reasons.append(unasked)
        found = (key for key in known or () if key.access_key not in own and stack_of(key.label) != stack)
        parts += [_words_of(key, who) for key in found]
    for access_key, user_id in used.items():
        known, unasked = api.keys(user_id)
        reasons.append(unasked)
        told = [
            _words_of(key, f"{others[user_id]}, a plain user") for key in known or () if key.access_key == access_key
        ]
        parts += [f"{each}, with which {(in_use or {})[access_key]} signs in" for each in told]
    if parts:
        parts[-1] += f": they go on working; to revoke one, list it under revokeKeys in {file}"
    return "; ".join([*parts, *(f"not all are known: {reason}" for reason in dict.fromkeys(reasons) if reason)])


def one_line(text: str) -> str:
    """Somebody's text, which does nothing to a terminal."""
    return text if text.isprintable() else ascii(text)


def key_in_words(label: str | None, last_used: object) -> str:
    """What is known of a key beside the key itself; the label is somebody's text."""
    named = f"label {one_line(label)}" if label else "no label"
    return f"{named}, {f'last used {one_line(str(last_used))}' if last_used else 'never used'}"


def _owners(api: Api, tenant: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str], str]:
    """All admins and service accounts of the company, the tenant's own first, and then its plain users: how people know
    each, by id; and why some are not there."""
    own = {tenant["adminId"]: str(tenant.get("adminEmail") or tenant["adminId"])}
    if "serviceAccountId" in tenant:
        own[tenant["serviceAccountId"]] = "the service account"
    people, why_not = api.colleagues(tenant["adminId"])
    if people is None:
        return own, {}, why_not
    accounts = {each: f"service account {one_line(name)}" for each, name in api.accounts(tenant["adminId"]).items()}
    known = {each.id: one_line(each.email or each.name or each.id) for each in people}
    admins = {each.id: known[each.id] for each in people if each.role == _ROLE}
    owners = {**admins, **accounts, **own}
    return owners, {each: who for each, who in known.items() if each not in owners}, ""


def _words_of(key: KeyInfo, who: str) -> str:
    return f"{one_line(key.access_key)} of {who} ({key_in_words(key.label, key.last_used)})"
