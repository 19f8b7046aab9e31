"""The reference says what the models say, and the guides name only what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from settings.models.stack_file import StackFile
from settings.models.tenant import TenantFile
from settings.reference.json_schema import schemas
from settings.reference.reference import FILE, _models, text
from settings.types.shape import keys_of

ROOT = Path(__file__).resolve().parents[4]
GUIDES = sorted(path for path in (ROOT / "docs").glob("*.md") if path != FILE)


def test_the_reference_is_current() -> None:
    assert FILE.read_text() == text(), "run: make schema (python -m settings.reference.reference)"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_target_and_every_page_that_a_guide_names_is_there(guide: Path) -> None:
    content = guide.read_text()
    targets = {name for line in re.findall(r"^([a-z ]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
               for name in line.split()}  # fmt: skip
    assert set(re.findall(r"`?make ([a-z]+)\b(?=[ `\n])", _commands(content))) <= targets
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", content):
        assert (guide.parent / link).exists(), link


def _commands(content: str) -> str:
    """What stands as code: in blocks and between backticks."""
    return "\n".join([*re.findall(r"```sh\n(.*?)```", content, re.DOTALL), *re.findall(r"`make [^`]*`", content)])


def test_each_key_has_its_meaning_in_one_line() -> None:
    """One sentence or two, from a capital to a full stop, in the reference and in both schemas."""
    keys = [(model, key, field) for model in _models(TenantFile, StackFile) for key, field in keys_of(model).items()]
    assert len(keys) > 200
    for model, key, field in keys:
        meaning = field.description or ""
        assert re.fullmatch(r"[A-Z`][^\n]{2,199}\.", meaning), f"{model.__name__}.{key}: {meaning!r}"
        # A key of ours is named as it is written in files.
        assert not re.findall(r"`[a-z]+_[a-z_]+`", meaning), f"{model.__name__}.{key}"


def test_secrets_are_called_so_also_by_name() -> None:
    secret = "a secret: `pulumi config set --secret`"
    assert re.search(rf"^\| `imageToken` \|[^|]*\| {secret} \|", text(), re.MULTILINE)
    assert re.search(rf"^\| `ssoClientSecrets` \|[^|]*\| a mapping: a text to {secret} \|", text(), re.MULTILINE)
    assert re.search(r"^\| `clientSecret` \| Never [^|]*\| nothing \|", text(), re.MULTILINE)


@pytest.mark.parametrize("name", sorted(schemas()))
def test_an_editor_shows_each_meaning(name: str) -> None:
    schema = json.loads(schemas()[name])
    ours = [schema["properties"]["config"] if name == "stack.json" else schema, *schema["$defs"].values()]
    told = {key: value for model in ours for key, value in model.get("properties", {}).items()}
    assert len(told) > 50
    assert [key for key, value in told.items() if "description" not in value] == []
