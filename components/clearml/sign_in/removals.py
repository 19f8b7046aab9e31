"""What left any tenant's sign-in rules, taken away before anything is added anywhere: one resource an environment.

A domain or an e-mail that moves, or is swapped, is so never in two tenants, in whatever order the engine runs the rest.
"""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import pulumi
from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, Resource, UpdateResult

from components.clearml.api.errors import ClearMLError, FailedCall, ImpersonationRefused
from components.clearml.api.log import log
from components.clearml.api.models import UserInfo
from components.clearml.company import adoption
from components.clearml.provider import ClearMLProvider, Properties, with_api_wait
from components.clearml.run.intent import INTENT, CompanyRequest, Intent
from components.clearml.run.refusals import AdminChanged, ShardsVanished, TenantProtected, UserVanished, listed
from components.clearml.sign_in import rule_conflicts, spelling
from components.clearml.sign_in.moves import DomainChange
from components.clearml.sign_in.removal_rounds import REMOVALS, readded_rounds, removal_rounds
from components.clearml.sign_in.whitelist_change import WhitelistChange

# As states have it.
_ID = "departures"
_DIGEST = "digest"
NO_TENANTS = "no shard has a tenant"
"""The digest of an environment whose shards may go."""


class SignInRuleRemovalsProvider(ClearMLProvider):
    """Compares what every tenant declared with what every tenant declares; a tenant is known by its admin's e-mail.

    The file of a tenant may be called otherwise later, its admin's e-mail never changes: then nothing leaves.
    """

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        """Keeps how each admin's e-mail was sent."""
        if not isinstance(news.get("tenants"), Mapping):
            return super().check(olds, news)
        sent = spelling.sent(_tenants(olds))
        tenants = {admin: {**declared, **sent.get(admin, {})} for admin, declared in _tenants(news).items()}
        return super().check(olds, {**news, "tenants": tenants})

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        """Says in the preview what leaving means for people, and so in an `up` before it is done.

        Raises AdminChanged and TenantProtected, told in the preview: of a tenant that ever got its company; and
        ShardsVanished.
        """
        if olds.get(_DIGEST) not in (None, "", NO_TENANTS) and not news.get(_DIGEST):
            raise ShardsVanished
        before, after = _tenants(olds), _tenants(news)
        gone = {admin: before[admin] for admin in before.keys() - after.keys()}
        still = {declared["tenant"] for declared in after.values()}
        for admin, declared in sorted(gone.items()):
            # Taken for a removal, the tenant would lose its rules before its own resources refuse the change.
            if declared["tenant"] in still:
                raise AdminChanged(str(declared["tenant"]), admin)
        kept = sorted(str(declared["tenant"]) for declared in gone.values() if declared.get("protect"))
        if kept:
            raise TenantProtected(kept)
        _tell(before, after)
        changes = spelling.differ(before, after) or olds.get(_DIGEST) != news.get(_DIGEST)
        return DiffResult(changes=changes, replaces=[], delete_before_replace=False)

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Nothing has left yet. Raises FailedCall."""
        return CreateResult(_ID, {"tenants": self._ours({}, _tenants(props), {}), **_digest(props)})

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises FailedCall, UserVanished, NotApplied, or all of several tenants' failures in one line."""
        before, after, left = _tenants(olds), _tenants(news), _mapping(olds.get(REMOVALS))
        self._take_away(before, after)
        gone = {admin: _names_leaving(declared, after.get(admin, {})) for admin, declared in before.items()}
        leaving = {admin: names for admin, names in gone.items() if names or admin not in after}
        ours, rounds = self._ours(before, after, left), removal_rounds(left, leaving)
        return UpdateResult({"tenants": ours, REMOVALS: rounds, **_digest(news)})

    def read(self, id_: str, props: Properties) -> ReadResult:
        """What was declared; the rules themselves are read by the resources that add them."""
        return ReadResult(id_, dict(props), {"tenants": props["tenants"], **_digest(props)})

    def delete(self, id_: str, props: Properties) -> None:
        """Every rule of every tenant. Raises as `update`, and TenantProtected before any is taken away."""
        kept = sorted(str(declared["tenant"]) for declared in _tenants(props).values() if declared.get("protect"))
        if kept:
            raise TenantProtected(kept)
        _tell(_tenants(props), {})
        self._take_away(_tenants(props), {})

    def _ours(self, before: Mapping[str, Any], after: Mapping[str, Any], left: Mapping[str, Any]) -> dict[str, Any]:
        """All but those whose company is refused. Their admin's e-mail may be a stranger's, in whose name nothing must
        ever be taken away; and what was never made is changed or removed freely."""
        requests = self.session.intent.by_admin if self.session.intent else {}
        return {
            admin: declared
            for admin, declared in after.items()
            if admin in before
            or admin in left
            or admin.casefold() not in requests
            or not self._refused(requests[admin.casefold()], str(declared["tenant"]))
        }

    def _refused(self, request: CompanyRequest, tenant: str) -> bool:
        """Raises FailedCall, of the tenant whose question it is: the resource's name does not tell."""
        # Everybody's question, asked once: its failure is not called that of whoever comes first.
        self.session.cache.every_company()
        try:
            return adoption.refused(self.session, request)
        except FailedCall as failure:
            raise failure.of(f"tenant {tenant}") from None

    def _take_away(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """One tenant's failure does not keep the others' rules."""
        failures: list[ClearMLError] = []
        for admin, declared in sorted(before.items()):
            now = after.get(admin, {})
            try:
                user = partial(spelling.admin_user, self.session, admin, declared, now)
                self._leave(admin, user, _domains_leaving(declared, now), _leaving(declared, now))
            except ClearMLError as failure:
                failures.append(failure.of(f"tenant {declared['tenant']}"))
        if len(failures) == 1:
            raise failures[0]
        if failures:
            raise ClearMLError("; ".join(map(str, failures)))

    def _leave(
        self,
        admin: str,
        found: Callable[[], UserInfo | None],
        domains: frozenset[str],
        emails: Mapping[str, str | None],
    ) -> None:
        if not domains and not emails:
            return
        user = found()
        if user is None:
            if rule_conflicts.anybody_has(self.session, domains, emails):
                raise UserVanished(admin, f"{listed([*domains, *emails])} cannot be taken from its tenant")
            return
        try:
            self._take(user.id, domains, emails)
        except ImpersonationRefused:
            # Its company was deleted, perhaps at this very moment: destroying a stack takes both away side by side.
            if rule_conflicts.anybody_has(self.session, domains, emails):
                raise

    def _take(self, user_id: str, domains: frozenset[str], emails: Mapping[str, str | None]) -> None:
        if domains:
            DomainChange(self.session, user_id).take(domains)
        stayed = WhitelistChange(self.session, user_id).take(emails) if emails else frozenset()
        if stayed:
            log(f"{listed(stayed)}: signed in already, so the user stays although the entry was removed from the list")


def _names_leaving(declared: Mapping[str, Any], now: Mapping[str, Any]) -> frozenset[str]:
    return _domains_leaving(declared, now) | _leaving(declared, now).keys()


def _domains_leaving(declared: Mapping[str, Any], now: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(declared.get("domains", {}).keys() - now.get("domains", {}).keys())


def _leaving(declared: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, str | None]:
    """E-mails that leave; with the role that is wrong where they only get another: the server keeps the one it has."""
    before, after = declared.get("entries", {}), now.get("entries", {})
    return {email: role if email in after else None for email, role in before.items() if after.get(email) != role}


def _tell(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """A line for each tenant that domains or e-mails leave, and where else they lead; nothing is asked."""
    reached = {
        name: str(tenant["tenant"])
        for tenant in after.values()
        for kind in ("domains", "entries")
        for name in tenant.get(kind, {})
    }
    for admin, declared in sorted(before.items()):
        now = after.get(admin, {})
        gone = [name for kind in ("domains", "entries") for name in declared.get(kind, {}).keys() - now.get(kind, {})]
        if gone:
            log(
                f"tenant {declared['tenant']}: sign-in rules removed for {listed(gone)}. New users no longer join this "
                "tenant; users who already signed in stay."
                + "".join(f" {name} leads new users to tenant {reached[name]} now." for name in gone if name in reached)
            )


def _tenants(props: Properties) -> Mapping[str, Any]:
    return _mapping(props.get("tenants"))


def _digest(props: Properties) -> dict[str, Any]:
    return {_DIGEST: props[_DIGEST]} if props.get(_DIGEST) else {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


class SignInRuleRemovals(Resource, module="clearml", name="Departures"):
    """Whatever adds rules depends on this, and so comes after every removal.

    `tenants`: admin's e-mail to `{"tenant": name, "protect": bool, "domains": {domain: ""}, "entries": {email: role}}`;
    domains and e-mails in lower case, and `"email"`, how the admin's is written, where that is otherwise. `intent`:
    what all tenants declare, as every `Company` has it. The output `left` is what left whom, see the module `rounds`;
    `digest` is that of the rules, where other stacks have to know which ones were carried out.
    """

    left: pulumi.Output[Mapping[str, Any] | None]
    digest: pulumi.Output[str | None]

    def __init__(
        self,
        resource_name: str,
        tenants: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
        *,
        intent: Intent | None = None,
        digest: str | None = None,
    ) -> None:
        props = {"tenants": dict(tenants), REMOVALS: None, INTENT: intent and intent.text, _DIGEST: digest}
        super().__init__(SignInRuleRemovalsProvider(), resource_name, props, opts)

    def readded_rounds(self, admin_email: str, declared: Iterable[str]) -> pulumi.Output[dict[str, int] | None]:
        """What a list of this tenant's has to write again; `declared` in lower case."""
        names = tuple(declared)
        return self.left.apply(lambda left: readded_rounds(left, admin_email.lower(), names))
