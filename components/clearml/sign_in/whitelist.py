"""E-mails that sign in to a tenant as admins, users or consumers: one resource a list, each with its own e-mails."""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components.clearml.provider import NOT_FOUND, Properties, unknown, with_api_wait
from components.clearml.sign_in import current_rules
from components.clearml.sign_in.removal_rounds import READDED, RulesProvider, due, rounds_of
from components.clearml.sign_in.whitelist_change import WhitelistChange

_ROLES = ("admin", "user", "consumer")


class WhitelistProvider(RulesProvider):
    """Add whitelist entries and correct their roles (contract 2.5); what leaves is taken away by `SignInRuleRemovals`.

    The state keeps them as a map of e-mail to role, so that a preview shows each change on a line of its own.
    """

    compared = ("user_id", "entries")

    def normalize(self, news: Properties) -> Properties:
        entries = news.get("entries")
        return news if unknown(entries) else {**news, "entries": _entries(dict(entries or {}).items())}

    def validate(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        entries = {} if unknown(news.get("entries")) else news.get("entries") or {}
        for email, role in entries.items():
            if not unknown(role) and role not in _ROLES:
                return {"entries": f"{email}: role {role!r} is not one of {', '.join(_ROLES)}"}
            if "@" not in email or " " in email:
                return {"entries": f"not an e-mail address: {email!r}: write it like ann@example.com"}
        return {}

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Raises SignInTaken, NotApplied, FailedCall."""
        user_id = str(props["user_id"])
        WhitelistChange(self.session, user_id).give({}, props["entries"])
        role = next(iter(props["entries"].values()), "none")
        return CreateResult(f"whitelist/{role}/{user_id}", _outputs(user_id, props["entries"], props))

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises SignInTaken, NotApplied, FailedCall."""
        user_id = str(news["user_id"])
        again = due(olds, news)
        there = {email: role for email, role in (olds.get("entries") or {}).items() if email not in again}
        WhitelistChange(self.session, user_id).give(there, news["entries"])
        return UpdateResult(_outputs(user_id, news["entries"], news))

    def read(self, id_: str, props: Properties) -> ReadResult:
        user_id, declared = str(props["user_id"]), props.get("entries") or {}
        # Entries of others are not ours to show.
        entries = self.unless_gone(user_id, lambda: current_rules.entries(self.session, user_id, declared))
        if entries is None:
            return NOT_FOUND
        inputs = {"user_id": user_id, "entries": entries, **rounds_of(props)}
        return ReadResult(id_, _outputs(user_id, entries, props), inputs)

    def delete(self, id_: str, props: Properties) -> None:
        """Nothing: `SignInRuleRemovals` did what nobody declares any more; another tenant may declare it by now."""


def _entries(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(sorted((email.strip().lower(), role) for email, role in pairs))


def _outputs(user_id: str, entries: Mapping[str, str], props: Properties) -> Properties:
    return {"user_id": user_id, "entries": dict(entries), "emails": sorted(entries), **rounds_of(props)}


def _declared(given: Sequence[object]) -> dict[str, str]:
    emails, role = given
    return _entries((str(email), str(role)) for email in emails) if isinstance(emails, Iterable) else {}


class WhitelistEntries(Resource, module="clearml", name="WhitelistEntries"):
    """E-mails that may sign in to the tenant that `user_id` belongs to, as `role`: `admin`, `user` or `consumer`.

    They are kept in lower case and in order.

    `readded`: see the module `rounds`.
    """

    emails: pulumi.Output[Sequence[str]]

    def __init__(
        self,
        resource_name: str,
        user_id: pulumi.Input[str],
        emails: pulumi.Input[Sequence[pulumi.Input[str]]],
        role: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        readded: pulumi.Input[dict[str, int] | None] = None,
    ) -> None:
        entries = pulumi.Output.all(emails, role).apply(_declared)
        props = {"user_id": user_id, "entries": entries, "emails": None, READDED: readded}
        super().__init__(WhitelistProvider(), resource_name, props, opts)
