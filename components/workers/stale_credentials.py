"""Declares that surplus keys of a worker are revoked, if the last refresh has seen any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.clearml.credentials.resource import Credentials
from components.clearml.credentials.stale_credentials import StaleCredentials
from components.sdk.source_positions import without_source_positions


def revoke_stale(
    name: str, credentials: Credentials, releases: Sequence[pulumi.Resource], opts: pulumi.ResourceOptions
) -> None:
    """After all `releases` of the tenant are healthy: a key beside `credentials` may be what one runs with until then.

    Declared only where there is one, which the state of `credentials` tells in every preview: a use without any has no
    resource more.
    """

    def declare(found: Mapping[str, str] | None) -> None:
        if not found:
            return
        after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=list(releases)))
        with without_source_positions():
            StaleCredentials(name, credentials.user_id, credentials.label, found, after)

    credentials.surplus.apply(declare)
