"""A tenant's service account: found or made by its name, an admin of its company, removed with the tenant."""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components.clearml.api.calls import company_settings, service_users
from components.clearml.api.calls.service_user_models import ServiceUser
from components.clearml.api.errors import Forbidden
from components.clearml.api.log import log
from components.clearml.credentials.revocation import revoke
from components.clearml.provider import NOT_FOUND, ClearMLProvider, Properties, with_api_wait
from components.clearml.run.refusals import NotApplied, ServiceAccountRefused
from components.clearml.service_account import accounts

_ALLOWED = "allow_service_user_admins"


class ServiceAccountProvider(ClearMLProvider):
    """Create, find and delete the user for machines whose keys the workers have (contract 2.3, 2.4).

    Whether it runs tasks as their owners is said when it is made and by no later call, so another answer is another
    account. Its name tells the two apart.
    """

    identity = ("company_id", "name", "run_as_owner")
    compared = ("admin_id", "role")

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Raises ServiceAccountRefused, NotApplied, FailedCall."""
        admin_id, name = str(props["admin_id"]), str(props["name"])
        with self.session.lock(f"service accounts {admin_id}"):
            account = accounts.the_one(self.session, admin_id, name) or self._new(props)
            self._verify_owner(account, props)
            self._make_admin(account, props)
        return CreateResult(account.id, _outputs(props))

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises ServiceAccountRefused, NotApplied, FailedCall."""
        account = self._there(id_, news)
        if account is None:
            raise NotApplied(f"service account {id_}", "role", accounts.ROLE, "that there is no such account")
        self._make_admin(account, news)
        return UpdateResult(_outputs(news))

    def read(self, id_: str, props: Properties) -> ReadResult:
        account = self.unless_gone(str(props["admin_id"]), lambda: self._there(id_, props))
        if account is None:
            return NOT_FOUND
        found = {**_outputs(props), "role": account.role or props["role"]}
        if account.allow_running_as_owner not in (None, bool(props["run_as_owner"])):
            log(f"service account {account.name} (id {id_}) was edited: {_allows(account)}; put that back by hand")
        return ReadResult(id_, found, found)

    def delete(self, id_: str, props: Properties) -> None:
        """With all its keys; an account, an admin or a company that is gone already is fine. Raises FailedCall."""
        admin_id, name = str(props["admin_id"]), str(props["name"])
        with self.session.lock(f"service accounts {admin_id}"):
            self.unless_locked_out(admin_id, lambda: self._remove(admin_id, id_, name))

    def _remove(self, admin_id: str, id_: str, name: str) -> None:
        for account in service_users.of_company(self.session.client, admin_id):
            if account.id == id_ or account.name == name:
                accounts.remove(self.session, admin_id, account)

    def _new(self, props: Properties) -> ServiceUser:
        admin_id, name, runs_as_owner = str(props["admin_id"]), str(props["name"]), bool(props["run_as_owner"])
        client = self.session.client

        def write() -> ServiceUser:
            try:
                made = service_users.create(client, admin_id, name, runs_as_owner=runs_as_owner)
            except Forbidden as refusal:
                raise ServiceAccountRefused(name, refusal.failure.message) from None
            # Beside that one key it holds only those that this run asks for.
            self.session.ledger.created_users.add(made.id)
            if made.credentials:
                revoke(self.session, made.id, made.credentials.access_key)
            return ServiceUser(id=made.id, name=name, allow_running_as_owner=runs_as_owner)

        return self.session.write_and_verify(write, lambda: accounts.the_one(self.session, admin_id, name))

    def _there(self, id_: str, props: Properties) -> ServiceUser | None:
        every = service_users.of_company(self.session.client, str(props["admin_id"]))
        return next((each for each in every if each.id == id_), None)

    def _verify_owner(self, account: ServiceUser, props: Properties) -> None:
        wanted = bool(props["run_as_owner"])
        if account.allow_running_as_owner not in (None, wanted):
            what = f"service account {account.name} (id {account.id})"
            raise NotApplied(what, "allow_running_as_owner", str(wanted), f"that it {_allows(account)}")

    def _make_admin(self, account: ServiceUser, props: Properties) -> None:
        """Agents and gateways need an admin's rights (contract 2.3); the company has to allow it first."""
        if account.role == accounts.ROLE:
            return
        admin_id, company_id, client = str(props["admin_id"]), str(props["company_id"]), self.session.client

        def is_allowed() -> bool | None:
            return company_settings.stored(client, company_id).get(_ALLOWED) or None

        def allow() -> bool:
            company_settings.write(client, company_id, {_ALLOWED: True})
            return True

        def is_admin() -> bool | None:
            found = self._there(account.id, props)
            return True if found is not None and found.role == accounts.ROLE else None

        def promote() -> bool:
            service_users.make_admin(client, admin_id, account.id)
            return True

        if not is_allowed():
            self.session.write_and_verify(allow, is_allowed)
        self.session.write_and_verify(promote, is_admin)
        if not is_admin():
            raise NotApplied(f"service account {account.name}", "role", accounts.ROLE, "another role")
        self.session.cache.profiles.drop(account.id)


def _allows(account: ServiceUser) -> str:
    return "runs tasks as their owners" if account.allow_running_as_owner else "runs no tasks as their owners"


def _outputs(props: Properties) -> Properties:
    return {name: props[name] for name in (*ServiceAccountProvider.identity, *ServiceAccountProvider.compared)}


class ServiceAccount(Resource, module="clearml", name="ServiceAccount"):
    """A service account of `company_id` with role admin; `admin_id` is the admin of the company that makes it.

    `name` begins as the labels of the tenant's keys do: an account that is called so already is used.
    """

    def __init__(
        self,
        resource_name: str,
        company_id: pulumi.Input[str],
        admin_id: pulumi.Input[str],
        name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        run_as_owner: bool = False,
    ) -> None:
        props = {
            "company_id": company_id,
            "admin_id": admin_id,
            "name": name,
            "run_as_owner": run_as_owner,
            "role": accounts.ROLE,
        }
        super().__init__(ServiceAccountProvider(), resource_name, props, opts)

    @property
    def user_id(self) -> pulumi.Output[str]:
        """The account's id; known in every preview but that of its creation."""
        return self.id
