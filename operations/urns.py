"""Parts of a URN, as `settings.types.naming` has them: written twice, as what runs a copy's program must not import it.

An older copy has its own `settings`, and the first one imported would be everybody's. A test keeps both the same.
"""

from __future__ import annotations

PLATFORM = "clearml:platform:Platform"
TENANT = "clearml:tenant:Tenant"
RELEASE = "kubernetes:helm.sh/v3:Release"


def kind_of(token: str) -> str:
    """`Release` of `kubernetes:helm.sh/v3:Release`."""
    return token.rpartition(":")[2]


def name_of(urn: str) -> str:
    """The resource's name, the last part."""
    return urn.rpartition("::")[2]


def stack_of(urn: str) -> str:
    """The stack, of the start `urn:pulumi:<stack>`."""
    return urn.partition("::")[0].rpartition(":")[2]


def types_of(urn: str) -> str:
    """All before the name: stack, project and the types from the outermost parent to the resource's own."""
    return urn.rpartition("::")[0]


def without_id(provider: str) -> str:
    """The URN in a resource's reference to what makes it, `<urn>::<id>`."""
    return provider.rpartition("::")[0]
