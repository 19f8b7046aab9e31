"""The reference of both files, made from the models: `make schema` writes it into `docs/reference.md`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from settings.models.stack_file import PROJECT, StackFile
from settings.models.tenant import TenantFile
from settings.reference.kinds import NO_DEFAULT, default, example, kind
from settings.types.shape import extra_of, keys_of

FILE = Path(__file__).resolve().parents[2] / "docs" / "reference.md"
_HEAD = f"""\
# Reference

What the files may say, made from the models in `settings/models/` by `make schema`; edit those, not this.

* A tenant is [`config/tenants/<stack>/<tenant>.yaml`](#tenantfile).
* A stack is `config/Pulumi.<stack>.yaml`; each key of [StackFile](#stackfile) has the prefix `{PROJECT}:` there.

What has no setting, and how to say it: [escape hatches](escape-hatches.md).

Examples and defaults are written as in the file. A key whose default is "{NO_DEFAULT}" says nothing if it is left out.
"""
_GROUP = "data_scientists: {name: Data Scientists, features: [reports]}"
_TITLES = "| key | meaning | holds | default | example |\n|---|---|---|---|---|\n"


def text() -> str:
    """The whole file: each model once, in the order in which they are met."""
    return _HEAD + "".join(map(_section, _models(TenantFile, StackFile)))


def _models(*first: type[BaseModel]) -> Iterator[type[BaseModel]]:
    seen: set[type[BaseModel]] = set()
    waiting = list(first)
    while waiting:
        model = waiting.pop(0)
        if model in seen:
            continue
        seen.add(model)
        yield model
        waiting += [inner for field in model.model_fields.values() for inner in _inner(field.annotation)]
        waiting += _inner(extra_of(model))


def _inner(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - a type
    """The models that a field's type holds, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _inner(argument)


def _section(model: type[BaseModel]) -> str:
    rows = "".join(_row(key, field) for key, field in keys_of(model).items()) + _extra_row(model)
    told = " ".join((model.__doc__ or "").split("\n\n")[0].split())
    return f"\n## {model.__name__}\n\n{told}\n\n{_TITLES}{rows}"


def _row(key: str, field: FieldInfo) -> str:
    cells = (f"`{key}`", field.description or "", kind(field), default(field), example(field))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _extra_row(model: type[BaseModel]) -> str:
    """The keys that a model takes beside its own."""
    inner = list(_inner(extra_of(model)))
    links = ", ".join(f"[{each.__name__}](#{each.__name__.lower()})" for each in inner)
    return (
        f"| any other word in lower case | A group of this name. | {links} | {NO_DEFAULT} | `{_GROUP}` |\n"
        if inner
        else ""
    )


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
