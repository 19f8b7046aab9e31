"""Which plugin makes the kinds: the one whose version the package `pulumi_kubernetes` has."""

from __future__ import annotations

from functools import cache
from importlib import metadata

import pulumi


def of_plugin(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """The options with its version, as Pulumi's own classes have them."""
    return pulumi.ResourceOptions.merge(pulumi.ResourceOptions(version=_version()), opts)


@cache
def _version() -> str:
    return metadata.version("pulumi_kubernetes")
