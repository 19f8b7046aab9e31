"""A release of Helm, as the plugin runs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.kinds.plugin import of_plugin
from settings.types.naming import RELEASE


class Release(pulumi.CustomResource):
    """`name` is what Helm knows it by; `status` is what Helm says of it, by the plugin's names of its fields."""

    name: pulumi.Output[str]
    status: pulumi.Output[Mapping[str, Any]]

    def __init__(self, name: str, arguments: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        """`arguments` as the plugin calls them; what is None is left out."""
        given = {key: value for key, value in arguments.items() if value is not None}
        # The plugin reads the first one as: not a chart's template.
        super().__init__(RELEASE, name, {"compat": "true", "status": None, **given}, of_plugin(opts))
