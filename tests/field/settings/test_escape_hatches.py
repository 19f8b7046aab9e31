"""Every block of docs/escape-hatches.md passes `make check` and arrives in a chart, where the stand-in knows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from components import value_conflicts
from settings.check_command import run
from settings.loading.load import load
from tests.local.charts.stack_values import server_of, workers_of
from tests.local.helm import merged, render
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, project

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "escape-hatches.md"
_BLOCK = re.compile(r"^```yaml\n# in the (stack's settings|tenant's file)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _examples() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """What stands in the stack's settings and, right after it, in the tenant's file."""
    stack: dict[str, Any] = {}
    blocks = [(where, yaml.safe_load(text)) for where, text in _BLOCK.findall(_PAGE.read_text())]
    for index, (where, content) in enumerate(blocks):
        if where == "tenant's file":
            yield stack, content
        else:
            stack = content
            if index + 1 == len(blocks) or blocks[index + 1][0] != "tenant's file":
                yield stack, {}


EXAMPLES = list(_examples())


def _project(folder: Path, stack: dict[str, Any], tenant: dict[str, Any]) -> Path:
    whole = yaml.safe_load(STACK)
    whole["config"]["clearml-tenants:stack"] = merged(whole["config"]["clearml-tenants:stack"], stack)
    least = yaml.safe_load(TENANT)
    # A gateway is reached in one way, which takes the place of the other.
    file = merged({key: value for key, value in least.items() if key != "gateway" or key not in tenant}, tenant)
    return project(folder, {STACK_FILE: yaml.safe_dump(whole), ACME: yaml.safe_dump(file)})


def test_every_block_of_the_page_is_an_example() -> None:
    assert len(_BLOCK.findall(_PAGE.read_text())) == _PAGE.read_text().count("```yaml")
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_passes_the_checks(tmp_path: Path, number: int) -> None:
    assert run(["--root", str(_project(tmp_path, *EXAMPLES[number])), "test"], value_conflicts.CHECKS) == 0


@pytest.mark.parametrize("number", [n for n, (_, tenant) in enumerate(EXAMPLES) if tenant])
def test_a_tenant_needs_the_line_of_the_stack(tmp_path: Path, number: int) -> None:
    assert run(["--root", str(_project(tmp_path, {}, EXAMPLES[number][1])), "test"], value_conflicts.CHECKS) == 1


@pytest.mark.parametrize("number", [n for n, (_, tenant) in enumerate(EXAMPLES) if "gateway" not in tenant])
def test_an_example_arrives_in_a_chart(tmp_path: Path, number: int) -> None:
    """The gateway's chart is not public, so of its values nobody can say."""
    environment = load(_project(tmp_path, *EXAMPLES[number]), "test")
    assert render("clearml-enterprise", server_of(environment))
    for _tenant, _use, chart, values in workers_of(environment):
        assert render(chart, values)
