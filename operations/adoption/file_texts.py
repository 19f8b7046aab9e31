"""The text of a stack's and of a tenant's file: how settings get into it without touching what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any

import yaml

from operations.errors import OperationError
from settings.models.stack_file import PROJECT

STACK = f"{PROJECT}:stack"
PLACEHOLDER = "replace-me"
_TENANT_HEAD = "# yaml-language-server: $schema=../../schema/tenant.json\n"


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
    block = indent(_yaml({STACK: dict(settings)}), margin)
    lines = text.splitlines(keepends=True)
    own = next(((key, value) for key, value in config.value if key.value == STACK), None)
    start = own[0].start_mark.line if own else _last_line(config, lines)
    end = _last_line(own[1], lines) if own else start
    return f"{''.join(lines[:start])}{block}{''.join(lines[end:])}"


def with_placeholders(text: str, keys: Iterable[str]) -> str:
    """A stack's file with a placeholder for each secret that it has not; `a.b` is one below `a`."""
    for key in dict.fromkeys(keys):
        if secret_in(text, key) is None:
            text = _with_placeholder(text, key)
    return text


def _with_placeholder(text: str, key: str) -> str:
    first, *below = key.split(".")
    config = _value_of(yaml.compose(text, Loader=yaml.SafeLoader), "config")
    node, name = config, f"{PROJECT}:{first}"
    content: dict[str, Any] = {"secure": PLACEHOLDER}
    if below and (there := _value_of(config, name)) is not None:
        node, name = there, below[0]
    elif below:
        content = {below[0]: content}
    if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
        return text
    lines = text.splitlines(keepends=True)
    margin, end = " " * node.value[0][0].start_mark.column, _last_line(node, lines)
    return f"{''.join(lines[:end])}{indent(_yaml({name: content}), margin)}{''.join(lines[end:])}"


def secret_in(text: str, key: str) -> object:
    """What a stack's file has for a secret; None if it has none."""
    first, *below = key.split(".")
    found: object = (mapping_of(text).get("config") or {}).get(f"{PROJECT}:{first}")
    for each in below:
        found = found.get(each) if isinstance(found, Mapping) else None
    return found


def with_group_ids(text: str, ids: Mapping[str, str]) -> str:
    """A stack's file with these ids in groups that have none there: with another a group would lose its members."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for key in ("config", STACK, "groups"):
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


def mapping_of(text: str) -> Mapping[str, Any]:
    """What a file holds; empty where it is no YAML, or no mapping."""
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
