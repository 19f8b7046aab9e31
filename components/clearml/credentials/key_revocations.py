"""Keys that people made and that a tenant's file revokes: nobody else's, and none that a run of this stack made."""

# ruff: noqa: ARG002, N818 - the arguments are the base class's; a cause is named by what was found

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components.clearml.api.calls import credentials, users
from components.clearml.api.errors import ClearMLError, Forbidden, ImpersonationRefused, InvalidRequest
from components.clearml.api.log import log
from components.clearml.credentials.key_labels import stack_of
from components.clearml.credentials.revocation import revoke
from components.clearml.provider import ClearMLProvider, Properties, with_api_wait

_NOT_A_COLLEAGUE = (Forbidden, ImpersonationRefused, InvalidRequest)
# Two keys have nothing in common; two spellings of one nearly all.
_ONE_KEY = 0.85
_ADMIN = "admin"


class KeyNotRevoked(ClearMLError):
    """A key that is listed is none that this tenant's file may revoke; no key was revoked."""

    def __init__(self, access_key: str, why: str) -> None:
        super().__init__(f"revokeKeys: {access_key} {why}; none of the keys listed with it was revoked")


class KeyRevocationsProvider(ClearMLProvider):
    """Revokes keys of users of one company by name (contract 2.3). A key that is gone is fine.

    All are looked at before the first is revoked: a list with one key of somebody else's revokes nothing.
    """

    identity = ("company_id",)
    compared = ("keys",)

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Raises KeyNotRevoked, FailedCall."""
        self._revoke(props, ())
        return CreateResult(f"revocations/{props['company_id']}", _outputs(props))

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises KeyNotRevoked, FailedCall."""
        self._revoke(news, olds.get("keys") or ())
        return UpdateResult(_outputs(news))

    def read(self, id_: str, props: Properties) -> ReadResult:
        """Without the keys that work again, as after a server's backup was restored: the next run revokes them."""
        keys = [each for each in props["keys"] if credentials.owner(self.session.client, each) is None]
        for each in (each for each in props["keys"] if each not in keys):
            log(f"key {each} is live again, which the tenant's file revokes: `up` revokes it")
        return ReadResult(id_, {"company_id": props["company_id"], "keys": keys})

    def delete(self, id_: str, props: Properties) -> None:
        """Nothing: they stay revoked."""

    def _revoke(self, props: Properties, before: Collection[str]) -> None:
        keys = [str(each) for each in props["keys"] if each not in before]
        owners = {each: self._owner(each, props) for each in keys}
        for access_key, user_id in owners.items():
            if user_id is not None:
                with self.session.lock(f"keys {user_id}"):
                    revoke(self.session, user_id, access_key)
                log(f"revoked key {access_key} of user {user_id}: the tenant's file lists it under revokeKeys")

    def _owner(self, access_key: str, props: Properties) -> str | None:
        """The id of the user of this company whose key it is; None if it is gone. Raises KeyNotRevoked, FailedCall."""
        if access_key in (self.session.client.connection.key, *props["own_keys"]):
            raise KeyNotRevoked(access_key, "is this program's own key: take it out of the tenant's file")
        user_id = self._located(access_key, props)
        if user_id is None:
            log(f"key {access_key} is not there: it was revoked already, or is misspelt")
            return None
        if self._company_of(user_id) != props["company_id"]:
            raise KeyNotRevoked(access_key, "is no key of this tenant's company: take it out of the tenant's file")
        for key in self.session.cache.credentials.fresh(user_id):
            if key.access_key == access_key and stack_of(key.label) == props["stack"]:
                raise KeyNotRevoked(
                    access_key,
                    f"is a worker's key that this program made ({key.label}): take it out of the tenant's file, and "
                    "raise keyGeneration for another key",
                )
        return user_id

    def _located(self, access_key: str, props: Properties) -> str | None:
        """Whose key it is, in whatever company. Raises KeyNotRevoked if its admins have one nearly like it."""
        admin_id = str(props["admin_id"])
        if any(each.access_key == access_key for each in self.session.cache.credentials.get(admin_id)):
            return admin_id
        user_id = credentials.owner(self.session.client, access_key)
        if user_id is None:
            hand_made = [*self._hand_made(admin_id, props["stack"])]
            if near := get_close_matches(access_key, hand_made, n=1, cutoff=_ONE_KEY):
                raise KeyNotRevoked(access_key, f"is not there: did you mean {near[0]}?")
        return user_id

    def _hand_made(self, admin_id: str, stack: str) -> Iterator[str]:
        """The keys of all admins of the company that `make status` lists; of those alone whom the server tells."""
        people = [admin_id]
        with suppress(*_NOT_A_COLLEAGUE):
            told = users.colleagues(self.session.client, admin_id)
            people += [each.id for each in told if each.role == _ADMIN and each.id != admin_id]
        for user_id in people:
            with suppress(*_NOT_A_COLLEAGUE):
                keys = self.session.cache.credentials.get(user_id)
                yield from (each.access_key for each in keys if stack_of(each.label) != stack)

    def _company_of(self, user_id: str) -> str | None:
        """None if nobody can act as the user: its company was deleted, or it is one of the server's own."""
        try:
            return self.session.cache.home_of(user_id)
        except _NOT_A_COLLEAGUE:
            return None


def _outputs(props: Properties) -> Properties:
    return {"company_id": props["company_id"], "keys": list(props["keys"])}


class KeyRevocations(Resource, module="clearml", name="KeyRevocations"):
    """The access keys that are to be revoked, of users of `company_id`; `admin_id` is the tenant's admin.

    Never one of `own_keys`, access keys of the tenant's workers, nor one with a label of `stack`.
    """

    def __init__(
        self,
        resource_name: str,
        keys: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        company_id: pulumi.Input[str],
        admin_id: pulumi.Input[str],
        stack: str,
        own_keys: Sequence[pulumi.Input[str]],
    ) -> None:
        props = {
            "company_id": company_id,
            "admin_id": admin_id,
            "stack": stack,
            "own_keys": [*own_keys],
            "keys": [*keys],
        }
        super().__init__(KeyRevocationsProvider(), resource_name, props, opts)
