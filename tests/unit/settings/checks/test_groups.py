"""Groups are read as the server will know them: three built-in names, and others that live in every tenant."""

from __future__ import annotations

from pathlib import Path

from settings.loading.load import load
from settings.models.groups import BuiltInGroup, CrossTenantGroup, Groups
from tests.unit.asked import STACK, STACK_FILE, WITH_ADDRESSES, load_project, project

_GROUPS = """\
    groups:
      data_scientists:
        id: 6F1C2A3E-0B7D-4A52-9C68-2F4F3B8F1D10
        name: Data Scientists
        features: [pipelines]
        assignable: true
      users: {features: []}
      queue_admins: {features: [queue_management]}
    features: {pipelines: true, queue_management: true}
    server:
"""


def groups(tmp_path: Path) -> Groups:
    text = STACK.replace("    server:\n", _GROUPS)
    return load_project(tmp_path, {STACK_FILE: text}).stack.groups


def test_built_in_groups_have_a_list_only(tmp_path: Path) -> None:
    assert list(groups(tmp_path).built_in()) == [
        ("users", BuiltInGroup(features=())),
        ("queue_admins", BuiltInGroup(features=("queue_management",))),
    ]


def test_any_other_key_is_a_cross_tenant_group(tmp_path: Path) -> None:
    expected = CrossTenantGroup(
        id="6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10", name="Data Scientists", features=("pipelines",), assignable=True
    )
    assert list(groups(tmp_path).cross_tenant()) == [("data_scientists", expected)]


def test_all_groups_can_be_gone_through_at_once(tmp_path: Path) -> None:
    assert [key for key, _ in groups(tmp_path).items()] == ["users", "queue_admins", "data_scientists"]


def test_a_stack_needs_no_groups(tmp_path: Path) -> None:
    assert list(load_project(tmp_path).stack.groups.items()) == []


def test_the_readmes_example_is_sound(tmp_path: Path) -> None:
    readme = (Path(__file__).resolve().parents[4] / "docs" / "features.md").read_text()
    shown = readme.split("everybody is in `users`", 1)[1].split("```yaml\n", 1)[1].split("```", 1)[0]
    loaded = load(
        project(tmp_path, {STACK_FILE: WITH_ADDRESSES.replace("    server:\n", f"{shown}    server:\n")}), "test"
    )
    assert [key for key, _ in loaded.stack.groups.items()] == ["users", "admins", "data_scientists"]
    assert loaded.warnings == ()
