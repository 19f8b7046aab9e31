"""Reads an environment's files, all of them, and says everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from settings.check_registry import Check, run
from settings.checks.placeholders import of_tenant
from settings.errors import ConfigurationError
from settings.facts import Facts, file_of
from settings.finding import Finding, Where
from settings.fingerprint import fingerprint
from settings.loading.checks import CHECKS
from settings.loading.messages import faults_of, key_of
from settings.loading.stack_file import read_stack
from settings.loading.yaml_file import Content, read_mapping
from settings.models.base import Settings
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant, TenantFile
from settings.shards import Part, part_of, shard_faults, shards_of, tenant_files
from settings.types.kubernetes.names import tenant_name
from settings.types.shape import is_free

_T = TypeVar("_T")
_Model = TypeVar("_Model", bound=Settings)


@dataclass(frozen=True)
class Environment:
    """What is asked for: one stack and its tenants by name; `api_url` is where this program reaches the API.

    `name` is the environment's, `shard` the one that this stack is of, `shards` all. `everybody`: all stacks' tenants.
    `secrets`: the keys of those that the stack's file holds; their values are the engine's business.
    `as_engine_reads`: the stack as it is without Helm's reading of free values, which the engine does not know.
    `warnings` are told before anything is done, and stop nothing. `placeholders` are among them, and nothing is
    deployed with one.
    """

    name: str
    api_url: str
    stack: StackSettings
    tenants: tuple[Tenant, ...]
    secrets: frozenset[str] = frozenset()
    as_engine_reads: StackSettings | None = None
    warnings: tuple[Finding, ...] = ()
    placeholders: tuple[Finding, ...] = ()
    shard: str = ""
    shards: tuple[str, ...] = ()
    everybody: tuple[Tenant, ...] = ()

    @property
    def part(self) -> Part:
        """What this stack deploys."""
        return Part(self.name, self.shard)

    @property
    def own_warnings(self) -> tuple[Finding, ...]:
        """Those of this stack's tenants, and of what all stacks have in common; another stack's run tells its own."""
        others = {tenant.name for tenant in self.everybody if tenant.shard != self.shard}
        return tuple(each for each in self.warnings if each.where.tenant not in others)

    def of_shard(self, shard: str) -> Environment:
        """The same files, as the stack of another shard deploys them."""
        tenants = tuple(tenant for tenant in self.everybody if tenant.shard == shard)
        return replace(self, shard=shard, tenants=tenants)

    def require_values(self) -> None:
        """Raises ConfigurationError while a placeholder stands in a file."""
        if self.placeholders:
            raise ConfigurationError(replace(each, severity="error") for each in self.placeholders)


@dataclass(frozen=True)
class Reading:
    """`environment` lacks the tenants whose own files are at fault, and is None if the stack's file is."""

    environment: Environment | None
    faults: tuple[Finding, ...]


def load(root: Path, stack: str, checks: Sequence[Check] = CHECKS) -> Environment:
    """The environment `stack` of the project in `root`, from its files alone: no engine, no secret is looked into.

    Raises ConfigurationError with every fault of every file; warnings come with the environment, if there is one.
    """
    return sound(read(root, stack, checks))


def sound(reading: Reading) -> Environment:
    """The environment. Raises ConfigurationError with every error of the reading."""
    faults = sorted(reading.faults)
    if faults or reading.environment is None:
        raise ConfigurationError(faults)
    return reading.environment


def read(root: Path, stack: str, checks: Sequence[Check] = CHECKS, checked: str = "") -> Reading:
    """As `load`, with what could be read beside what is wrong. All files of the environment are read and checked,
    whichever of its stacks it is; but for one that is fine, not those of others again that are as `checked` says."""
    part = part_of(root, stack)
    faults, waiting = list(shard_faults(root, part.environment)), list[Finding]()
    file = _collect(faults, partial(read_stack, root, part.environment, placeholders=waiting))
    read = [
        _collect(faults, partial(_tenant, path, Part(part.environment, shard), waiting))
        for shard, path in tenant_files(root, part.environment)
    ]
    adoptions = file.stack.adoptions if file else {}
    tenants = tuple(_adopting(tenant, adoptions) for tenant in read if tenant)
    facts = Facts(part.environment, file, tenants, None not in read, tuple(waiting))
    # Once they are read: what changed before that was checked by nobody.
    known = bool(checked) and checked == fingerprint(root)
    found = run(facts.of_shard(part.shard) if known and not faults else facts, checks)
    if known and any(each.is_error for each in found):
        found = run(facts, checks)
    faults += [each for each in found if each.is_error]
    if file is None:
        return Reading(None, tuple(faults))
    plainly = _collect([], partial(read_stack, root, part.environment, by_engine=True))
    environment = Environment(
        part.environment,
        file.api_url,
        file.stack,
        tuple(each for each in tenants if each.shard == part.shard),
        file.given_secrets(),
        plainly.stack if plainly else file.stack,
        tuple(each for each in found if not each.is_error),
        tuple(sorted(waiting)),
        part.shard,
        tuple(shards_of(root, part.environment)),
        tenants,
    )
    return Reading(environment, tuple(faults))


def _adopting(tenant: Tenant, adoptions: Mapping[str, str]) -> Tenant:
    """The tenant, bound to the very company that the stack's file lets it take over."""
    granted = adoptions.get(tenant.name) if tenant.adopt and not tenant.company_id else None
    return tenant.model_copy(update={"company_id": granted}) if granted else tenant


def _collect(faults: list[Finding], read: Callable[[], _T]) -> _T | None:
    """What `read` returns, or None with its faults added to the others."""
    try:
        return read()
    except ConfigurationError as error:
        faults.extend(error.findings)
        return None


def _tenant(path: Path, part: Part, placeholders: list[Finding]) -> Tenant:
    file = file_of(part.environment, path.stem, part.shard)
    if path.suffix != ".yaml":
        raise ConfigurationError(
            [Finding(Where(f"{file[:-5]}{path.suffix}", "", ""), f"must end in .yaml; call it {path.stem}.yaml")]
        )
    try:
        name = tenant_name(path.stem)
    except ValueError as error:
        raise ConfigurationError([Finding(Where(file, "", ""), str(error))]) from None
    if path.is_symlink():
        text = "is a link, and an edit of what it leads to is reviewed as another file's; write a file in its place"
        raise ConfigurationError([Finding(Where(file, name, ""), text)])
    content = read_mapping(path, file, name, is_free=partial(is_free, TenantFile))
    placeholders.extend(of_tenant(file, name, content))
    asked = _validated(TenantFile, content, file, name)
    own = {field: getattr(asked, field) for field in TenantFile.model_fields}
    return Tenant(name=name, shard=part.shard, **own)


def _validated(model: type[_Model], content: Content, file: str, tenant: str) -> _Model:
    try:
        return model.model_validate(content, by_alias=True, by_name=False)
    except ValidationError as error:
        faults = [
            Finding(Where(file, tenant, key_of(location)), text)
            for location, text in faults_of(error, model, content.written, tenant)
        ]
        raise ConfigurationError(faults) from None
