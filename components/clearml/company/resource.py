"""A tenant's company: found or made by name, renamed in place, never replaced, kept unless its file says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pulumi
from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, Resource, UpdateResult

from components.clearml.admin_user import admins
from components.clearml.admin_user.spelling import as_sent
from components.clearml.api.calls import companies
from components.clearml.api.errors import ClearMLError, Duplicate, FailedCall
from components.clearml.api.log import log
from components.clearml.api.models import CompanyInfo
from components.clearml.company import adoption
from components.clearml.company import deletion as company_deletion
from components.clearml.provider import ClearMLProvider, Properties, unknown, with_api_wait
from components.clearml.run.company_refusals import CompanyDeleted, CompanyMistaken, NamePassedOn, NameTaken
from components.clearml.run.intent import INTENT, CompanyRequest, Intent
from components.clearml.run.refusals import NotApplied, UserVanished

SHORTEST_NAME = 3


class CompanyProvider(ClearMLProvider):
    """Create, rename and find companies (contract 2.1, 2.6, 6.2)."""

    compared = ("name", "admin_email", "adopt", "known_id", "on_remove")

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        """Also whether another company is to get the name that this one gives up."""
        result = super().check(olds, as_sent(olds, news, "admin_email"))
        old, new = str(olds.get("name") or ""), result.inputs.get("name")
        if not result.failures and not unknown(new) and _passes_on(old, str(new), Intent.of(news.get(INTENT))):
            result.failures = [CheckFailure("name", str(NamePassedOn(old)))]
        return result

    def validate(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        name = news.get("name")
        if not unknown(name) and (
            not isinstance(name, str) or len(name.strip()) < SHORTEST_NAME or name != name.strip()
        ):
            if isinstance(name, str) and len(name.strip()) >= SHORTEST_NAME:
                return {"name": f"{name!r} starts or ends with a space: take that away"}
            return {"name": f"a company's name has at least {SHORTEST_NAME} characters and no space around it"}
        admin, email = olds.get("admin_email"), news.get("admin_email")
        if admin and not unknown(email) and admin != email:
            return {"admin_email": f"no call changes a user's e-mail: put back {admin}"}
        return {}

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        """No change of a property ever replaces a company. Raises CompanyMistaken, told in the preview."""
        declared = news.get("known_id")
        if declared and not unknown(declared) and declared != _id:
            raise CompanyMistaken(str(olds.get("name")), _id, str(declared))
        return DiffResult(changes=any(news.get(name) != olds.get(name) for name in self.compared), replaces=[])

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Raises as `adoption.found` and `adoption.refuse_unmakeable`, NamePassedOn, NameTaken, NotApplied."""
        name = str(props["name"])
        with self.session.lock(f"company {name.casefold()}"):
            company = self._found(props) or self._new(props)
            if company.name != name:
                company = self._renamed(company, name, str(props["admin_email"]))
        self.session.ledger.verified_companies[company.id] = str(props["admin_email"]).casefold()
        return CreateResult(company.id, _outputs(props, company))

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises NamePassedOn, NameTaken, UserVanished, NotApplied, FailedCall."""
        name, email = str(news["name"]), str(olds.get("admin_email") or news["admin_email"])
        if name == olds.get("name"):
            return UpdateResult(_outputs(news, CompanyInfo(id=id_, name=name)))
        return UpdateResult(_outputs(news, self._renamed(adoption.by_id(self.session, id_, name), name, email)))

    def read(self, id_: str, props: Properties) -> ReadResult:
        """Raises CompanyVanished: a company is never made again behind our back."""
        company = adoption.by_id(self.session, id_, str(props.get("name")))
        found = _outputs(props, company)
        return ReadResult(id_, found, {name: found[name] for name in self.compared if name in found})

    def delete(self, id_: str, props: Properties) -> None:
        """The company and its data stay, unless `on_remove` says otherwise. Raises as `company_deletion.delete`."""
        act = company_deletion.delete if props.get("on_remove") == "delete" else company_deletion.keep
        act(self.session, id_, str(props.get("name")), str(props.get("admin_email")))

    def _found(self, props: Properties, *, just_made: bool = False) -> CompanyInfo | None:
        company = adoption.found(self.session, CompanyRequest.of(props), just_made=just_made)
        if company is not None and not just_made and (props.get("known_id") or props.get("adopt")):
            count = companies.user_count(self.session.client, company)
            log(f"takes over company {company.name!r} (id {company.id}) with {'?' if count is None else count} users")
        elif company is not None and not just_made:
            log(f"company {company.name!r} (id {company.id}) was there already and is used")
        return company

    def _new(self, props: Properties) -> CompanyInfo:
        name = str(props["name"])
        deleted = adoption.refuse_unmakeable(self.session, CompanyRequest.of(props))

        def look() -> CompanyInfo | None:
            self.session.cache.every_company(fresh=True)
            return self._found(props, just_made=True)

        def write() -> CompanyInfo:
            try:
                company = CompanyInfo(id=companies.create(self.session.client, name, _defaults(props)), name=name)
            except Duplicate as refusal:
                self.session.cache.every_company(fresh=True)
                found = self._found(props)
                if found is None:
                    raise _hidden(name, deleted, refusal) from None
                return found
            self.session.created_company(company)
            return company

        made = self.session.write_and_verify(write, look)
        if deleted:
            log(f"company {name!r} (id {made.id}) is a new one: the one of that name (id {deleted.id}) was deleted")
        return made

    def _renamed(self, company: CompanyInfo, name: str, admin_email: str) -> CompanyInfo:
        # By the name that it has on the server, which somebody may have given it since.
        if _passes_on(company.name, name, self.session.intent):
            raise NamePassedOn(company.name)
        for other in self.session.cache.every_company(fresh=True):
            if other.id != company.id and other.active is not False and other.name.casefold() == name.casefold():
                raise NameTaken(name, f"company {other.name!r} (id {other.id}) is called so")
        admin = admins.of_company(self.session, admin_email, company.id)
        if admin is None:
            raise UserVanished(admin_email, f"company {company.id} cannot be named {name!r}")
        admin_id = admin.id

        def look() -> CompanyInfo | None:
            self.session.cache.every_company(fresh=True)
            found = adoption.by_id(self.session, company.id, name)
            return found if found.name == name else None

        def write() -> CompanyInfo | None:
            companies.rename(self.session.client, admin_id, name)
            return look()

        renamed = self.session.write_and_verify(write, look)
        if renamed is None:
            raise NotApplied(f"company {company.id}", "name", repr(name), "another name")
        return renamed


def _passes_on(old: str, new: str, intent: Intent | None) -> bool:
    """Whether a company that gets another name gives up one that is asked for in the same change."""
    return intent is not None and old.casefold() != new.casefold() and old.casefold() in intent.names


def _defaults(props: Properties) -> dict[str, Any]:
    """As the call wants them; the engine makes every number a float."""
    given = props.get("defaults") or {}
    return {name: int(value) if isinstance(value, float) else value for name, value in given.items()}


def _hidden(name: str, deleted: CompanyInfo | None, refusal: FailedCall) -> ClearMLError:
    """Why the server refuses a name that no active company has."""
    if deleted:
        why = f"the server keeps its name ({refusal.failure.message}): choose another name, or have it restored"
        return CompanyDeleted(deleted.name, deleted.id, why)
    return NameTaken(name, f"the server refuses it, although it shows no other ({refusal.failure.message})")


def _outputs(props: Properties, company: CompanyInfo) -> Properties:
    """What the state holds: the declared inputs, with the name the server says."""
    kept = {name: props[name] for name in CompanyProvider.compared if props.get(name) is not None}
    return {**kept, "name": company.name, "company_id": company.id}


class Company(Resource, module="clearml", name="Company"):
    """A company by name. One of that name is adopted if its users are at most `admin_email`.

    `adopt` takes one that has other users too, on purpose; `known_id` names the one meant. `on_remove`: what becomes of
    it with the resource; `delete` only where the server offers that. `defaults` are what it gets when it is made:
    `features`, `exclude_features`, `allowed_users`. Whether it has them, and every later change, is the business of
    `Features`. `intent`: what all tenants declare, so that one is not taken for another whoever comes first.
    """

    name: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        name: pulumi.Input[str],
        admin_email: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        adopt: bool = False,
        known_id: pulumi.Input[str] | None = None,
        on_remove: Literal["keep", "delete"] = "keep",
        defaults: Mapping[str, Any] | None = None,
        intent: Intent | None = None,
    ) -> None:
        props = {
            "name": name,
            "admin_email": admin_email,
            "adopt": adopt or None,
            "known_id": known_id,
            # Known in the state when the file is gone; unset is to keep it.
            "on_remove": None if on_remove == "keep" else on_remove,
            "defaults": dict(defaults or {}) or None,
            INTENT: intent and intent.text,
        }
        super().__init__(CompanyProvider(), resource_name, props, opts)

    @property
    def company_id(self) -> pulumi.Output[str]:
        """The company's id; known in every preview but that of its creation."""
        return self.id
