"""The files of a stack: those that are there, and how new ones are written without touching what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any
from urllib.parse import urlsplit

import yaml

from operations.errors import OperationError
from settings.facts import file_of, stack_file_of
from settings.models.stack_file import PROJECT
from settings.shards import part_of, shards_of, tenant_files

_STACK = f"{PROJECT}:stack"
_PLACEHOLDER = "replace-me"
_TENANT_HEAD = "# yaml-language-server: $schema=../../schema/tenant.json\n"


@dataclass(frozen=True)
class Files:
    """The text of an environment's file, and those of its tenants by name, as they are.

    `shard`: where new tenants are written; `homes` is each tenant's shard, where it is in one of `shards`.
    """

    name: str
    stack: str = field(repr=False)
    tenants: Mapping[str, str] = field(default_factory=dict, repr=False)
    shard: str = ""
    homes: Mapping[str, str] = field(default_factory=dict)
    shards: tuple[str, ...] = ()

    @classmethod
    def read(cls, root: Path, name: str) -> Files:
        """All of the environment whose stack `name` is. Raises OperationError where it has no file, for that says where
        the server is."""
        part = part_of(root, name)
        path = root / stack_file_of(part.environment)
        if not path.is_file():
            raise OperationError(
                f"{stack_file_of(name)}: no such file; make it with: pulumi stack init {name}, then pulumi config set "
                f"--stack {name} apiUrl, and the same with --secret for apiserverKey and apiserverSecret "
                "(docs/adoption.md); of a shard it is a link (docs/shards.md)"
            )
        found = [each for each in tenant_files(root, part.environment) if each[1].suffix == ".yaml"]
        tenants = {path.stem: path.read_text(encoding="utf-8") for _, path in found}
        homes = {path.stem: shard for shard, path in found}
        text = path.read_text(encoding="utf-8")
        text = text if text.endswith("\n") else f"{text}\n"
        return cls(part.environment, text, tenants, part.shard, homes, tuple(shards_of(root, part.environment)))

    def file_of(self, tenant: str) -> str:
        """Where a tenant's file is, or is to be."""
        return file_of(self.name, tenant, self.homes.get(tenant, self.shard))

    @property
    def settings(self) -> Mapping[str, Any]:
        """The stack's settings as they stand there; empty if there are none yet."""
        found = (_mapping(self.stack).get("config") or {}).get(_STACK)
        return found if isinstance(found, dict) else {}

    @property
    def api_host(self) -> str:
        """The host of the API; empty if the file does not say it."""
        url = (_mapping(self.stack).get("config") or {}).get(f"{PROJECT}:apiUrl")
        return urlsplit(str(url or "")).hostname or ""

    @property
    def is_bare(self) -> bool:
        """Whether the file says where the server is, and nothing of the stack yet."""
        return _STACK not in (_mapping(self.stack).get("config") or {})

    def missing(self, secrets: Iterable[str]) -> list[str]:
        """Those of the secrets' keys, like `imageToken` and `identityProviderSecrets.okta`, that the file has not, or
        only a placeholder for."""
        blank = (None, {"secure": _PLACEHOLDER})
        return [key for key in dict.fromkeys(secrets) if _secret_in(self.stack, key) in blank]

    def companies(self) -> dict[str, str]:
        """The names of the tenants that have a file, by their companies' ids and names."""
        found: dict[str, str] = {}
        granted = self._adoptions()
        for name, text in self.tenants.items():
            said = _mapping(text)
            found |= {str(said[key]): name for key in ("company", "companyId") if said.get(key)}
            found |= {str(granted[name]): name} if said.get("adopt") and granted.get(name) else {}
        return found

    def names_by_id(self) -> dict[str, str]:
        """What the files call companies that they know by their ids, their own or those of the stack's `adoptions`."""
        found: dict[str, str] = {}
        granted = self._adoptions()
        for tenant, text in self.tenants.items():
            said = _mapping(text)
            identifier = said.get("companyId") or (granted.get(tenant) if said.get("adopt") else None)
            if identifier and said.get("company"):
                found[str(identifier)] = str(said["company"])
        return found

    def _adoptions(self) -> Mapping[str, object]:
        """Companies' ids by the tenants that the stack's file gives them."""
        found = self.settings.get("adoptions")
        return found if isinstance(found, dict) else {}

    def contexts(self) -> list[str]:
        """The contexts that the files name, the server's first."""
        workers = [self.settings, *map(_mapping, self.tenants.values())]
        named = [self.settings.get("kubeContext"), *map(context_of_workers, workers)]
        return [str(each) for each in dict.fromkeys(named) if each]

    def admins(self) -> list[str]:
        """The addresses of these tenants' admins."""
        said = [_mapping(text).get("admin") for text in self.tenants.values()]
        return [str(each["email"]) for each in said if isinstance(each, dict) and each.get("email")]


def context_of_workers(settings: Mapping[str, Any]) -> str:
    """Where a stack's settings or a tenant's file have `workers`, if that is a context of the operator's kubeconfig."""
    workers = settings.get("workers")
    is_context = isinstance(workers, Mapping) and not workers.get("kubeconfig")
    return str(workers.get("kubeContext") or "") if is_context and isinstance(workers, Mapping) else ""


def tenant_text(settings: Mapping[str, Any]) -> str:
    """The text of a tenant's file with these settings, under the line by which editors find its schema."""
    return _TENANT_HEAD + _yaml(settings)


def stack_text(text: str, settings: Mapping[str, Any]) -> str:
    """A stack's file with these settings in the place of its own, all else in it as it was.

    Raises OperationError if it is no file of a stack.
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    config = _value_of(node, "config")
    if not isinstance(config, yaml.MappingNode) or config.flow_style:
        raise OperationError(
            "the stack's file has no mapping config with a key a line: write it so, then run this again"
        )
    margin = " " * config.value[0][0].start_mark.column
    block = indent(_yaml({_STACK: dict(settings)}), margin)
    lines = text.splitlines(keepends=True)
    own = next(((key, value) for key, value in config.value if key.value == _STACK), None)
    start = own[0].start_mark.line if own else _last_line(config, lines)
    end = _last_line(own[1], lines) if own else start
    return f"{''.join(lines[:start])}{block}{''.join(lines[end:])}"


def with_placeholders(text: str, keys: Iterable[str]) -> str:
    """A stack's file with a placeholder for each secret that it has not; `a.b` is one below `a`."""
    for key in dict.fromkeys(keys):
        if _secret_in(text, key) is None:
            text = _with_placeholder(text, key)
    return text


def _with_placeholder(text: str, key: str) -> str:
    first, *below = key.split(".")
    config = _value_of(yaml.compose(text, Loader=yaml.SafeLoader), "config")
    node, name = config, f"{PROJECT}:{first}"
    content: dict[str, Any] = {"secure": _PLACEHOLDER}
    if below and (there := _value_of(config, name)) is not None:
        node, name = there, below[0]
    elif below:
        content = {below[0]: content}
    if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
        return text
    lines = text.splitlines(keepends=True)
    margin, end = " " * node.value[0][0].start_mark.column, _last_line(node, lines)
    return f"{''.join(lines[:end])}{indent(_yaml({name: content}), margin)}{''.join(lines[end:])}"


def _secret_in(text: str, key: str) -> object:
    """What a stack's file has for a secret; None if it has none."""
    first, *below = key.split(".")
    found: object = (_mapping(text).get("config") or {}).get(f"{PROJECT}:{first}")
    for each in below:
        found = found.get(each) if isinstance(found, Mapping) else None
    return found


def with_group_ids(text: str, ids: Mapping[str, str]) -> str:
    """A stack's file with these ids in groups that have none there: with another a group would lose its members."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for key in ("config", _STACK, "groups"):
        node = _value_of(node, key)
    groups = [(ids.get(key.value), group) for key, group in (node.value if isinstance(node, yaml.MappingNode) else [])]
    lines = text.splitlines(keepends=True)
    # From the end on, so that what comes before stays where it is.
    for identifier, group in reversed(groups):
        if identifier and isinstance(group, yaml.MappingNode) and group.value and _value_of(group, "id") is None:
            first = group.value[0][0].start_mark
            line, said = lines[first.line], f"id: {identifier}"
            more = f"{said}, " if group.flow_style else f"{said}\n{' ' * first.column}"
            lines[first.line] = f"{line[: first.column]}{more}{line[first.column :]}"
    return "".join(lines)


def write(path: Path, text: str) -> None:
    """Whole, or not at all. What a run that died left of its draft, the next one writes over."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
        draft.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _last_line(node: yaml.Node, lines: list[str]) -> int:
    """The line after a node, without what is blank or a remark behind it; a block ends where the next starts."""
    is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    end = int(node.end_mark.line) + (0 if is_block else 1)
    while end > node.start_mark.line + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _value_of(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _mapping(text: str) -> Mapping[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}


def _yaml(content: Mapping[str, Any]) -> str:
    text: str = yaml.dump(dict(content), Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True, width=110)
    return text


class _WithoutAliases(yaml.SafeDumper):
    """Writes what occurs twice twice: a person reads it."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base class's
        return True
