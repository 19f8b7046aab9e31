"""What the resources of a tenant's sign-in rules do alike: they write again what came back to their tenant."""

from __future__ import annotations

from pulumi.dynamic import CheckResult, DiffResult

from components.clearml.provider import ClearMLProvider, Properties
from components.clearml.rules.returned import due, settled


class RulesProvider(ClearMLProvider):
    """A change is also what has left and was taken back since the list was last written: see `returned`."""

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        return super().check(olds, settled(olds, news))

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        difference = super().diff(_id, olds, news)
        difference.changes = bool(difference.changes or due(olds, news))
        return difference
