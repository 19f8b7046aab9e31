"""The tenant's internal admin: found or made by e-mail, renamed in place, kept with the company when removed."""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, Resource

from components.clearml.admin_user import admins
from components.clearml.admin_user.spelling import as_sent
from components.clearml.api.calls import users
from components.clearml.api.errors import Duplicate
from components.clearml.api.models import UserSelf
from components.clearml.api.say import say
from components.clearml.credentials.key_labels import tenant_of
from components.clearml.credentials.revocation import revoke_all
from components.clearml.provider import GONE, ClearMLProvider, Properties, unknown
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

    def faults(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        faults = {}
        if not unknown(news.get("email")) and "@" not in str(news.get("email")):
            faults["email"] = "not an e-mail address: write it like clearml-admin@example.com"
        for name, what in (("email", "no call changes a user's e-mail"), ("company_id", "no call moves a user")):
            old, new = olds.get(name), news.get(name)
            if old and not unknown(new) and old != new:
                faults[name] = f"{what}: put back {old}, or remove the tenant and add it anew with `adopt: true`"
        return faults

    def made(self, props: Properties) -> CreateResult:
        """Raises UserTaken, NotApplied, FailedCall."""
        email = str(props["email"])
        with self.session.alone(f"user {email.casefold()}"):
            # In a company that this process made there is nobody yet; an e-mail in use elsewhere is refused.
            known = None if props["company_id"] in self.session.made else self._found(props)
            user = known or self._new(props)
        return CreateResult(user.id, _kept(props, self._named(user, str(props["name"]))))

    def changed(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Raises NotApplied, FailedCall."""
        return _kept(news, self._named(self.session.profiles.fresh(id_).user, str(news["name"])))

    def seen(self, id_: str, props: Properties) -> ReadResult:
        user = self.unless_gone(id_, lambda: self.session.profiles.get(id_).user)
        if user is None:
            return GONE
        self.session.learn_home(id_, user.company.id)
        found = {**_kept(props, user), "company_id": user.company.id}
        return ReadResult(id_, found, {name: found[name] for name in self.compared if name in found})

    def removed(self, id_: str, props: Properties) -> None:
        """The user stays with its company, which could not be reached without it; no key of ours does.

        All that depends on the user is gone by now: what is live still was lost with a run. Raises FailedCall.
        """
        ours = {str(each) for each in (props.get("key_labels"), *self.session.retired[id_]) if each}
        if ours:
            self.unless_locked_out(id_, lambda: revoke_all(self.session, id_, lambda key: tenant_of(key.label) in ours))
        if self.session.has_company(str(props.get("company_id"))) is not False:
            say(f"user {props.get('email')} (id {id_}) was kept with company {props.get('company_id')}")

    def _found(self, props: Properties) -> UserSelf | None:
        return admins.of_company(self.session, str(props["email"]), str(props["company_id"]), fresh=True)

    def _new(self, props: Properties) -> UserSelf:
        email, company_id = str(props["email"]), str(props["company_id"])

        def write() -> UserSelf:
            try:
                user_id = users.create_admin(self.session.client, company_id, str(props["name"]), email)
            except Duplicate:
                found = self._found(props)
                if found is None:
                    raise
                return found
            self.session.made.add(user_id)
            self.session.learn_home(user_id, company_id)
            return self._verified(user_id, company_id)

        return self.session.settle(write, lambda: self._found(props))

    def _verified(self, user_id: str, company_id: str) -> UserSelf:
        """Company and role as the server says them; the name is compared by `_named`."""
        user = self.session.profiles.fresh(user_id).user
        what = f"user {user_id}"
        if user.company.id != company_id:
            raise NotApplied(what, "company", company_id, user.company.id)
        if user.role != admins.ROLE:
            raise NotApplied(what, "role", admins.ROLE, user.role)
        return user

    def _named(self, user: UserSelf, name: str) -> UserSelf:
        """The user under this name; renamed if it has another."""
        if user.name == name:
            return user

        def look() -> UserSelf | None:
            found = self.session.profiles.fresh(user.id).user
            return found if found.name == name else None

        def write() -> UserSelf | None:
            users.rename(self.session.client, user.id, name)
            return look()

        renamed = self.session.settle(write, look)
        if renamed is None:
            raise NotApplied(f"user {user.id}", "name", repr(name), "another name")
        return renamed


def _kept(props: Properties, user: UserSelf) -> Properties:
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
