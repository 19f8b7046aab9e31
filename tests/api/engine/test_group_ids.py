"""A cross-tenant group keeps its id, given or made: members of a group whose id is lost are in no group."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from pulumi.automation import CommandError

from components.clearml.group_ids import GroupIdsProvider
from settings.facts import stack_file_of
from tests.api.program import Program
from tests.api.stack import PROJECT, STACK

ONE, OTHER = "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10", "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d11"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"data": ONE}, {"data": OTHER}, [f"group data: put it back as it was (its id is {ONE})"]),
        ({"data": ONE}, {}, [f"group data: put it back as it was (its id is {ONE})"]),
        (
            {"a": ONE, "b": OTHER},
            {"b": "new"},
            [f"group {key}: put it back as it was (its id is {id_})" for key, id_ in (("a", ONE), ("b", OTHER))],
        ),
        ({"data": ONE}, {"science": ONE}, []),
        ({"data": ONE}, {"data": ONE, "more": OTHER}, []),
        ({}, {"data": ONE}, []),
    ],
)
def test_an_id_that_no_group_has_any_more_is_refused(
    before: dict[str, str], after: dict[str, str], said: list[str]
) -> None:
    failures = GroupIdsProvider().check({"ids": before}, {"ids": after}).failures
    assert [each.reason.split(": members")[0].split("; ") for each in failures] == ([said] if said else [])
    assert all("\n" not in each.reason for each in failures)


def _declare(program: Program, **groups: dict[str, Any]) -> None:
    path = program.project / stack_file_of(STACK)
    content = yaml.safe_load(path.read_text())
    content["config"][f"{PROJECT}:stack"]["groups"] = groups
    content["config"][f"{PROJECT}:stack"]["features"] = {"reports": True}
    path.write_text(yaml.safe_dump(content))


def _group(**more: str) -> dict[str, Any]:
    return {"name": "Data Scientists", "features": ["reports"], **more}


def _refused(program: Program) -> str:
    """What a preview is refused with."""
    with pytest.raises(CommandError) as refused:
        program.preview()
    assert "Traceback" not in str(refused.value)
    return str(refused.value)


def _kept(program: Program) -> dict[str, str]:
    """What is remembered: ids, by the groups' keys."""
    (ids,) = [each["outputs"]["ids"] for urn, each in program.exported().items() if urn.endswith("::group-ids")]
    return dict(ids)


def _state(program: Program, command: str, resource: str, *options: str) -> None:
    """`pulumi state <command>` on the one resource of that name."""
    (urn,) = [f"urn:pulumi:{STACK}::{PROJECT}::{each}" for each in program.exported() if each.endswith(f"::{resource}")]
    program.command("state", command, *options, "--yes", "--stack", STACK, urn)


def test_a_groups_id_is_kept_on_the_engine_and_every_change_of_it_refused_in_the_preview(program: Program) -> None:
    _declare(program, data=_group(id=ONE), made=_group(name="Made"))
    program.up()
    assert set(program.preview()) == {"same"}

    kept = _kept(program)
    _declare(program, data=_group(id=OTHER), made=_group(name="Made"))
    assert f"group data: put it back as it was (its id is {ONE})" in _refused(program)
    _declare(program, data=_group(), made=_group(name="Made"))
    assert f"group data: put it back as it was (its id is {ONE})" in _refused(program)
    _declare(program, data=_group(id=ONE), made=_group(name="Made", id=OTHER))
    assert f"group made: put it back as it was (its id is {kept['made']})" in _refused(program)
    _declare(program, made=_group(name="Made"))
    assert f"group data: put it back as it was (its id is {ONE})" in _refused(program)
    _declare(program)
    assert "protected" in _refused(program)

    _declare(program, science=_group(id=ONE), made=_group(name="Changed"), more=_group(name="More"))
    program.up()
    assert set(program.preview()) == {"same"}


def test_a_group_is_let_go_as_the_refusal_says(program: Program) -> None:
    """And docs/stacks.md: one whose id was made is unprotected besides."""
    _declare(program, data=_group(id=ONE), made=_group(name="Made"), other=_group(name="Other", id=OTHER))
    program.up()
    _declare(program, other=_group(name="Other", id=OTHER))
    assert "pulumi state delete --force" in _refused(program)
    _state(program, "delete", "group-ids", "--force")
    assert "protected" in _refused(program)
    _state(program, "unprotect", "group-made")
    program.up()
    assert set(program.preview()) == {"same"}


def test_a_group_whose_id_was_made_is_called_otherwise_and_keeps_its_id(program: Program) -> None:
    _declare(program, made=_group(name="Made"))
    program.up()
    id_ = _kept(program)["made"]
    _declare(program, better=_group(name="Made", id=id_))
    assert "protected" in _refused(program)
    _state(program, "unprotect", "group-made")
    program.up()
    assert _kept(program) == {"better": id_}
    assert set(program.preview()) == {"same"}
