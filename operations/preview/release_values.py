"""A release's inputs before and after, as they are compared: the same at every push, and with a word for the unknown.

The official plugin leaves out what a preview does not know yet, which would read as if somebody had removed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.runtime import rpc

from settings.types.tree import nodes

ACCESS_KEY = "CLEARML_TENANTS_ACCESS_KEY"
# Made by the server, so another one at every rehearsal: what a reader needs is whether it stays.
_KEY, _OTHER_KEY = "(access key)", "(another access key)"
_ID = "(an id that stays)"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Under `clearml` of a gateway's values; this program sets both, always.
_CREDENTIALS = ("apiKey", "apiSecret")


def comparable(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both as they are compared; one that is empty stays so."""
    whole = _with_unknown(old, new) if old and new else new
    ids, keys = frozenset(_ids(old)) & frozenset(_ids(new)), frozenset(_access_keys(old))
    return _named(old, ids, keys), _named(whole, ids, keys or frozenset(_access_keys(whole)))


def _with_unknown(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    whole = {**new, "values": _values(old.get("values") or {}, new.get("values") or {})}
    # A chart in a folder has the version that it holds, which a preview may not have read.
    if str(new.get("chart", "")).startswith(".") and not new.get("version") and old.get("version"):
        whole["version"] = old["version"]
    return whole


def _values(old: Any, new: Any, key: str = "") -> Any:  # noqa: ANN401 - whatever a chart takes
    if isinstance(old, list) and isinstance(new, list):
        before = {each.get("name"): each for each in old if isinstance(each, dict)}
        return [_values(before.get(each.get("name")), each) if isinstance(each, dict) else each for each in new]
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    lacking = [name for name in _CREDENTIALS if key == "clearml" and name in old and name not in new]
    if set(new) == {"name"} and "value" in old:
        lacking.append("value")
    below = {name: _values(old.get(name), each, str(name)) for name, each in new.items()}
    return {**below, **dict.fromkeys(lacking, rpc.UNKNOWN)}


def _named(value: Any, ids: frozenset[str], keys: frozenset[str]) -> Any:  # noqa: ANN401
    """With a word in place of each access key, and of each id in `ids`; `keys` are those of before."""
    if isinstance(value, list):
        return [_named(each, ids, keys) for each in value]
    if isinstance(value, str):
        return _UUID.sub(lambda found: _ID if found[0] in ids else found[0], value)
    if not isinstance(value, Mapping):
        return value
    words = {name: _KEY if key in keys else _OTHER_KEY for name, key in _own_access_keys(value)}
    return {str(name): words.get(name) or _named(each, ids, keys) for name, each in value.items()}


def _access_keys(value: object) -> Iterator[str]:
    for _, each in nodes(value):
        if isinstance(each, Mapping):
            yield from (key for _, key in _own_access_keys(each))


def _own_access_keys(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and text of an access key that stands in this very mapping."""
    names = [*(["value"] if value.get("name") == ACCESS_KEY else []), *(["apiKey"] if "apiSecret" in value else [])]
    for name in names:
        if isinstance(value.get(name), str) and value[name] != rpc.UNKNOWN:
            yield name, value[name]


def _ids(value: object) -> set[str]:
    texts = (each for _, each in nodes(value) if isinstance(each, str))
    return {found for text in texts for found in _UUID.findall(text)} - {rpc.UNKNOWN}
