"""Facts of a stack for checks that are asked by themselves, without files."""

from __future__ import annotations

from collections.abc import Iterable

from settings.facts import Facts
from settings.models.stack import StackSettings
from settings.models.stack_file import StackFile
from settings.models.tenant import Tenant
from tests.unit.document import settings


def facts(
    stack: StackSettings | None = None,
    tenants: Iterable[Tenant] = (),
    *,
    name: str = "test",
    api_url: str = "https://api.clearml.example.com",
    api_ca_file: str | None = None,
) -> Facts:
    """A sound stack file with the settings `stack`, or the guide's own if there are none, and the tenants."""
    file = StackFile.model_construct(
        api_url=api_url,
        api_ca_file=api_ca_file,
        apiserver_key=None,
        apiserver_secret=None,
        stack=stack or settings(),
    )
    return Facts(name, file, tuple(tenants))
