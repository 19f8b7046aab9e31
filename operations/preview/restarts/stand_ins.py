"""A release's inputs before and after a step with something in the place of each secret and unknown value. Pure.

The engine shows a mark there, and a chart takes none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pulumi.runtime import rpc

from operations.preview.steps import Step

Inputs = Mapping[str, Any]
_MASK = "[secret]"


def without_marks(step: Step) -> tuple[Inputs, Inputs, Inputs]:
    """Inputs of before and after, where what cannot be compared is alike; and those of before, where it is not."""
    changes = {_flat(path) for path in step.differs}
    old, new, doubted = _pair(step.old.get("values") or {}, step.new.get("values") or {}, "values", changes)
    return {**step.old, "values": old}, {**step.new, "values": new}, {**step.old, "values": doubted}


def _pair(old: Any, new: Any, path: str, changes: set[str]) -> tuple[Any, Any, Any]:  # noqa: ANN401 - YAML
    if _masked(old) or _masked(new):
        now = new if not _masked(new) else old if not _masked(old) else _stand_in(path)
        then = _otherwise(now, path)
        if not changes:
            return now, now, then
        return (then, now, then) if _is_among(path, changes) else (now, now, now)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return _pairs(old, new, path, changes)
    return _unmasked(old, path), _unmasked(new, path), _unmasked(old, path)


def _pairs(
    old: Mapping[str, Any], new: Mapping[str, Any], path: str, changes: set[str]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    both = {key: _pair(old[key], new[key], f"{path}.{key}", changes) for key in old if key in new}
    gone = {key: _unmasked(value, f"{path}.{key}") for key, value in old.items() if key not in new}
    come = {key: _unmasked(value, f"{path}.{key}") for key, value in new.items() if key not in old}
    before, after, doubted = ({key: sides[side] for key, sides in both.items()} for side in range(3))
    return {**before, **gone}, {**after, **come}, {**doubted, **gone}


def filled(old: Any, new: Any, path: str) -> Any:  # noqa: ANN401 - YAML
    """The values, with another in the place of each that was there before."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        there = {key: filled(old.get(key), value, f"{path}.{key}") for key, value in new.items()}
        return {**{key: _otherwise(value, path) for key, value in old.items() if key not in new}, **there}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [filled(one, other, path) for one, other in zip(old, new, strict=True)]
    return new


def _masked(value: object) -> bool:
    return value == _MASK or (isinstance(value, Mapping) and rpc._special_sig_key in value)


def _unmasked(value: Any, path: str) -> Any:  # noqa: ANN401 - YAML
    if _masked(value):
        return _stand_in(path)
    if isinstance(value, Mapping):
        return {key: _unmasked(each, f"{path}.{key}") for key, each in value.items()}
    return [_unmasked(each, path) for each in value] if isinstance(value, list) else value


def _stand_in(path: str) -> object:
    """Something of the kind that charts take there."""
    if path.endswith("Envs"):
        return [{"name": "CANNOT_BE_SEEN", "value": "secret"}]
    return {"cannotBeSeen": "secret"} if path.endswith((".auth", "elasticsearch.secret")) else "secret"


def _otherwise(value: Any, path: str) -> Any:  # noqa: ANN401 - YAML
    """Another value of the same shape."""
    if isinstance(value, str):
        return f"{value}-before"
    if isinstance(value, Mapping):
        return {key: _otherwise(each, path) for key, each in value.items()} or _stand_in(path)
    if isinstance(value, list):
        return [_otherwise(each, path) for each in value] or _stand_in(path)
    return value


def _is_among(path: str, changes: set[str]) -> bool:
    """Whether the engine names it, something in it, or what it stands in."""
    flat = _flat(path)
    return any(each == flat or each.startswith(f"{flat}.") or flat.startswith(f"{each}.") for each in changes)


def _flat(path: str) -> str:
    """`a.b.0.c` of `a["b"][0].c`."""
    return re.sub(r'"?\]', "", re.sub(r'\.?\["?', ".", path)).removeprefix(".")
