"""Random edits of a stack's and its tenants' files, as people, tools and attackers make them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

Files = dict[str, bytes]
Edit = Callable[[Files, random.Random], None]
_READERS = (yaml.CBaseLoader, yaml.CSafeLoader)
PLANTED = "PLANTEDsecret"


def meaning(files: Mapping[str, bytes]) -> str:
    """What two independent readers of YAML take the files for; texts that cannot be read are as they are."""
    return json.dumps({path: _meaning(content) for path, content in sorted(files.items())})


def _meaning(content: bytes) -> list[str]:
    try:
        return [repr(yaml.load(content, loader)) for loader in _READERS]  # noqa: S506
    except (yaml.YAMLError, ValueError):
        return [repr(content)]


def _any(files: Files, chance: random.Random) -> str:
    return chance.choice(sorted(files))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with each of its keys."""
    for key, each in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(each, dict | list):
            yield from _places(each)


def _at_any_place(change: Callable[[Any, Any, random.Random], None]) -> Edit:
    def edit(files: Files, chance: random.Random) -> None:
        path = _any(files, chance)
        try:
            content = yaml.load(files[path], yaml.CSafeLoader)
        except (yaml.YAMLError, ValueError):
            return
        # No aliases: they would be written as such.
        content = json.loads(json.dumps(content, default=str))
        places = list(_places(content)) if isinstance(content, dict | list) else []
        if places:
            change(*chance.choice(places), chance)
            files[path] = yaml.safe_dump(content, sort_keys=False, allow_unicode=True).encode()

    edit.__name__ = change.__name__
    return edit


def _other_value(where: Any, key: Any, chance: random.Random) -> None:
    where[key] = chance.choice(["x", "", 0, 1.5, True, None, [], {}, "https://evil.example", "\uff58", "a b", [1, "1"]])


def _other_type(where: Any, key: Any, _chance: random.Random) -> None:
    where[key] = str(where[key]) if not isinstance(where[key], str) else [where[key]]


def _one_letter(where: Any, key: Any, chance: random.Random) -> None:
    text = str(where[key])
    at = chance.randrange(len(text) + 1)
    where[key] = text[:at] + chance.choice("aA1.-_ \u0430\u200b\u202e") + text[at + 1 :]


def _key_gone(where: Any, key: Any, _chance: random.Random) -> None:
    del where[key]


def _key_more(where: Any, key: Any, chance: random.Random) -> None:
    if isinstance(where, list):
        where.insert(key, chance.choice(["more", {"name": "MORE", "value": "1"}]))
    else:
        where[f"more{chance.randrange(9)}"] = chance.choice(["x", {"a.b": 1}, {"a": {"b": 1}}])


def _key_otherwise(where: Any, key: Any, _chance: random.Random) -> None:
    if isinstance(where, dict):
        where[f"{key}x"] = where.pop(key)
    else:
        where.append(where.pop(key))


def _doubled(where: Any, key: Any, _chance: random.Random) -> None:
    if isinstance(where, list):
        where.insert(key, where[key])
    else:
        where[f"{key}.{key}"] = where[key]


def _secret(where: Any, key: Any, chance: random.Random) -> None:
    token = f"{PLANTED}{chance.randrange(10**6)}"
    where[key] = chance.choice(
        [{"secure": f"v1:{token}"}, [{"name": "DB_PASSWORD", "value": token}], {"git_pass": token},
         f"export AWS_SECRET_ACCESS_KEY={token}"]
    )  # fmt: skip


def _any_byte(files: Files, chance: random.Random) -> None:
    path = _any(files, chance)
    text = files[path].decode()
    at = chance.randrange(len(text) + 1)
    piece = chance.choice(["", " ", "\n", "'", '"', "#", ":", "-", "0", "&a ", "*a", "!x ", "\t", "\u0430", "~", "{}"])
    files[path] = (text[:at] + piece + text[at + chance.randrange(2) :]).encode()


def _line_gone(files: Files, chance: random.Random) -> None:
    path = _any(files, chance)
    lines = files[path].split(b"\n")
    del lines[chance.randrange(len(lines))]
    files[path] = b"\n".join(lines)


def _lines_swapped(files: Files, chance: random.Random) -> None:
    path = _any(files, chance)
    lines = files[path].split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    files[path] = b"\n".join(lines)


def _file_gone(files: Files, chance: random.Random) -> None:
    del files[_any(files, chance)]


def _file_more(files: Files, chance: random.Random) -> None:
    files[f"config/tenants/prod/new{chance.randrange(99)}.{chance.choice(['yaml', 'yml', 'txt'])}"] = b"company: New\n"


def _file_renamed(files: Files, chance: random.Random) -> None:
    path = _any(files, chance)
    files[path.replace("prod/", f"prod/n{chance.randrange(99)}")] = files.pop(path)


def _files_swapped(files: Files, chance: random.Random) -> None:
    one, other = _any(files, chance), _any(files, chance)
    files[one], files[other] = files[other], files[one]


def _comment(files: Files, chance: random.Random) -> None:
    files[_any(files, chance)] += b"# a note\n"


def _blank_lines(files: Files, chance: random.Random) -> None:
    path = _any(files, chance)
    files[path] = b"\n" + files[path].replace(b"\nadmin:", b"\n\nadmin:") + b"\n"


def _written_otherwise(files: Files, chance: random.Random) -> None:
    path = _any(files, chance)
    content = yaml.safe_load(files[path])
    flow, indent = chance.choice([True, False]), chance.choice([2, 4])
    text = yaml.safe_dump(
        content, sort_keys=False, allow_unicode=True, default_flow_style=flow, indent=indent, width=30
    )
    files[path] = str(text).encode()


EDITS: tuple[Edit, ...] = (
    *map(_at_any_place, (_other_value, _other_type, _one_letter, _key_gone, _key_more, _key_otherwise, _doubled)),
    _at_any_place(_secret), _any_byte, _any_byte, _line_gone, _lines_swapped, _file_gone, _file_more, _file_renamed,
    _files_swapped,
)  # fmt: skip
WITHOUT_MEANING: tuple[Edit, ...] = (_comment, _blank_lines, _written_otherwise)
