"""Every Secret that is declared has its values in the stack's file, encrypted, and no value there is nobody's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, Where, setting
from settings.models.secrets import EVERYBODY, DeclaredSecret, granted
from settings.types.naming import (
    IDENTITY_PROVIDERS_SECRET,
    PROJECT,
    REGISTRY_SECRET,
    SUPERVISOR_SECRET,
    worker_secret_name,
)
from settings.types.secrets.commands import set_command, value_path

STACK_VALUES = "secrets"
TENANT_VALUES = "tenantSecrets"
# Of Helm's own records, and of the public server chart's Secret.
_FOREIGN = ("sh.helm.release.", "clearml-conf")

Values = Mapping[str, Mapping[str, object]]


@check("every declared Secret has its values, and no value is nobody's")
def check_declared_secrets(facts: Facts) -> Iterator[Finding]:
    """Values that are missing, those that are nobody's, and Secrets whose name is somebody else's."""
    if facts.file is None:
        return
    stack = facts.file.stack
    yield from _missing(stack.secrets, facts.file.secret_values, "", STACK_VALUES)
    yield from _surplus(facts, stack.secrets, facts.file.secret_values, STACK_VALUES)
    yield from _names(stack.secrets, "", {stack.server.release}, "the server's release")
    for tenant in facts.tenants:
        held = facts.file.tenant_secrets.get(tenant.name, {})
        yield from _missing(tenant.secrets, held, tenant.name, TENANT_VALUES, tenant.name)
        yield from _surplus(facts, tenant.secrets, held, TENANT_VALUES, tenant.name)
        if not tenant.secrets:
            continue
        releases = {name for use in tenant.uses for name in (tenant.worker_of(use), tenant.release_of(use))}
        yield from _names(tenant.secrets, tenant.name, releases, "a release of this tenant")
        for name in sorted(set(tenant.secrets) & set(granted(stack.secrets, tenant.name))):
            text = "is called like a Secret of the stack that is granted to this tenant; give it another name"
            yield Finding(setting(tenant.name, f"secrets.{name}"), text)
    if facts.is_whole:
        yield from _of_nobody(facts)


def _missing(declared: Mapping[str, DeclaredSecret], held: Values, tenant: str, *above: str) -> Iterator[Finding]:
    for name, secret in declared.items():
        for key in secret.held:
            if key not in held.get(name, {}):
                text = f"has no value {key!r} in the stack's file; set it with: {set_command(*above, name, key)}"
                yield Finding(setting(tenant, f"secrets.{name}"), text)


def _surplus(facts: Facts, declared: Mapping[str, DeclaredSecret], held: Values, *above: str) -> Iterator[Finding]:
    for name, values in held.items():
        known = declared[name].held if name in declared else ()
        for key in values:
            if key not in known:
                path = value_path(*above, name, key)
                place = f"the file of tenant {above[1]}" if len(above) > 1 else "the stack's settings"
                text = (
                    f"is a value that no Secret has; declare it in {place} like "
                    f"secrets: {{{name}: {{keys: [{key}]}}}}, or remove it with: pulumi config rm --path {quote(path)}"
                )
                yield Finding(facts.stack_key(path), text)


def _names(declared: Mapping[str, DeclaredSecret], tenant: str, releases: set[str], whose: str) -> Iterator[Finding]:
    ours = {REGISTRY_SECRET, SUPERVISOR_SECRET, IDENTITY_PROVIDERS_SECRET, *map(worker_secret_name, releases)}
    for name in declared:
        where = setting(tenant, f"secrets.{name}")
        if name in ours or name.startswith(_FOREIGN):
            yield Finding(where, f"{name!r} is a Secret that this program or Helm makes; give it another name")
        elif any(name == release or name.startswith(f"{release}-") for release in releases):
            yield Finding(where, f"{name!r} begins like the objects of {whose}; give it another name")


def _of_nobody(facts: Facts) -> Iterator[Finding]:
    """Values and grants of tenants that are none."""
    known = {tenant.name for tenant in facts.tenants}
    if facts.file is None:
        return
    for name in sorted(set(facts.file.tenant_secrets) - known):
        path = value_path(TENANT_VALUES, name)
        text = f"are values of no tenant; remove them with: pulumi config rm --path {quote(path)}"
        yield Finding(facts.stack_key(path), text)
    for name, secret in facts.file.stack.secrets.items():
        for tenant in sorted(set(secret.tenants) - known - {EVERYBODY}):
            text = f"{tenant!r} is no tenant; remove it, or whoever is called so later has this Secret"
            yield Finding(setting("", f"secrets.{name}.tenants"), text, WARNING)


def value_faults(file: str, held: Values, *above: str) -> Iterator[Finding]:
    """Values, decrypted, that are no text, or an empty one; none is shown."""
    for name, values in held.items():
        for key, value in values.items():
            if not isinstance(value, str) or not value:
                text = f"its value (not shown) is empty or no text; set another with: {set_command(*above, name, key)}"
                yield Finding(Where(file, "", f"{PROJECT}:{value_path(*above, name, key)}"), text)
