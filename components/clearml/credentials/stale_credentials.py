"""Live keys of a use beside the one in use, which a run that was cut off has left: revoked, and then forgotten.

Such a key may be what a worker still runs with, as when a rotation was interrupted. So this is a resource of its own,
after the worker's release, and not a part of the key: what it takes away, no healthy worker needs any more.
"""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components.clearml.api.log import log
from components.clearml.credentials.key_labels import use_of
from components.clearml.credentials.revocation import revoke
from components.clearml.provider import NOT_FOUND, ClearMLProvider, Properties, with_api_wait


class StaleCredentialsProvider(ClearMLProvider):
    """Revokes what a refresh has seen (contract 2.3); it is there from one refresh to the next."""

    compared = ("user_id", "label", "keys")

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        """Raises FailedCall."""
        return CreateResult(f"surplus/{props['label']}", self._revoke(props))

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Raises FailedCall."""
        return UpdateResult(self._revoke(news))

    def _revoke(self, props: Properties) -> Properties:
        user_id, label = str(props["user_id"]), str(props["label"])
        with self.session.lock(f"keys {user_id}"):
            for key in self.session.cache.credentials.fresh(user_id):
                # One that got another label meanwhile is somebody's now.
                if key.access_key in props["keys"] and use_of(key.label) == use_of(label):
                    revoke(self.session, user_id, key.access_key)
                    log(f"revoked key {key.access_key} ({key.label}): it was live beside the one in use ({label})")
        return {name: props[name] for name in self.compared}

    def read(self, id_: str, props: Properties) -> ReadResult:
        """Nothing: what is surplus now, the key in use sees by itself."""
        return NOT_FOUND

    def delete(self, id_: str, props: Properties) -> None:
        """Nothing: they are revoked."""


class StaleCredentials(Resource, module="clearml", name="SurplusKeys"):
    """The keys of `user_id` that are live beside the one labelled `label`: access key to a line for people."""

    def __init__(
        self,
        resource_name: str,
        user_id: pulumi.Input[str],
        label: pulumi.Input[str],
        keys: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {"user_id": user_id, "label": label, "keys": dict(keys)}
        super().__init__(StaleCredentialsProvider(), resource_name, props, opts)
