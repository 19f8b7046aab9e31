"""What ClearML's server makes of the value of a `CLEARML__…` variable, and a worker of one like it. Pure.

The server parses it by pyhocon (contract 3.1), and so does this, so that what is told here is what happens there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

PREFIXES = ("CLEARML__", "ALLEGRO__", "TRAINS__")
# As the agent reads its own settings, by the same rules (clearml_agent/backend_config/config.py).
_AGENTS = ("CLEARML_AGENT__", "TRAINS_AGENT__")
# Under such a name the server wants a text; a number there is a key that is not set, or a start that fails.
_TEXT_NAME = re.compile(r"(?:^|_)(?:key|secret|email|password|username|name|client_id|token)\Z")
_INCLUDE = re.compile(r"\binclude\b\s*(?:[\"(]|url|file|package|required)", re.IGNORECASE)
# Wherever the parser may take that word for its own, in capitals too.
_ANY_INCLUDE = re.compile(r"\binclude\b", re.IGNORECASE | re.ASCII)
_SIMPLE_LIST = re.compile(r"\[\s*(?:[A-Za-z][\w-]*(?:\s*,\s*[A-Za-z][\w-]*)*)?\s*\]")
_EXPANDED = re.compile(r"\$\(([A-Za-z_.-][\w.-]*)\)")
_NOT_JSON = object()
# Of a file in bytes; ClearML's own, with every remark, is a fifth of it.
_LONGEST_FILE = 100_000


def is_read_as_hocon(name: str) -> bool:
    """By the server."""
    return name.startswith(PREFIXES)


def is_read_by_workers(name: str) -> bool:
    """By agents, and by the program of a task."""
    return name.startswith((*PREFIXES, *_AGENTS))


def misread(name: str, value: str) -> str | None:
    """What becomes of `value` under `name`, where that is something else than is written; None where it arrives.

    Never shows the value. Other variables that the kubelet puts in its place, `$(NAME)`, are taken for a plain word.
    """
    text = _EXPANDED.sub("x", value.replace("$$", "\0")).replace("\0", "$").rstrip("\n")
    as_json = _json(text)
    if as_json is _NOT_JSON and _INCLUDE.search(text):
        return "would read another file into the server's settings"
    try:
        tree = _parsed(text)
    except Exception:  # noqa: BLE001 - whatever stops the parser stops the server
        return "stops the server: its parser (HOCON) cannot read this"
    if list(tree) != ["value"]:
        return "is read as several settings"
    found = tree["value"]
    if _TEXT_NAME.search(name.lower()) and isinstance(found, int | float):
        return f"is a text, and would be read as {_kind(found)}"
    return _difference(text, as_json, found)


def value_of(value: str) -> Any:  # noqa: ANN401 - any HOCON value
    """What the server reads `value` as. Raises ValueError, which does not show it, where its parser stops."""
    try:
        return _parsed(_as_passed_on(value))["value"]
    except Exception:  # noqa: BLE001 - whatever stops the parser stops the server
        raise ValueError("its parser (HOCON) cannot read this") from None


def settings_of(name: str, value: str | None) -> dict[tuple[str, ...], object]:
    """What a worker takes from a variable, by the path of each setting; nothing if it is no such variable.

    One variable can set several, by an object or by a line of its own. A setting is None where nobody can see it here:
    a Secret's value, or one that is `unseen`, beside which there may be others.
    """
    path = path_of(name)
    if path is None:
        return {}
    if value is None or unseen(value):
        return {path: None}
    found = dict(_leaves(_parsed(_as_passed_on(value))))
    return {(*path, *rest[1:]) if rest[0] == "value" else rest: each for rest, each in found.items()}


def settings_of_file(text: str) -> dict[tuple[str, ...], object] | None:
    """What a worker takes from a file of settings, by the path of each.

    A setting is None where the environment or another one is put into it, and empty where it is null. None for the
    whole where another file is, or where the parser cannot read it.
    """
    said = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("#", "//")))
    if len(text) > _LONGEST_FILE or _ANY_INCLUDE.search(said):
        return None
    from pyhocon import ConfigFactory  # noqa: PLC0415 - as in `_parsed`
    from pyhocon.config_tree import ConfigValues  # noqa: PLC0415

    try:
        tree = ConfigFactory.parse_string(text, resolve=False)
        found = dict(_leaves(tree)) if isinstance(tree, Mapping) else {}
    except Exception:  # noqa: BLE001 - the worker's parser is of another version, and may read it
        return None
    written = {path: "" if value is None else value for path, value in found.items()}
    return {path: None if isinstance(value, ConfigValues) else value for path, value in written.items()}


def path_of(name: str) -> tuple[str, ...] | None:
    """The path of the setting that a worker takes from the variable `name`; None if it is no such variable."""
    prefix = next((each for each in (*_AGENTS, *PREFIXES) if name.upper().startswith(each)), None)
    return None if prefix is None else tuple(re.split(r"__|\.", name[len(prefix) :].lower()))


def unseen(value: str) -> str:
    """Why nobody can tell here what a worker reads in `value`; empty where it can be told. Never shows the value."""
    if "$(" in value.replace("$$", ""):
        return "other variables are put into it, by $(…)"
    text = _as_passed_on(value)
    if "${" in text:
        return "other settings and variables are put into it, by ${…}"
    if _ANY_INCLUDE.search(text) and _json(text) is _NOT_JSON:
        return "another file may be put into it, by the word include"
    try:
        _parsed(text)
    except Exception:  # noqa: BLE001 - the worker's parser is of another version, and may read it
        return "the parser here cannot read it"
    return ""


def in_quotes(value: str) -> str:
    """`value` as the server reads it back unchanged, as it is written in YAML."""
    return "'" + json.dumps(value, ensure_ascii=False).replace("'", "''") + "'"


def _as_passed_on(value: str) -> str:
    """What the kubelet makes of it: `$$` stands for one `$`."""
    return value.replace("$$", "$")


def _difference(text: str, as_json: object, found: object) -> str | None:
    if isinstance(found, str):
        return None if found == _text(text, as_json) else "would arrive as another text"
    if found is None or isinstance(found, bool):
        word = "null" if found is None else str(found).lower()
        return None if text.strip().lower() == word else _turned(found)
    if isinstance(found, int | float):
        return None if str(found) == text else _turned(found)
    if isinstance(found, list | dict):
        same = found == as_json or _SIMPLE_LIST.fullmatch(text)
        return None if same else "would arrive as another list or object; write it as JSON"
    return _turned(found)


def _text(text: str, as_json: object) -> str:
    """The text that is meant: what stands in its own quotes, else all of it."""
    if isinstance(as_json, str):
        return as_json
    if len(text) >= 6 and text.startswith('"""') and text.endswith('"""'):
        return text[3:-3]
    return text


def _turned(found: object) -> str:
    return f"would be read as {_kind(found)}, and no longer be what is written"


def _kind(found: object) -> str:
    if isinstance(found, bool):
        return "true or false"
    if isinstance(found, int | float):
        return "a number"
    return "nothing" if found is None else "a span of time"


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _parsed(text: str) -> Mapping[str, Any]:
    """Raises whatever pyhocon does."""
    # Here, as few files have such a variable and it takes a while to load.
    from pyhocon import ConfigFactory  # noqa: PLC0415

    plain: dict[str, Any] = {
        str(key): _plain(value)
        for key, value in ConfigFactory.parse_string(f"value: {text}").as_plain_ordered_dict().items()
    }
    return plain


def _leaves(tree: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in tree.items():
        path = (*above, *str(key).lower().split("."))
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, path)
        else:
            yield path, value


def _plain(value: Any) -> Any:  # noqa: ANN401 - any HOCON value
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if type(value).__name__ == "NoneValue" else value
