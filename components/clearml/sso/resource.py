"""A tenant's own sign-in through an identity provider: written as a whole, read back as far as the server shows it."""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components.clearml.api.calls import identity_providers
from components.clearml.api.calls.sso_models import CompanySso, ProviderConfiguration
from components.clearml.api.errors import InvalidRequest
from components.clearml.api.log import log
from components.clearml.provider import NOT_FOUND, ClearMLProvider, Properties, unknown, with_api_wait
from components.clearml.run.refusals import NotApplied

_INTACT = "as declared"
_MEANING = "members are admins"
_TIE = ("tenant", "group_mapping", "admin_groups")


class SsoProvider(ClearMLProvider):
    """Ties a company to a tenant of the identity provider and saves how to sign in there (contract 2.1, 2.7, 6.1).

    The client secret can be written and never be read. The state keeps it as one of the stack's secrets, encrypted as
    in the configuration it comes from, and compares with that: a digest in plain text could be tried against guesses.
    `condition` tells what can be seen of a change by hand: that the configuration is off, or was saved by somebody
    else. ASSUMPTION: `last_update` changes when a configuration is saved and at no other time.
    """

    identity = ("company_id",)
    compared = ("provider", *_TIE, "configuration", "client_secret", "condition")

    def normalize(self, news: Properties) -> Properties:
        return {**news, "condition": _INTACT}

    def validate(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        for name, what in (("tenant", "an external tenant's id"), ("client_secret", "a client secret")):
            if not unknown(news.get(name)) and not str(news.get(name) or "").strip():
                return {name: f"{what} is missing"}
        return {}

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Raises NotApplied, FailedCall. What is there already is written over."""
        return CreateResult(f"sso/{props['company_id']}", self._brought(props, {}))

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises NotApplied, FailedCall."""
        return UpdateResult(self._brought(news, olds))

    def read(self, id_: str, props: Properties) -> ReadResult:
        company_id = str(props["company_id"])
        try:
            there = identity_providers.ours(self.session.client, company_id)
            if there is None:
                return NOT_FOUND
            tied = identity_providers.tied(self.session.client, company_id)
        except InvalidRequest as refusal:
            identity_providers.unless_company_gone(refusal)
            return NOT_FOUND
        found = {**_outputs(props), **_visible_tie(tied), "condition": _condition(there, props.get("last_update"))}
        found["provider"] = there.provider or props["provider"]
        if there.display_name is not None:
            found["configuration"] = {**props["configuration"], "display_name": there.display_name}
        inputs = {name: found[name] for name in (*self.identity, *self.compared)}
        return ReadResult(id_, {**found, "last_update": props.get("last_update")}, inputs)

    def delete(self, id_: str, props: Properties) -> None:
        """Nobody signs in through it any more; that the company is tied stays. Raises NotApplied, FailedCall."""
        company_id, tenant = str(props["company_id"]), props.get("tenant")
        try:
            self._delete(company_id)
        except InvalidRequest as refusal:
            identity_providers.unless_company_gone(refusal)
            return
        log(
            f"company {company_id}: nobody signs in through external tenant {tenant!r} any more; no call undoes that "
            "the company is tied to it, so give that id to no other tenant"
        )

    def _brought(self, news: Properties, olds: Properties) -> Properties:
        if _differ(olds, news, _TIE):
            self._tie(news)
        there = None
        if _differ(olds, news, (name for name in self.compared if name not in _TIE)):
            there = self._save(news)
        last_update = there.last_update if there else olds.get("last_update")
        return {**_outputs(news), "last_update": last_update}

    def _tie(self, props: Properties) -> None:
        client, company_id = self.session.client, str(props["company_id"])
        wanted = {
            "tenant": props["tenant"],
            "group_mapping": _mapping(props.get("group_mapping") or {}),
            "admin_groups": sorted(props.get("admin_groups") or ()),
        }
        # Written whole each time, so after a lost answer it is simply written again.
        self.session.write_and_verify(lambda: identity_providers.tie(client, company_id, wanted), lambda: None)
        there = identity_providers.tied(client, company_id)
        for name, value in wanted.items():
            found = getattr(there, name)
            found = sorted(found) if isinstance(found, tuple) else found
            found = _mapping(found) if isinstance(found, dict) else found
            if found is not None and found != value:
                raise NotApplied(f"company {company_id}", f"sso.{name}", repr(value), repr(found))

    def _save(self, props: Properties) -> ProviderConfiguration:
        client, company_id = self.session.client, str(props["company_id"])
        provider, configuration, secret = str(props["provider"]), props["configuration"], str(props["client_secret"])
        self.session.write_and_verify(
            lambda: identity_providers.save(client, company_id, provider, configuration, secret), lambda: None
        )
        there = self._there(company_id)
        if there.active is False:
            self.session.write_and_verify(
                lambda: identity_providers.activate(client, company_id),
                lambda: () if self._there(company_id).active else None,
            )
            there = self._there(company_id)
        wanted = {"provider": provider, "display_name": configuration.get("display_name"), "active": True}
        for name, value in wanted.items():
            found = getattr(there, name)
            if value is not None and found is not None and found != value:
                raise NotApplied(_what(company_id), name, repr(value), repr(found))
        return there

    def _there(self, company_id: str) -> ProviderConfiguration:
        """Raises NotApplied if there is none."""
        there = identity_providers.ours(self.session.client, company_id)
        if there is None:
            raise NotApplied(_what(company_id), "configuration", f"id {company_id}", "that there is none")
        return there

    def _delete(self, company_id: str) -> None:
        client = self.session.client

        def is_absent() -> bool | None:
            return True if identity_providers.ours(client, company_id) is None else None

        if is_absent():
            return
        self.session.write_and_verify(lambda: identity_providers.delete(client, company_id), is_absent)
        if not is_absent():
            raise NotApplied(_what(company_id), "configuration", "deleted", "that it is still there")


def _what(company_id: str) -> str:
    return f"identity provider of company {company_id}"


def _differ(olds: Properties, news: Properties, names: Iterable[str]) -> bool:
    return any(news.get(name) != olds.get(name) for name in names)


def _visible_tie(tied: CompanySso) -> dict[str, Any]:
    """What the server shows of the tie, in the form the state keeps it in."""
    found = {
        "tenant": tied.tenant,
        "group_mapping": None if tied.group_mapping is None else _mapping(tied.group_mapping),
        "admin_groups": None if tied.admin_groups is None else admins(tied.admin_groups),
    }
    return {name: value for name, value in found.items() if value is not None}


def _mapping(groups: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    """Several of ClearML's groups in one order, whoever listed them, and one as a text, as states have it."""
    several = {group: sorted(names) for group, names in groups.items() if not isinstance(names, str)}
    return {**groups, **{group: names[0] if len(names) == 1 else names for group, names in several.items()}}


def _condition(there: ProviderConfiguration, ours: object) -> str:
    if there.active is False:
        return "switched off"
    if ours is not None and there.last_update is not None and there.last_update != ours:
        return f"saved by somebody else at {there.last_update}"
    return _INTACT


def admins(groups: Iterable[str]) -> dict[str, str]:
    """Groups as a map, so that a preview shows each on a line of its own."""
    return dict.fromkeys(sorted(groups), _MEANING)


def _outputs(props: Properties) -> Properties:
    return {name: props.get(name) for name in (*SsoProvider.identity, *SsoProvider.compared)}


class Sso(Resource, module="clearml", name="Sso"):
    """The company's sign-in through `tenant` of an identity provider; `client_secret` is a secret in the state.

    `configuration` is what `sso.save_provider_configuration` takes (contract 6.1), without `id` and `client_secret`.
    `group_mapping` is from a group of the provider to the name of one of ClearML's, or to several.
    """

    tenant: pulumi.Output[str]
    configuration: pulumi.Output[Mapping[str, str | bool]]
    client_secret: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        company_id: pulumi.Input[str],
        tenant: pulumi.Input[str],
        client_secret: pulumi.Input[str],
        *,
        configuration: Mapping[str, str | bool],
        opts: pulumi.ResourceOptions | None = None,
        provider: str = "keycloak",
        group_mapping: Mapping[str, str | list[str]] | None = None,
        admin_groups: Iterable[str] = (),
    ) -> None:
        props = {
            "company_id": company_id,
            "provider": provider,
            "tenant": tenant,
            "group_mapping": dict(group_mapping or {}),
            "admin_groups": admins(admin_groups),
            "configuration": dict(configuration),
            "client_secret": pulumi.Output.secret(client_secret),
            "condition": _INTACT,
            "last_update": None,
        }
        hidden = pulumi.ResourceOptions(additional_secret_outputs=["client_secret"])
        super().__init__(SsoProvider(), resource_name, props, pulumi.ResourceOptions.merge(opts, hidden))
