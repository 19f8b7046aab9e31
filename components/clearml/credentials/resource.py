"""A key pair of a user under a label of its own; never two live ones for one label."""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components.clearml.api.calls import credentials
from components.clearml.api.log import log
from components.clearml.api.models import KeyInfo, NewKey
from components.clearml.api.retry import Look
from components.clearml.credentials.key_labels import beside, tenant_of, use_of
from components.clearml.credentials.revocation import revoke, revoke_all
from components.clearml.provider import NOT_FOUND, ClearMLProvider, Properties, unknown, with_api_wait
from components.clearml.run.refusals import NotApplied


class CredentialsProvider(ClearMLProvider):
    """Create and revoke keys (contract 2.3). The label tells what a key is for, and finds it after a lost run."""

    identity = ("user_id", "label")

    def validate(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        label = news.get("label")
        if not unknown(label) and not str(label or "").strip():
            return {"label": "a key without a label cannot be found again: write it like local/acme/agent/1"}
        return {}

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """With the keys of a lost state that workers still run with as `surplus`. Raises NotApplied, FailedCall."""
        user_id, label = str(props["user_id"]), str(props["label"])
        with self.session.lock(f"keys {user_id}"):
            key, used = self._new(user_id, label)
        surplus = beside(used, label, key.access_key)
        return CreateResult(
            key.access_key,
            {
                "user_id": user_id,
                "label": label,
                "access_key": key.access_key,
                "secret_key": key.secret_key,
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                **({"surplus": surplus} if surplus else {}),
            },
        )

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Never asked for: every input is part of the key's identity."""
        return UpdateResult({**olds, **news})

    def read(self, id_: str, props: Properties) -> ReadResult:
        """Also notes live keys of the same use beside this one: `StaleCredentials` revokes them."""
        user_id = str(props["user_id"])
        held = self.unless_gone(user_id, lambda: self.session.cache.credentials.get(user_id)) or ()
        key = next((key for key in held if key.access_key == id_), None)
        if key is None:
            return NOT_FOUND
        # A server that shows no labels leaves ours as it is; an empty one was emptied by hand.
        found = {**props, "label": props["label"] if key.label is None else key.label}
        inputs = {"user_id": user_id, "label": found["label"]}
        surplus = beside(held, str(found["label"]), id_)
        for access_key, told in surplus.items():
            log(f"key {access_key} is live: {told}")
        for name in ("__provider", "surplus"):
            found.pop(name, None)
        return ReadResult(id_, {**found, "surplus": surplus} if surplus else found, inputs)

    def delete(self, id_: str, props: Properties) -> None:
        """Revoke the key; a key, an owner or a company that is gone already is fine."""
        user_id = str(props["user_id"])
        if tenant := tenant_of(str(props.get("label"))):
            self.session.ledger.tenants_losing_keys[user_id].add(tenant)
        with self.session.lock(f"keys {user_id}"):
            self.unless_locked_out(user_id, lambda: self._revoke(user_id, id_, str(props.get("label"))))

    def _revoke(self, user_id: str, access_key: str, label: str) -> None:
        """This key; with it what runs that were cut off left of a use that its tenant has no more.

        A run with part of the program may not say what tenants have keys for, and takes no other.
        """
        revoke(self.session, user_id, access_key)
        use, intent = use_of(label), self.session.intent
        if use and intent is not None and use.partition("/")[2] not in intent.key_uses:
            revoke_all(self.session, user_id, lambda key: use_of(key.label) == use)

    def _new(self, user_id: str, label: str) -> tuple[NewKey, list[KeyInfo]]:
        """And keys of the same label that are in use, which outlive it here."""
        lost, used = False, list[KeyInfo]()

        def look() -> Look | None:
            nonlocal lost
            lost = True
            return Look.REPEAT if self._revoke_lost(user_id, self._others(user_id, label)) else None

        # A user that this run made holds only keys that this run asked for.
        ledger = self.session.ledger
        if user_id not in ledger.created_users or label in ledger.requested_keys:
            others = self._others(user_id, label)
            self._revoke_lost(user_id, others)
            used = [each for each in others if _is_in_use(each)]
        ledger.requested_keys.add(label)
        try:
            key = self.session.write_and_verify(lambda: credentials.create(self.session.client, user_id, label), look)
        finally:
            self.session.cache.credentials.drop(user_id)
        if lost:
            self._revoke_lost(user_id, self._others(user_id, label, but=key.access_key))
        if key.label != label:
            self._verify(user_id, key, label)
        if key.expire:
            revoke(self.session, user_id, key.access_key)
            found = f"that it ends at {key.expire} (leave server.keyLifetimeSeconds out of the stack's file)"
            raise NotApplied(f"key of user {user_id}", "expiration", "never", found)
        return key, used

    def _others(self, user_id: str, label: str, but: str | None = None) -> list[KeyInfo]:
        """Keys of this label: of a run that was cut off, or of a state that was lost."""
        held = self.session.cache.credentials.fresh(user_id)
        return [key for key in held if key.label == label and key.access_key != but]

    def _revoke_lost(self, user_id: str, others: Iterable[KeyInfo]) -> int:
        """Revoke those whose secret nobody can know, since nobody has ever used them. Returns how many."""
        lost = [key for key in others if not _is_in_use(key)]
        for key in lost:
            revoke(self.session, user_id, key.access_key)
            log(f"revoked key {key.access_key} ({key.label}): its secret was lost with the run that made it")
        return len(lost)

    def _verify(self, user_id: str, key: NewKey, label: str) -> None:
        """The answer did not repeat the label: read it back, since a key without it would be lost to us."""
        found = {held.access_key: held.label for held in self.session.cache.credentials.fresh(user_id)}
        if found.get(key.access_key) != label:
            revoke(self.session, user_id, key.access_key)
            raise NotApplied(f"key of user {user_id}", "label", label, repr(found.get(key.access_key)))


def _is_in_use(key: KeyInfo) -> bool:
    """Whether a worker may run with it: its release has the secret, though no state does."""
    return bool(key.last_used and use_of(key.label))


class Credentials(Resource, module="clearml", name="Credentials"):
    """A key pair of `user_id`, labelled `label`, without expiry; `secret_key` is a secret in the state.

    Another label is another key: it is made before the old one is revoked. `surplus` are live keys of the same use
    beside it, as the last refresh saw them, or its creation: access key to a line for people, None if there were none.
    """

    access_key: pulumi.Output[str]
    secret_key: pulumi.Output[str]
    label: pulumi.Output[str]
    created: pulumi.Output[str]
    user_id: pulumi.Output[str]
    surplus: pulumi.Output[Mapping[str, str] | None]

    def __init__(
        self,
        resource_name: str,
        user_id: pulumi.Input[str],
        label: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        told = dict.fromkeys(("access_key", "secret_key", "created", "surplus"))
        props = {"user_id": user_id, "label": label, **told}
        hidden = pulumi.ResourceOptions(additional_secret_outputs=["secret_key"])
        super().__init__(CredentialsProvider(), resource_name, props, pulumi.ResourceOptions.merge(opts, hidden))
