"""How many modules a newcomer reads from a tenant's file to the call that it becomes: found by running it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import yaml

from settings.loading.load import load
from tests.api.environment import Environment
from tests.emulator import Emulator
from tests.unit.deployment import finished, project_with, run_program, start

WRITTEN, CANONICAL = "Walk-Of-A-Domain.Example", "walk-of-a-domain.example"
_TENANT = {
    "company": "Acme Inc",
    "admin": {"name": "Acme Admin", "email": "admin@acme.example"},
    "protect": False,
    "signIn": {"domains": [WRITTEN]},
}
# They look at it and hand nothing on; each can be read, or left out, by itself.
_JUDGES = (
    *("settings.checks.", "settings.types.secrets.placeholder", "settings.types.secrets.values"),
    # By which checks come to it.
    "settings.types.tree",
    "settings.types.secrets.base64_texts",
    "settings.types.letters.confusable",
    "components.clearml.sign_in.rule_conflicts",
)


def _holds(value: object, texts: tuple[str, ...], depth: int = 4) -> bool:
    """Whether the value is the domain, or a collection that has it; whole settings and messages are neither."""
    if isinstance(value, str):
        return value in texts
    if depth and isinstance(value, dict):
        return any(_holds(each, texts, depth - 1) for pair in value.items() for each in pair)
    if depth and isinstance(value, list | tuple | set | frozenset):
        return any(_holds(each, texts, depth - 1) for each in value)
    return False


@contextmanager
def _traced(texts: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Modules of ours of which a function has one of the texts in its hands, with the first such function."""
    found: dict[str, str] = {}

    def look(frame: FrameType, _event: str, result: object) -> None:
        module, code = str(frame.f_globals.get("__name__")), frame.f_code
        if module in found or not module.startswith(("settings.", "components.")) or code.co_name == "<module>":
            return
        if any(_holds(each, texts) for each in (result, *frame.f_locals.values())):
            found[module] = code.co_name

    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def _walked(folder: Path, emulator: Emulator, *texts: str) -> dict[str, str]:
    """The program declares it; then what it declares is made."""
    root = project_with(folder, {"acme": yaml.safe_dump(_TENANT)})
    start()
    with _traced(texts) as found:
        finished(lambda: run_program(root))
        Environment(emulator).up(list(load(root, "local").tenants))
    return found


def _called(emulator: Emulator) -> list[Any]:
    return [each["domains"] for each in emulator.state()["rules"] if each["domains"]]


def test_domain_passes_at_most_twelve_modules_from_its_file_to_the_call(tmp_path: Path, emulator: Emulator) -> None:
    found = _walked(tmp_path, emulator, WRITTEN, CANONICAL)
    way = [module for module in found if not module.startswith(_JUDGES)]
    assert way[-1].startswith("components.clearml.api.")
    assert _called(emulator) == [[CANONICAL]]
    assert len(_before_the_call(way)) <= 12, way


def test_domain_is_made_canonical_once_and_as_it_is_loaded(tmp_path: Path, emulator: Emulator) -> None:
    """However people write it, nothing after the settings sees it so."""
    found = _walked(tmp_path, emulator, WRITTEN)
    assert {module for module in found if not module.startswith("settings.")} == set()
    assert "settings.types.vocabulary" in found


def _before_the_call(way: list[str]) -> list[str]:
    """Without what reads the answer afterwards."""
    return way[: way.index("components.clearml.api.client") + 1]
