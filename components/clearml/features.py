"""What a tenant may use and how many people it may have: changed in place, read back, kept when removed."""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components.clearml import company_limits
from components.clearml.api.calls import company_settings
from components.clearml.api.errors import Failure, MissingField
from components.clearml.api.log import log
from components.clearml.api.models import CompanySettings
from components.clearml.provider import ClearMLProvider, Properties, with_api_wait
from components.clearml.run.refusals import NotApplied, NotInEffect, listed

_GRANTED, _EXCLUDED = "granted", "excluded"
_LISTS = {"features": _GRANTED, "exclude_features": _EXCLUDED}


class FeaturesProvider(ClearMLProvider):
    """Read and write a company's features, exclusions, user limit and other limits (contract 2.1, 5).

    The state keeps the features as a map of name to `granted` or `excluded`, so that a preview shows each change on a
    line of its own. A company about which nothing was ever declared is neither written nor read.
    """

    compared = ("company_id", "user_id", "features", "allowed_users", "limits")

    def validate(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        limit = olds.get("allowed_users")
        if limit and not news.get("allowed_users"):
            return {
                "allowed_users": f"the API cannot remove a user limit: put back {int(limit)}, or write a larger number"
            }
        lost = company_limits.not_taken_back(olds, news)
        return {"limits": lost} if lost else {}

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Raises NotApplied, FailedCall."""
        company_id = str(props["company_id"])
        self._bring(props, {})
        return CreateResult(f"features/{company_id}", _outputs(props))

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises NotApplied, FailedCall."""
        self._bring(news, olds)
        return UpdateResult(_outputs(news))

    def read(self, id_: str, props: Properties) -> ReadResult:
        """What the server shows of what was declared, and what somebody else has granted or excluded since."""
        if not any(props.get(name) for name in ("features", "allowed_users", "limits")):
            return ReadResult(id_, _outputs(props), _outputs(props))
        found = _outputs(props)
        there = company_settings.read(self.session.client, str(props["company_id"]))
        found["features"] = _named(*(_shown_or_declared(props, there, field) for field in _LISTS))
        if props.get("allowed_users") and there.allowed_users is not None:
            found["allowed_users"] = there.allowed_users
        if props.get("limits"):
            found["limits"] = company_limits.as_read(props, there)
        return ReadResult(id_, found, found)

    def delete(self, id_: str, props: Properties) -> None:
        """Nothing: the company stays, with what it may use."""

    def _bring(self, news: Properties, olds: Properties) -> None:
        wanted = _wanted(news, olds)
        if wanted:
            self._settle(str(news["company_id"]), str(news["user_id"]), wanted)
        self._verify_with_the_admins_eyes(news)

    def _settle(self, company_id: str, user_id: str, wanted: Mapping[str, Any]) -> None:
        client = self.session.client
        if _differs(wanted, company_settings.read(client, company_id)):

            def write() -> bool:
                company_settings.write(client, company_id, wanted)
                return True

            def look() -> bool | None:
                return None if _differs(wanted, company_settings.read(client, company_id)) else True

            self.session.write_and_verify(write, look)
            self._verify(company_id, wanted)
            self.session.cache.profiles.drop(user_id)

    def _verify(self, company_id: str, wanted: Mapping[str, Any]) -> None:
        there = company_settings.read(self.session.client, company_id)
        for name in _differs(wanted, there, only_shown=True):
            fix = "; a server that adds to the list instead of replacing it needs excludeFeatures" * (
                name == "features"
            )
            raise NotApplied(
                f"company {company_id}", name, _as_text(wanted[name]), _as_text(getattr(there, name)) + fix
            )

    def _verify_with_the_admins_eyes(self, news: Properties) -> None:
        """What was excluded is out of reach, and whatever else is expected: groups may limit what was granted.

        Of what the tenant's file does not name, as the server's own features, a difference is only said: a licence may
        be the cause, and it is no fault of the tenant.
        """
        expected = {**(news.get("expected") or {}), **dict.fromkeys(_those(news, _EXCLUDED), False)}
        if not expected:
            return
        named = news.get("features") or {}
        user_id = str(news["user_id"])
        # Whom this run made it has also looked at, after the company had its settings.
        profiles = self.session.cache.profiles
        profile = profiles.get(user_id) if user_id in self.session.ledger.created_users else profiles.fresh(user_id)
        seen = profile.supported_features
        if seen is None and not named:
            return
        if seen is None:
            raise MissingField(Failure("users.get_current_user", "the answer lacks: data.supported_features"))
        missing = [name for name, there in expected.items() if there and name not in seen]
        surplus = [name for name, there in expected.items() if not there and name in seen]
        if not missing and not surplus:
            return
        difference = NotInEffect(str(news["company_id"]), missing, surplus)
        if named.keys().isdisjoint((*missing, *surplus)):
            log(str(difference))
            return
        profiles.drop(user_id)
        raise difference


def _wanted(news: Properties, olds: Properties) -> dict[str, Any]:
    """The fields to send: those declared now or before. Others are somebody else's, or unset, which is not empty."""
    wanted: dict[str, Any] = {}
    for field, how in _LISTS.items():
        names = _those(news, how)
        if names or _those(olds, how):
            wanted[field] = names
    if news.get("allowed_users"):
        wanted["allowed_users"] = int(news["allowed_users"])
    return {**wanted, **company_limits.wanted(news, olds)}


def _those(props: Properties, how: str) -> list[str]:
    return sorted(name for name, its in (props.get("features") or {}).items() if its == how)


def _differs(wanted: Mapping[str, Any], there: CompanySettings, *, only_shown: bool = False) -> list[str]:
    """Names of the fields that are otherwise; one that the server does not show counts unless `only_shown`."""
    return [
        name
        for name, value in wanted.items()
        if _canonical(getattr(there, name)) != _canonical(value) and not (only_shown and getattr(there, name) is None)
    ]


def _shown_or_declared(props: Properties, there: CompanySettings, field: str) -> Sequence[str]:
    """The server's list where we declare one and it shows it; a list that we declare nothing in is not ours."""
    declared, found = _those(props, _LISTS[field]), getattr(there, field)
    return found if declared and found is not None else declared


def _canonical(value: object) -> object:
    return sorted(value) if isinstance(value, list | tuple) else value


def _as_text(value: object) -> str:
    return f"[{listed(value, 30)}]" if isinstance(value, list | tuple | set) else str(value)


def _named(granted: Sequence[str], excluded: Sequence[str]) -> dict[str, str]:
    return dict(sorted([*((name, _GRANTED) for name in granted), *((name, _EXCLUDED) for name in excluded)]))


def _outputs(props: Properties) -> Properties:
    kept = {name: props[name] for name in FeaturesProvider.compared if props.get(name) is not None}
    return {**kept, "features": dict(props.get("features") or {})}


class Features(Resource, module="clearml", name="Features"):
    """A company's features by name, and its user limit, verified through the eyes of its admin `user_id`.

    `limits` holds more of what the company may use, by the server's names (`company_limits.LIMITS`).
    `expected`: features that the admin must have in the end (true) or must not (false), as groups and server decide.
    It is looked at when something is made or changed; a change of it alone is none.
    """

    features: pulumi.Output[Mapping[str, str]]

    def __init__(
        self,
        resource_name: str,
        company_id: pulumi.Input[str],
        user_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        granted: Sequence[str] = (),
        excluded: Sequence[str] = (),
        allowed_users: int | None = None,
        limits: Mapping[str, Any] | None = None,
        expected: Mapping[str, bool] | None = None,
    ) -> None:
        props = {
            "company_id": company_id,
            "user_id": user_id,
            "features": _named(granted, excluded),
            "allowed_users": allowed_users,
            "limits": dict(limits or {}) or None,
            "expected": dict(expected or {}) or None,
        }
        super().__init__(FeaturesProvider(), resource_name, props, opts)
