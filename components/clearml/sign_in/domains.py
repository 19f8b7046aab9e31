"""The e-mail domains whose new users sign in to a tenant; the whole list is declared."""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components.clearml.provider import NOT_FOUND, Properties, unknown, with_api_wait
from components.clearml.sign_in import current_rules
from components.clearml.sign_in.moves import DomainChange
from components.clearml.sign_in.removal_rounds import READDED, RulesProvider, rounds_of

_MEANING = "new users sign in here"


class DomainsProvider(RulesProvider):
    """Replace and read a tenant's domains (contract 2.5).

    The state keeps them as a map, so that a preview shows each added or removed domain on a line of its own.
    """

    compared = ("user_id", "routes")

    def normalize(self, news: Properties) -> Properties:
        routes = news.get("routes")
        return news if unknown(routes) else {**news, "routes": _routes(routes or {})}

    def validate(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        routes = news.get("routes")
        wrong = [] if unknown(routes) else [name for name in routes or {} if not name or "@" in name or " " in name]
        return {"routes": f"not a domain: {wrong[0]!r}: write it like example.com"} if wrong else {}

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Raises SignInTaken, NotApplied, FailedCall."""
        user_id = str(props["user_id"])
        DomainChange(self.session, user_id).bring(props["routes"])
        return CreateResult(f"domains/{user_id}", _outputs(user_id, props["routes"], props))

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises SignInTaken, NotApplied, FailedCall."""
        user_id = str(news["user_id"])
        DomainChange(self.session, user_id).bring(news["routes"])
        return UpdateResult(_outputs(user_id, news["routes"], news))

    def read(self, id_: str, props: Properties) -> ReadResult:
        user_id, declared = str(props["user_id"]), frozenset(props.get("routes") or {})
        found = self.unless_gone(user_id, lambda: current_rules.domains(self.session, user_id, declared))
        if found is None:
            return NOT_FOUND
        routes = _routes(found)
        inputs = {"user_id": user_id, "routes": routes, **rounds_of(props)}
        return ReadResult(id_, _outputs(user_id, routes, props), inputs)

    def delete(self, id_: str, props: Properties) -> None:
        """Nothing: `SignInRuleRemovals` did what nobody declares any more; another tenant may declare it by now."""


def _routes(domains: Iterable[str]) -> dict[str, str]:
    return dict.fromkeys(sorted(domains), _MEANING)


def _declared(given: Sequence[object]) -> dict[str, str]:
    (domains,) = given
    return _routes(map(str, domains)) if isinstance(domains, Iterable) else {}


def _outputs(user_id: str, routes: Mapping[str, str], props: Properties) -> Properties:
    return {"user_id": user_id, "routes": dict(routes), "domains": sorted(routes), **rounds_of(props)}


class Domains(Resource, module="clearml", name="Domains"):
    """The domains of the tenant that `user_id` belongs to; `domains` are canonical, as the settings make them.

    `readded`: see the module `rounds`.
    """

    domains: pulumi.Output[Sequence[str]]

    def __init__(
        self,
        resource_name: str,
        user_id: pulumi.Input[str],
        domains: pulumi.Input[Sequence[pulumi.Input[str]]],
        opts: pulumi.ResourceOptions | None = None,
        *,
        readded: pulumi.Input[dict[str, int] | None] = None,
    ) -> None:
        routes = pulumi.Output.all(domains).apply(_declared)
        props = {"user_id": user_id, "routes": routes, "domains": None, READDED: readded}
        super().__init__(DomainsProvider(), resource_name, props, opts)
