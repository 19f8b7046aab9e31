"""All that checks may look at, frozen: one stack, its tenants, and the names of its secrets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from settings.finding import Finding, Where
from settings.types.naming import PROJECT

if TYPE_CHECKING:
    # Who asks where a file is needs no model of what is in it, and to make them takes longer than that.
    from settings.models.stack import StackSettings
    from settings.models.stack_file import StackFile
    from settings.models.tenant import Tenant


@dataclass(frozen=True)
class Facts:
    """`stack` is the environment's name, `file` what its own file holds; None if that file is at fault.

    `tenants` are in the order of their files. Not `is_whole` if the file of one is at fault and it is lacking.
    `placeholders` were met where a value is still to be written.
    """

    stack: str
    file: StackFile | None
    tenants: tuple[Tenant, ...] = ()
    is_whole: bool = True
    placeholders: tuple[Finding, ...] = ()

    def of_shard(self, shard: str) -> Facts:
        """What is known of the tenants of one stack, whose others have been checked before; their own if it has all."""
        tenants = tuple(tenant for tenant in self.tenants if tenant.shard == shard)
        return self if tenants == self.tenants else replace(self, tenants=tenants, is_whole=False)

    @property
    def settings(self) -> StackSettings | None:
        """The stack's settings; None if its file is at fault."""
        return self.file.stack if self.file else None

    @property
    def secrets(self) -> Collection[str]:
        """The keys of the secrets that the stack's file holds."""
        return self.file.given_secrets() if self.file else ()

    def stack_key(self, key: str) -> Where:
        """`key` as it stands in the stack's file after the project's name, like `apiUrl`."""
        return Where(stack_file_of(self.stack), "", f"{PROJECT}:{key}")

    def tenant_key(self, tenant: str, key: str) -> Where:
        """`key` of the tenant's file."""
        return Where(file_of(self.stack, tenant, self._shards.get(tenant, "")), tenant, key)

    @cached_property
    def _shards(self) -> Mapping[str, str]:
        return {tenant.name: tenant.shard for tenant in self.tenants}

    def place(self, finding: Finding) -> Finding:
        """The finding with its file, where the check has left that to this."""
        where = finding.where
        if where.file:
            return finding
        placed = self.tenant_key(where.tenant, where.key) if where.tenant else self.stack_key(f"stack.{where.key}")
        return replace(finding, where=placed)


def file_of(stack: str, tenant: str, shard: str = "") -> str:
    """The tenant's file in an environment, or in a shard of it, relative to the project."""
    return f"config/tenants/{stack}/{f'{shard}/' if shard else ''}{tenant}.yaml"


def stack_file_of(stack: str) -> str:
    """The stack's file, relative to the project."""
    return f"config/Pulumi.{stack}.yaml"
