"""What YAML allows and no settings file should hold, and files that nobody would ever read: one line each."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from settings.loading.stray_files import stray_files
from tests.unit.asked import ACME, SECOND, STACK, STACK_FILE, TENANT, project, refusal
from tests.unit.settings.loading.test_check_command import check

_ALIAS = "an alias (*name) leads back to what it stands in; write its values out"
_SIZE = "holds over 100000 values once its aliases (*name) are written out; remove some"
_LAUGHS = "x0: &x0 [a]\n" + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 10))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("{default: {}}", "{default: {queueSettings: &q {a: *q}}}", _ALIAS),
        ("agent:\n", "agent:\n  extraValues: &q {a: [*q]}\n", _ALIAS),
        ("company: Acme", f"{_LAUGHS}company: Acme", _SIZE),
        (
            "agent:\n",
            f"agent:\n  extraValues: {'{a: ' * 150}1{'}' * 150}\n",
            "is nested over 100 deep; write it flatter",
        ),
        (
            "agent:\n",
            f"agent:\n  extraValues: {'{a: ' * 5000}1{'}' * 5000}\n",
            "is nested over 100 deep; write it flatter",
        ),
    ],
)
def test_a_file_without_end_or_measure(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert refusal(tmp_path, {ACME: TENANT.replace(old, new)}) == f"{ACME}: acme: {line}"


@pytest.mark.parametrize(
    ("new", "key", "kind"),
    [
        (f"allowedUsers: {'9' * 5000}", "allowedUsers", "int"),
        ("allowedUsers: !!int ten", "allowedUsers", "int"),
        ("allowedUsers: !!float x", "allowedUsers", "float"),
        ("protect: !!bool maybe", "protect", "bool"),
        ("features: [!!timestamp 2026-13-45]", "features[0]", "timestamp"),
    ],
)
def test_a_value_that_is_none_of_its_kind(tmp_path: Path, new: str, key: str, kind: str) -> None:
    line = f"{key}: cannot be read as {kind}; put it in quotes if it is a text, else write another value"
    assert refusal(tmp_path, {ACME: f"{TENANT}{new}\n"}) == f"{ACME}: acme: {line}"


@pytest.mark.parametrize(
    "new", ["signIn: &s {domains: [a.example]}\nagent: {queues: {q: *s}}", "<<: 7", "!!python/name:os.x y: z"]
)
def test_other_oddities_are_one_line(tmp_path: Path, new: str) -> None:
    said = refusal(tmp_path, {ACME: f"company: Acme Inc.\nadmin: {{name: A, email: a@acme.example}}\n{new}\n"})
    assert "\n" not in said
    assert said.startswith(f"{ACME}: acme: ")


def test_an_anchor_that_ends_is_as_good_as_what_it_stands_for(tmp_path: Path) -> None:
    text = TENANT.replace(
        "agent:\n  queues: {default: {}}", "agent: &a\n  queues: {default: {}}\nagents:\n  b: {<<: *a, queues: {b: {}}}"
    )
    assert check(project(tmp_path, {ACME: text})).returncode == 0


@pytest.mark.parametrize("key", ["7", "~", "true"])
def test_a_stacks_key_that_is_no_text(tmp_path: Path, key: str) -> None:
    said = refusal(
        tmp_path, {STACK_FILE: STACK.replace("  clearml-tenants:apiUrl", f"  {key}: x\n  clearml-tenants:apiUrl")}
    )
    assert ": lacks its project; write clearml-tenants:" in said
    assert "\n" not in said


def test_a_key_or_a_file_of_two_lines_is_told_on_one(tmp_path: Path) -> None:
    files = {ACME: f'{TENANT}"a\\nb": 1\n', "config/tenants/test/ga\nmma.yaml": SECOND}
    said = refusal(tmp_path, files).splitlines()
    assert [line.split(" ")[0] for line in said] == [f"{ACME}:", r"config/tenants/test/ga\nmma.yaml:"]


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    root = project(tmp_path)
    os.mkfifo(root / "config/tenants/test/gamma.yaml")
    (root / "config/tenants/test/delta.yaml").mkdir()
    assert [line.split(": ", 2)[-1] for line in refusal(root, {}).splitlines()] == [
        "is no file; move it elsewhere",
        "is no file; move it elsewhere",
    ]


@pytest.mark.parametrize("target", ["nowhere", "beta.yaml", "../../../docs/acme.yaml"])
def test_a_tenants_file_that_is_a_link_is_refused_unread(tmp_path: Path, target: str) -> None:
    """An edit of docs/acme.yaml was told as documentation, which nothing that is deployed reads."""
    root = project(tmp_path, {"docs/acme.yaml": "read: me"})
    path = root / ACME
    path.unlink()
    path.symlink_to(target)
    line = f"{ACME}: acme: is a link, and an edit of what it leads to is reviewed as another file's"
    assert refusal(root, {}) == f"{line}; write a file in its place"


@pytest.mark.parametrize("place", ["config/tenants/test", "config/tenants/test/01", "config/tenants"])
def test_a_folder_of_tenants_that_is_a_link_is_refused(tmp_path: Path, place: str) -> None:
    root = project(tmp_path, {"config/tenants/test/01/gamma.yaml": SECOND.replace("Beta", "C").replace("beta", "c")})
    (root / "config/Pulumi.test-01.yaml").symlink_to("Pulumi.test.yaml")
    (root / place).rename(root / "elsewhere")
    (root / place).symlink_to(root / "elsewhere")
    line = f"{place}: is a link, and an edit of what it leads to is reviewed as another file's; make it a folder"
    assert line in refusal(root, {}).splitlines()


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029", "\r", "\u202e", "\u2066"])
def test_what_a_reviewer_does_not_see_is_no_part_of_a_file(tmp_path: Path, character: str) -> None:
    """A comment with U+2028 in it was one line to a reviewer, and two to YAML, of which the second was a key."""
    said = refusal(tmp_path, {ACME: f"# protected{character}protect: false\n{TENANT}"})
    assert said.startswith(f"{ACME}: acme: line 1: a character (U+{ord(character):04X}) ")
    assert "\n" not in said


@pytest.mark.parametrize("text", ["\r\n".join(TENANT.split("\n")), f"# été, עברית, עִבְרִית\u200f\n{TENANT}"])
def test_ends_of_lines_of_another_system_and_letters_of_another_direction_are_fine(tmp_path: Path, text: str) -> None:
    root = project(tmp_path)
    (root / ACME).write_bytes(text.encode())
    assert check(root).returncode == 0


@pytest.mark.parametrize(
    ("file", "line"),
    [
        (
            "config/tenants/prdo/acme.yaml",
            "config/tenants/prdo: no stack is called prdo; call the folder like one of test",
        ),
        (
            "config/tenants/gamma.yaml",
            "config/tenants/gamma.yaml: belongs to no stack; move it into the folder of its stack, "
            "like config/tenants/prod",
        ),
        (
            "config/tenants/test/more/gamma.yaml",
            "config/tenants/test/more: belongs to no stack: move its files up, or make it a shard with: "
            "ln -sfn Pulumi.test.yaml config/Pulumi.test-more.yaml",
        ),
        ("config/Pulumi.prod.yml", "config/Pulumi.prod.yml: must end in .yaml; call it Pulumi.prod.yaml"),
        ("config/tenants/test/gamma.YAML", "config/tenants/test/gamma.YAML: must end in .yaml; call it gamma.yaml"),
    ],
)
def test_a_file_that_no_stack_would_read_is_told(tmp_path: Path, file: str, line: str) -> None:
    told = check(project(tmp_path, {file: SECOND}))
    assert told.returncode == 1
    assert [each for each in told.stderr.splitlines() if each.startswith("error")] == [f"error: {line}"]


def test_other_files_are_nobodys_business(tmp_path: Path) -> None:
    others = ("config/tenants/README.md", "config/tenants/test/.acme.yaml.swp", "config/tenants/old/notes.txt")
    assert list(stray_files(project(tmp_path, dict.fromkeys(others, "x")), ["test"])) == []


def test_a_project_without_stacks_and_a_stack_that_pulumi_would_not_take(tmp_path: Path) -> None:
    root = project(tmp_path, {"config/tenants/prod": "x"})
    assert [str(fault) for fault in stray_files(root, ["test", "prod", "a b"])] == [
        "config/Pulumi.a b.yaml: a stack's name has letters, digits, - _ and . only; "
        "call the file like Pulumi.prod.yaml",
        "config/tenants/prod: is no folder; tenants' files go into one",
    ]
    assert str(next(stray_files(root, []))) == "config: holds no stack's file; write one like config/Pulumi.prod.yaml"
