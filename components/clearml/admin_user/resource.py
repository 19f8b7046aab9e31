"""The tenant's internal admin: found or made by e-mail, renamed in place, kept with the company when removed."""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, Resource, UpdateResult

from components.clearml.admin_user import admins
from components.clearml.admin_user.spelling import as_sent
from components.clearml.api.calls import users
from components.clearml.api.errors import Duplicate
from components.clearml.api.log import log
from components.clearml.api.models import CurrentIdentity
from components.clearml.credentials.key_labels import tenant_of
from components.clearml.credentials.revocation import revoke_all
from components.clearml.provider import NOT_FOUND, ClearMLProvider, Properties, unknown, with_api_wait
from components.clearml.run.refusals import NotApplied


class AdminUserProvider(ClearMLProvider):
    """Create, rename and find the user that agents, gateways and sign-in calls act as (contract 2.3, 2.4)."""

    compared = ("company_id", "email", "name", "key_labels")

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        """An e-mail that differs in case alone is the same one, and stays as it was sent."""
        return super().check(olds, as_sent(olds, news, "email"))

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        """A state that was written before there were `key_labels` is as good as one with them."""
        return super().diff(_id, {"key_labels": news.get("key_labels"), **olds}, news)

    def validate(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        faults = {}
        if not unknown(news.get("email")) and "@" not in str(news.get("email")):
            faults["email"] = "not an e-mail address: write it like clearml-admin@example.com"
        for name, what in (("email", "no call changes a user's e-mail"), ("company_id", "no call moves a user")):
            old, new = olds.get(name), news.get(name)
            if old and not unknown(new) and old != new:
                faults[name] = f"{what}: put back {old}, or remove the tenant and add it anew with `adopt: true`"
        return faults

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Raises UserTaken, NotApplied, FailedCall."""
        email = str(props["email"])
        with self.session.lock(f"user {email.casefold()}"):
            # In a company that this run made there is nobody yet; an e-mail in use elsewhere is refused.
            known = None if props["company_id"] in self.session.ledger.created_companies else self._found(props)
            user = known or self._new(props)
        return CreateResult(user.id, _outputs(props, self._named(user, str(props["name"]))))

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises NotApplied, FailedCall."""
        return UpdateResult(_outputs(news, self._named(self.session.cache.profiles.fresh(id_).user, str(news["name"]))))

    def read(self, id_: str, props: Properties) -> ReadResult:
        user = self.unless_gone(id_, lambda: self.session.cache.profiles.get(id_).user)
        if user is None:
            return NOT_FOUND
        self.session.cache.set_home(id_, user.company.id)
        found = {**_outputs(props, user), "company_id": user.company.id}
        return ReadResult(id_, found, {name: found[name] for name in self.compared if name in found})

    def delete(self, id_: str, props: Properties) -> None:
        """The user stays with its company, which could not be reached without it; no key of ours does.

        All that depends on the user is gone by now: what is live still was lost with a run. Raises FailedCall.
        """
        ours = {str(each) for each in (props.get("key_labels"), *self.session.ledger.tenants_losing_keys[id_]) if each}
        if ours:
            self.unless_locked_out(id_, lambda: revoke_all(self.session, id_, lambda key: tenant_of(key.label) in ours))
        if self.session.cache.has_company(str(props.get("company_id"))) is not False:
            log(f"user {props.get('email')} (id {id_}) was kept with company {props.get('company_id')}")

    def _found(self, props: Properties) -> CurrentIdentity | None:
        return admins.of_company(self.session, str(props["email"]), str(props["company_id"]), fresh=True)

    def _new(self, props: Properties) -> CurrentIdentity:
        email, company_id = str(props["email"]), str(props["company_id"])
        # Who was there before is a question about all tenants' admins: asked before the first is made, or never.
        self.session.user_before(email)

        def write() -> CurrentIdentity:
            try:
                user_id = users.create_admin(self.session.client, company_id, str(props["name"]), email)
            except Duplicate:
                found = self._found(props)
                if found is None:
                    raise
                return found
            self.session.ledger.created_users.add(user_id)
            self.session.cache.set_home(user_id, company_id)
            return self._verified(user_id, company_id)

        return self.session.write_and_verify(write, lambda: self._found(props))

    def _verified(self, user_id: str, company_id: str) -> CurrentIdentity:
        """Company and role as the server says them; the name is compared by `_named`."""
        user = self.session.cache.profiles.fresh(user_id).user
        what = f"user {user_id}"
        if user.company.id != company_id:
            raise NotApplied(what, "company", company_id, user.company.id)
        if user.role != admins.ROLE:
            raise NotApplied(what, "role", admins.ROLE, user.role)
        return user

    def _named(self, user: CurrentIdentity, name: str) -> CurrentIdentity:
        """The user under this name; renamed if it has another."""
        if user.name == name:
            return user

        def look() -> CurrentIdentity | None:
            found = self.session.cache.profiles.fresh(user.id).user
            return found if found.name == name else None

        def write() -> CurrentIdentity | None:
            users.rename(self.session.client, user.id, name)
            return look()

        renamed = self.session.write_and_verify(write, look)
        if renamed is None:
            raise NotApplied(f"user {user.id}", "name", repr(name), "another name")
        return renamed


def _outputs(props: Properties, user: CurrentIdentity) -> Properties:
    labels = {"key_labels": props["key_labels"]} if props.get("key_labels") else {}
    return {
        **labels,
        "company_id": props["company_id"],
        "email": props["email"],
        "name": user.name,
        "role": user.role,
        "user_id": user.id,
    }


class AdminUser(Resource, module="clearml", name="AdminUser"):
    """A user of role admin, internal, in `company_id`; one with this e-mail that is there already is adopted.

    `key_labels` is how the labels of its keys begin that are ours, `<stack>/<tenant>/`: none of them outlives it here.
    """

    email: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        company_id: pulumi.Input[str],
        name: pulumi.Input[str],
        email: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        key_labels: str | None = None,
    ) -> None:
        props = {"company_id": company_id, "name": name, "email": email, "key_labels": key_labels}
        super().__init__(AdminUserProvider(), resource_name, props, opts)

    @property
    def user_id(self) -> pulumi.Output[str]:
        """The user's id; known in every preview but that of its creation."""
        return self.id
