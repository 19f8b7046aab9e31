"""The e-mail domains whose new users sign in to a tenant; the whole list is declared."""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource

from components.clearml import holders, sign_in
from components.clearml.provider import GONE, ClearMLProvider, Properties, unknown
from components.clearml.refusals import NotApplied, UserVanished, listed
from components.clearml.say import say

_MEANING = "new users sign in here"


class DomainsProvider(ClearMLProvider):
    """Replace and read a tenant's domains (contract 2.5).

    The state keeps them as a map, so that a preview shows each added or removed domain on a line of its own.
    """

    compared = ("user_id", "routes")

    def canonical(self, news: Properties) -> Properties:
        routes = news.get("routes")
        return news if unknown(routes) else {**news, "routes": _routes(routes or {})}

    def faults(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        routes = news.get("routes")
        wrong = [] if unknown(routes) else [name for name in routes or {} if not name or "@" in name or " " in name]
        return {"routes": f"not a domain: {wrong[0]!r}: write it like example.com"} if wrong else {}

    def made(self, props: Properties) -> CreateResult:
        """Raises SignInTaken, NotApplied, FailedCall."""
        user_id = str(props["user_id"])
        self._set(user_id, frozenset(props["routes"]))
        return CreateResult(f"domains/{user_id}", _kept(user_id, props["routes"]))

    def changed(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Raises SignInTaken, NotApplied, FailedCall."""
        user_id = str(news["user_id"])
        self._set(user_id, frozenset(news["routes"]))
        gone = frozenset(olds.get("routes") or ()) - frozenset(news["routes"])
        if gone:
            say(f"{listed(gone)}: no new users from there; who has signed in already stays")
        return _kept(user_id, news["routes"])

    def seen(self, id_: str, props: Properties) -> ReadResult:
        user_id = str(props["user_id"])
        found = self.unless_gone(user_id, lambda: self.session.settings.get(user_id))
        if found is None:
            return GONE
        routes = _routes(found.domains)
        return ReadResult(id_, _kept(user_id, routes), {"user_id": user_id, "routes": routes})

    def removed(self, id_: str, props: Properties) -> None:
        """Raises UserVanished, NotApplied, FailedCall."""
        user_id = str(props["user_id"])
        if props.get("routes") and self.unless_gone(user_id, lambda: self._set(user_id, frozenset())) is None:
            raise UserVanished(user_id, f"the domains {listed(props['routes'])} cannot be taken from its tenant")

    def _set(self, user_id: str, wanted: frozenset[str]) -> bool:
        home = self.session.home_of(user_id)
        holders.refuse_foreign(self.session, home, domains=wanted)
        with self.session.alone(f"sign-in {home}"):
            try:
                self.session.settle(
                    lambda: sign_in.set_domains(self.session.client, user_id, sorted(wanted)),
                    lambda: None if self._now(user_id) != wanted else (),
                )
            finally:
                self.session.settings.drop(user_id)
            found = self._now(user_id)
        if found != wanted:
            raise NotApplied(f"company {home}", "domains", _shown(wanted), _shown(found))
        return True

    def _now(self, user_id: str) -> frozenset[str]:
        return frozenset(_routes(self.session.settings.fresh(user_id).domains))


def _shown(domains: Iterable[str]) -> str:
    return f"[{listed(domains)}]"


def _routes(domains: Iterable[str]) -> dict[str, str]:
    return dict.fromkeys(sorted({domain.strip().lower() for domain in domains}), _MEANING)


def _declared(given: Sequence[object]) -> dict[str, str]:
    (domains,) = given
    return _routes(map(str, domains)) if isinstance(domains, Iterable) else {}


def _kept(user_id: str, routes: Mapping[str, str]) -> Properties:
    return {"user_id": user_id, "routes": dict(routes), "domains": sorted(routes)}


class Domains(Resource, module="clearml", name="Domains"):
    """The domains of the tenant that `user_id` belongs to; `domains` are kept in lower case and in order."""

    domains: pulumi.Output[Sequence[str]]

    def __init__(
        self,
        resource_name: str,
        user_id: pulumi.Input[str],
        domains: pulumi.Input[Sequence[pulumi.Input[str]]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        routes = pulumi.Output.all(domains).apply(_declared)
        props = {"user_id": user_id, "routes": routes, "domains": None}
        super().__init__(DomainsProvider(), resource_name, props, opts)
