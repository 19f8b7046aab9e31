"""Who sees a company's running applications: written, read back, put back after a change by hand."""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components.clearml.api.calls import company_settings
from components.clearml.api.calls.setting_models import InstanceAccess
from components.clearml.api.log import log
from components.clearml.provider import ClearMLProvider, Properties, with_api_wait
from components.clearml.run.refusals import NotApplied

_PARTS = ("applications", "categories")


class ApplicationAccessProvider(ClearMLProvider):
    """Read and write a company's `app_instance_access` (contract 2.1).

    The state keeps it flat, one line for each rule: `allowed`, `admin_access_all`, `applications/<id>`,
    `categories/<name>`. The whole is sent with each change. A rule that somebody added by hand is not ours.
    """

    identity = ("company_id",)
    compared = ("rules",)

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Raises NotApplied, FailedCall."""
        self._settle(props)
        return CreateResult(f"application-access/{props['company_id']}", _outputs(props))

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises NotApplied, FailedCall."""
        self._settle(news, olds)
        return UpdateResult(_outputs(news))

    def read(self, id_: str, props: Properties) -> ReadResult:
        there = _flat(company_settings.access(self.session.client, str(props["company_id"])))
        found = {**_outputs(props), "rules": {name: there.get(name, _UNSET) for name in props["rules"]}}
        return ReadResult(id_, found, found)

    def delete(self, id_: str, props: Properties) -> None:
        """Nothing: no call is known that takes the rules back, and the company stays."""
        log(f"company {props['company_id']} keeps who sees its applications: {_text(props['rules'])}")

    def _settle(self, news: Properties, olds: Properties | None = None) -> None:
        client, company_id = self.session.client, str(news["company_id"])
        rules = dict(news["rules"])
        gone = (olds or {}).get("rules", {}).keys() - rules.keys()

        def differs() -> dict[str, Any]:
            there = _flat(company_settings.access(client, company_id))
            return {name: there.get(name) for name in sorted({*rules, *gone}) if there.get(name) != rules.get(name)}

        def write() -> bool:
            # The call may replace all rules, also those that somebody else wrote: they are sent along.
            there = _flat(company_settings.access(client, company_id))
            others = {name: value for name, value in there.items() if name not in gone}
            company_settings.write_access(client, company_id, _nested({**others, **rules}))
            return True

        if not differs():
            return
        self.session.write_and_verify(write, lambda: None if differs() else True)
        for name, found in differs().items():
            fix = "" if name in rules else " (this server takes no rule back; write another value for it)"
            wanted = str(rules.get(name, _UNSET))
            raise NotApplied(f"company {company_id}", f"app_instance_access {name}", wanted, f"{found}{fix}")


_UNSET = "unset"


def _flat(there: InstanceAccess) -> dict[str, Any]:
    found: dict[str, Any] = {"allowed": there.allowed, "admin_access_all": there.admin_access_all}
    for part in _PARTS:
        found |= {f"{part}/{name}": each.allowed for name, each in getattr(there, part).items()}
    return {name: value for name, value in found.items() if value is not None}


def _nested(rules: Mapping[str, Any]) -> dict[str, Any]:
    """As the call takes it."""
    body: dict[str, Any] = {}
    for name, value in rules.items():
        part, slash, key = name.partition("/")
        if slash:
            body.setdefault(part, {})[key] = {"allowed": value}
        else:
            body[part] = value
    return body


def _text(rules: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in sorted(rules.items()))


def _outputs(props: Properties) -> Properties:
    return {"company_id": props["company_id"], "rules": dict(props["rules"])}


class ApplicationAccess(Resource, module="clearml", name="AppAccess"):
    """Who sees the running applications of `company_id`: `all`, their `owner`, or `groups` that the owner chooses.

    `allowed` is for all applications; `applications` by id and `categories` by name go before it.
    """

    def __init__(
        self,
        resource_name: str,
        company_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        allowed: str | None = None,
        admins_see_all: bool | None = None,
        applications: Mapping[str, str] | None = None,
        categories: Mapping[str, str] | None = None,
    ) -> None:
        rules: dict[str, Any] = {"allowed": allowed, "admin_access_all": admins_see_all}
        rules |= {f"applications/{name}": value for name, value in (applications or {}).items()}
        rules |= {f"categories/{name}": value for name, value in (categories or {}).items()}
        declared = {name: value for name, value in rules.items() if value is not None}
        super().__init__(
            ApplicationAccessProvider(), resource_name, {"company_id": company_id, "rules": declared}, opts
        )
