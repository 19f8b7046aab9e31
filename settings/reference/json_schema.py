"""JSON Schemas of the stack's and the tenant's files, for editors: completion, and a misspelt key underlined.

Made from the models by `make schema` into `config/schema/`; a comment in each file names its own. The loader and its
checks stay what counts: a schema knows no check of more than one value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from settings.models.stack_file import PROJECT, StackFile
from settings.models.tenant import TenantFile

FOLDER = Path(__file__).resolve().parents[2] / "config" / "schema"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> Mapping[str, str]:
    """The text of each schema by its file's name in `config/schema/`."""
    return {"stack.json": _text(_stack()), "tenant.json": _text(_of(TenantFile))}


def write() -> None:
    """Bring the files in `config/schema/` up to date."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def _text(schema: Mapping[str, Any]) -> str:
    return json.dumps({"$schema": _DIALECT, **schema}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _of(model: type[BaseModel]) -> dict[str, Any]:
    schema: dict[str, Any] = _readable(model.model_json_schema(by_alias=True))
    return schema


def _stack() -> dict[str, Any]:
    """The engine's own file, with our keys under its `config`; other projects' keys are theirs."""
    ours = _of(StackFile)
    engines: dict[str, Any] = {key: {} for key in ("encryptionsalt", "encryptedkey", "secretsprovider", "environment")}
    config = {
        "type": "object",
        "properties": {f"{PROJECT}:{key}": value for key, value in ours.pop("properties").items()},
        "patternProperties": {f"^(?!{PROJECT}:)[^:]+:": {}},
        "required": [f"{PROJECT}:{key}" for key in ours.pop("required")],
        "additionalProperties": False,
    }
    return {**ours, "properties": {**engines, "config": config}, "required": ["config"]}


def _readable(schema: Any) -> Any:  # noqa: ANN401 - a part of a schema
    """Without titles, which repeat the keys, and with examples as what they stand for instead of as YAML."""
    if isinstance(schema, list):
        return [_readable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("anyOf", [{}])[-1] == {"type": "null"} and len(schema["anyOf"]) == 2:
        # What may be left out; nobody writes `null`, and an editor says more of one kind than of two.
        schema = {**schema["anyOf"][0], **{key: value for key, value in schema.items() if key != "anyOf"}}
    special: Mapping[str, Callable[[Any], Any]] = {
        "properties": lambda each: {key: _readable(value) for key, value in each.items()},
        "examples": lambda each: [yaml.safe_load(text) for text in each],
        "default": lambda each: each,
    }
    dropped = {"title"} | ({"default"} if schema.get("default", "") is None else set())
    return {key: special.get(key, _readable)(value) for key, value in schema.items() if key not in dropped}


if __name__ == "__main__":
    write()
