"""A new tenant's file: what can be derived is, the rest is shown as a comment that can be uncommented."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import yaml

from components import value_conflicts
from settings.errors import ConfigurationError
from settings.facts import file_of
from settings.finding import Finding, Where
from settings.loading.load import Environment
from settings.shards import part_of
from settings.types.kubernetes.names import tenant_name


@dataclass(frozen=True)
class NewTenant:
    """What a person says of the tenant; `company` and `domain` may be empty, then they are derived or left out."""

    name: str
    stack: str
    company: str = ""
    domain: str = ""


def add(root: Path, new: NewTenant) -> Path:
    """Write the tenant's file into the project at `root`; returns it.

    The whole stack is valid afterwards, or nothing is written. Raises ConfigurationError: what was wrong before, that
    the tenant has a file already, or what the new file would break.
    """
    file = _free(root, new)
    path = root / file
    text = text_of(new, value_conflicts.load(root, new.stack), "../" * (file.count("/") - 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as written:
            written.write(text)
        value_conflicts.load(root, new.stack)
    except FileExistsError:
        raise _exists(file) from None
    except BaseException:
        with suppress(FileNotFoundError):
            path.unlink()
        raise
    return path


def text_of(new: NewTenant, environment: Environment, up: str = "../../") -> str:
    """The file: the document's own set of one agent and one gateway, both beside the server's base domain.

    `up` leads from its folder to `config/`.
    """
    base = environment.stack.base_domain
    company = new.company or new.name.replace("-", " ").title()
    # Nobody signs in as the internal admin: its address has to be unique in the server, and never changes.
    email = f"admin@{new.domain}" if new.domain else f"{new.name}-admin@{base}"
    return _FILE.format(
        up=up,
        company=_scalar(company),
        admin=_scalar(f"{company} Admin"),
        email=_scalar(email),
        sign_in=_SIGN_IN.format(domain=_scalar(new.domain)) if new.domain else _NO_SIGN_IN,
        host=f"router.{new.name}.{base}",
    )


def _free(root: Path, new: NewTenant) -> str:
    """The file's name, which nothing has yet. Raises ConfigurationError."""
    part = part_of(root, new.stack)
    file = file_of(part.environment, new.name, part.shard)
    try:
        tenant_name(new.name)
    except ValueError as error:
        raise ConfigurationError([Finding(Where("", "", "NAME"), str(error))]) from None
    if (root / file).exists():
        raise _exists(file)
    return file


def _exists(file: str) -> ConfigurationError:
    return ConfigurationError([Finding(Where(file, "", ""), "is there already; edit it, or choose another NAME")])


def _scalar(text: str) -> str:
    """The text as YAML on one line, quoted only where it has to be."""
    return yaml.safe_dump(text, allow_unicode=True, width=10_000).removesuffix("\n").removesuffix("\n...")


_FILE = """\
# yaml-language-server: $schema={up}schema/tenant.json
company: {company}
# The internal admin, whose keys the agent and the gateway use; nobody signs in as it, and its address never changes.
admin:
  name: {admin}
  email: {email}
{sign_in}
agent:
  queues:
    default: {{}}
gateway:
  hostName: {host}
"""

_SIGN_IN = """\
signIn:
  # Everybody with such an address lands in this tenant when they first sign in.
  domains: [{domain}]
  # Single addresses of other domains:
  # admins: [jane@partner.example]
  # users: [joe@partner.example]"""

_NO_SIGN_IN = """\
# Nobody is routed to this tenant yet: say who is, by the domain of their address or one by one.
# signIn:
#   domains: [acme.example]
#   admins: [jane@partner.example]
#   users: [joe@partner.example]"""
