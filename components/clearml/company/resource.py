"""A tenant's company: found or made by name, renamed in place, never replaced, kept unless its file says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import pulumi
from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, Resource

from components.clearml.admin_user import admins
from components.clearml.api.calls import companies
from components.clearml.api.errors import ClearMLError, Duplicate, FailedCall
from components.clearml.api.models import CompanyInfo
from components.clearml.api.say import say
from components.clearml.company import adoption
from components.clearml.company import deletion as company_deletion
from components.clearml.provider import ClearMLProvider, Properties, unknown
from components.clearml.run.refusals import (
    CompanyDeleted,
    CompanyMistaken,
    NameTaken,
    NotApplied,
    UserVanished,
)

SHORTEST_NAME = 3


class CompanyProvider(ClearMLProvider):
    """Create, rename and find companies (contract 2.1, 2.6, 6.2)."""

    compared = ("name", "admin_email", "adopt", "known_id", "on_remove")
    told = ("admins",)

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        """Also notes what is declared: a renamed file's old resource is deleted last, and must leave it alone.

        And who all tenants' admins are.
        """
        given = (news.get(name) for name in ("name", "admin_email", "known_id"))
        if hasattr(self, "session"):
            self.session.declared.update(str(value).casefold() for value in given if value and not unknown(value))
            self.session.tell_admins(str(news.get("admins") or "").split())
        return super().check(olds, news)

    def faults(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        name = news.get("name")
        if not unknown(name) and (
            not isinstance(name, str) or len(name.strip()) < SHORTEST_NAME or name != name.strip()
        ):
            return {"name": f"a company's name has at least {SHORTEST_NAME} characters and no space around it"}
        passed_on = None if unknown(name) else self._passed_on(str(olds.get("name") or ""), str(name))
        if passed_on:
            return {"name": passed_on}
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

    def made(self, props: Properties) -> CreateResult:
        """Raises as `adoption.found` and `adoption.refuse_unmakeable`, NameTaken, NotApplied."""
        name = str(props["name"])
        with self.session.alone(f"company {name.casefold()}"):
            company = self._found(props) or self._new(props)
            if company.name != name:
                company = self._renamed(company, name, str(props["admin_email"]))
        self.session.held[company.id] = str(props["admin_email"]).casefold()
        return CreateResult(company.id, _kept(props, company))

    def changed(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Raises NameTaken, UserVanished, NotApplied, FailedCall."""
        name, email = str(news["name"]), str(olds.get("admin_email") or news["admin_email"])
        if name == olds.get("name"):
            return _kept(news, CompanyInfo(id=id_, name=name))
        return _kept(news, self._renamed(adoption.by_id(self.session, id_, name), name, email))

    def seen(self, id_: str, props: Properties) -> ReadResult:
        """Raises CompanyVanished: a company is never made again behind our back."""
        company = adoption.by_id(self.session, id_, str(props.get("name")))
        found = _kept(props, company)
        return ReadResult(id_, found, {name: found[name] for name in self.compared if name in found})

    def removed(self, id_: str, props: Properties) -> None:
        """The company and its data stay, unless `on_remove` says otherwise. Raises as `company_deletion.delete`."""
        act = company_deletion.delete if props.get("on_remove") == "delete" else company_deletion.keep
        act(self.session, id_, str(props.get("name")), str(props.get("admin_email")))

    def _found(self, props: Properties, *, just_made: bool = False) -> CompanyInfo | None:
        company = adoption.found(self.session, props, just_made=just_made)
        if company is not None and not just_made and (props.get("known_id") or props.get("adopt")):
            count = companies.user_count(self.session.client, company)
            say(f"takes over company {company.name!r} (id {company.id}) with {'?' if count is None else count} users")
        elif company is not None and not just_made:
            say(f"company {company.name!r} (id {company.id}) was there already and is used")
        return company

    def _new(self, props: Properties) -> CompanyInfo:
        name = str(props["name"])
        deleted = adoption.refuse_unmakeable(self.session, props)

        def look() -> CompanyInfo | None:
            self.session.fresh_companies()
            return self._found(props, just_made=True)

        def write() -> CompanyInfo:
            try:
                company = CompanyInfo(id=companies.create(self.session.client, name, _defaults(props)), name=name)
            except Duplicate as refusal:
                self.session.fresh_companies()
                found = self._found(props)
                if found is None:
                    raise _hidden(name, deleted, refusal) from None
                return found
            self.session.learn_company(company)
            return company

        made = self.session.settle(write, look)
        if deleted:
            say(f"company {name!r} (id {made.id}) is a new one: the one of that name (id {deleted.id}) was deleted")
        return made

    def _renamed(self, company: CompanyInfo, name: str, admin_email: str) -> CompanyInfo:
        for other in self.session.fresh_companies():
            if other.id != company.id and other.active is not False and other.name.casefold() == name.casefold():
                raise NameTaken(name, f"company {other.name!r} (id {other.id}) is called so")
        admin = admins.of_company(self.session, admin_email, company.id)
        if admin is None:
            raise UserVanished(admin_email, f"company {company.id} cannot be named {name!r}")
        admin_id = admin.id

        def look() -> CompanyInfo | None:
            self.session.fresh_companies()
            found = adoption.by_id(self.session, company.id, name)
            return found if found.name == name else None

        def write() -> CompanyInfo | None:
            companies.rename(self.session.client, admin_id, name)
            return look()

        renamed = self.session.settle(write, look)
        if renamed is None:
            raise NotApplied(f"company {company.id}", "name", repr(name), "another name")
        return renamed

    def _passed_on(self, old: str, new: str) -> str | None:
        """What is wrong if a name goes from one company to another in one change: which call comes first is open."""
        if not hasattr(self, "session"):
            return None
        with self.session.alone("names"):
            names = self.session.names
            names[new.casefold()] = old.casefold()
            for its_new, its_old in names.items():
                if its_new == new.casefold():
                    continue
                if its_old == new.casefold() or its_new == old.casefold():
                    passed = new if its_old == new.casefold() else old
                    return (
                        f"{passed!r} goes from one company to another in this change: rename the one that has it in a "
                        "run of its own first; of two that swap names, one takes a third name for that run"
                    )
        return None


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


def _kept(props: Properties, company: CompanyInfo) -> Properties:
    """What the state holds: the declared inputs, with the name the server says."""
    kept = {name: props[name] for name in CompanyProvider.compared if props.get(name) is not None}
    return {**kept, "name": company.name, "company_id": company.id}


class Company(Resource, module="clearml", name="Company"):
    """A company by name. One of that name is adopted if its users are at most `admin_email`.

    `adopt` takes one that has other users too, on purpose; `known_id` names the one meant. `on_remove`: what becomes of
    it with the resource; `delete` only where the server offers that. `defaults` are what it gets when it is made:
    `features`, `exclude_features`, `allowed_users`. Whether it has them, and every later change, is the business of
    `Features`. `admins`: e-mails of all tenants' admins, so that the server is asked once for all of them.
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
        admins: Iterable[str] = (),
    ) -> None:
        props = {
            "name": name,
            "admin_email": admin_email,
            "adopt": adopt or None,
            "known_id": known_id,
            # Known in the state when the file is gone; unset is to keep it.
            "on_remove": None if on_remove == "keep" else on_remove,
            "defaults": dict(defaults or {}) or None,
            # One text, not a list: with a thousand tenants the engine is sent this a thousand times.
            "admins": " ".join(admins) or None,
        }
        super().__init__(CompanyProvider(), resource_name, props, opts)

    @property
    def company_id(self) -> pulumi.Output[str]:
        """The company's id; known in every preview but that of its creation."""
        return self.id
