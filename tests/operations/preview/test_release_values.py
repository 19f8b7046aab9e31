"""A plan of the same files reads the same at every push, and takes nothing unknown for removed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.events import EngineEvent
from pulumi.runtime import rpc

from operations.preview.comment import comment_of
from operations.preview.plan import plan_of
from operations.preview.release_values import ACCESS_KEY, comparable
from operations.preview.steps import steps_of
from tests.operations.recorded import preview

_RECORDED = Path(__file__).parents[1] / "recorded"
_KEYS = {"official_rotation": "5EPMRNDCVON1C8TPW4WYB6KBIW0OST", "pull_request": "DMRYLGR4KKGN4CLAB0LXEDUHSXY7JK"}
_OTHER = "OTHER0KEY0OF0ANOTHER0REHEARSAL"
_ID, _OTHER_ID = "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10", "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d11"


@pytest.mark.parametrize("recorded", sorted(_KEYS))
def test_the_keys_of_two_rehearsals_make_no_difference(recorded: str) -> None:
    text = (_RECORDED / f"{recorded}.jsonl").read_text()
    assert _KEYS[recorded] in text
    comments = [
        comment_of(plan_of("local", steps_of(EngineEvent.from_json(json.loads(line)) for line in each.splitlines())))
        for each in (text, text.replace(_KEYS[recorded], _OTHER))
    ]
    assert comments[0] == comments[1]
    assert _KEYS[recorded] not in comments[0]


def test_a_rotation_removes_nothing_and_changes_nothing_else() -> None:
    """The incident: the official plugin leaves out what it does not know, which read as if keys had been removed."""
    plan = plan_of("local", preview("official_rotation"))
    (tenant,) = plan.tenants
    assert (tenant.happens, tenant.parts) == (("rotated",), ("agent key 1 → 2", "gateway key 1 → 2"))
    lines = [line.strip() for each in plan.differences for line in each.lines if line.startswith(("+", "-"))]
    assert sum(line.startswith("-") for line in lines) == sum(line.startswith("+") for line in lines)
    assert {"+    apiKey: (known when it is deployed)", "+    apiSecret: (known when it is deployed)"} <= set(lines)


def _server(group: str, **more: Any) -> dict[str, Any]:
    return {
        "chart": "oci://docker.io/clearml/server",
        "values": {"env": [{"name": "GROUP_ID", "value": group}]},
        **more,
    }


def test_an_id_that_stays_has_no_digits_and_one_that_changes_has() -> None:
    old, new = comparable(_server(f'"{_ID}"'), _server(f'"{_ID}"', timeout=1))
    assert old["values"] == new["values"] == {"env": [{"name": "GROUP_ID", "value": '"(an id that stays)"'}]}
    old, new = comparable(_server(_ID), _server(_OTHER_ID))
    assert [each["values"]["env"][0]["value"] for each in (old, new)] == [_ID, _OTHER_ID]


def test_what_somebody_removes_is_removed() -> None:
    variables = [{"name": "A", "value": "1"}, {"name": ACCESS_KEY, "value": "K"}]
    old, new = comparable({"values": {"env": variables, "apiKey": "x"}}, {"values": {"env": variables[1:]}})
    assert old["values"]["env"][0] == {"name": "A", "value": "1"}
    assert new["values"] == {"env": [{"name": ACCESS_KEY, "value": "(access key)"}]}


def test_another_key_is_another_one() -> None:
    keys = [{"values": {"clearml": {"apiKey": key, "apiSecret": "[secret]"}}} for key in ("A", "B")]
    old, new = (each["values"]["clearml"]["apiKey"] for each in comparable(*keys))
    assert (old, new) == ("(access key)", "(another access key)")
    assert comparable({}, {"values": {"name": ACCESS_KEY, "value": rpc.UNKNOWN}})[1]["values"]["value"] == rpc.UNKNOWN
