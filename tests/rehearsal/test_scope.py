"""Of an environment with shards one stack is tried, with the tenants that a change concerns; nothing else is hidden."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from operations.files.changes import Changes, changes_between
from operations.files.snapshot import snapshot_of
from operations.preview.comment import comment_of
from operations.preview.plan import plan_of
from operations.preview.tenant_changes.effective_features import effective_changes
from rehearsal.copies import copy_of_files
from rehearsal.faulty import without_faults
from rehearsal.refused_removals import refused_moves
from rehearsal.scope import ENOUGH, Scope, fold, scope_of, with_untouched
from settings.facts import file_of, stack_file_of
from settings.loading.load import load
from settings.shards import Part
from tests.unit.asked import SECOND, STACK, STACK_FILE

_ENVIRONMENT = Part("test")
_OTHER = STACK.replace("somewhere", "elsewhere")


def _tenant(name: str, more: str = "") -> str:
    return SECOND.replace("Beta", name.title()).replace("beta", name) + more


def _copy(folder: Path, homes: Mapping[str, str], shards: str = "01 02", stack: str = STACK) -> Path:
    """A project with tenants in shards, `name: shard`; a name may be followed by what else the file says."""
    texts = {file_of("test", name.partition("\n")[0], shard): _tenant(*_parts(name)) for name, shard in homes.items()}
    for file, text in {STACK_FILE: stack, **texts}.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text)
    for shard in shards.split():
        (folder / stack_file_of(f"test-{shard}")).symlink_to(Path(STACK_FILE).name)
    return folder


def _parts(name: str) -> tuple[str, str]:
    first, _, more = name.partition("\n")
    return first, more


def _changes(before: Path, after: Path) -> Changes:
    return changes_between(snapshot_of(before, "test"), snapshot_of(after, "test"))


def _scope(before: Path, after: Path, part: Part = _ENVIRONMENT) -> Scope:
    return scope_of(before, after, part, _changes(before, after))


_HOMES = {"own": "", "acme": "01", "beta": "01", "carol": "02"}


def test_tenants_whose_files_differ_are_tried_beside_the_platforms(tmp_path: Path) -> None:
    before = _copy(tmp_path / "before", _HOMES)
    after = _copy(tmp_path / "after", {"own": "", "acme\nprotect: false\n": "01", "beta": "01", "carol": "02"})
    scope = _scope(before, after)
    assert scope.tried == {"own", "acme"}
    assert scope.untouched == {"beta", "carol"}
    assert scope.warnings == ()
    assert scope.summary == "2 of 4 tenants are tried, the others' files are checked"
    fold(before, after, "test", scope.tried)
    for copy in (before, after):
        environment = load(copy, "test")
        assert [tenant.name for tenant in environment.tenants] == ["acme", "own"]
        # The rules of all are known, and every check of all tenants finds what it would.
        assert {tenant.name for tenant in environment.everybody} == {"own", "acme", "beta", "carol"}
        assert environment.shards == ("01", "02")


def test_a_tenant_between_shards_is_tried_in_both_copies_and_never_nothing(tmp_path: Path) -> None:
    before = _copy(tmp_path / "before", _HOMES)
    after = _copy(tmp_path / "after", {**_HOMES, "acme": "02", "beta": ""})
    scope, changes = _scope(before, after), _changes(before, after)
    assert scope.tried == {"own", "acme", "beta"}
    assert scope.warnings == (
        "moved from test-01 to test-02: acme; nothing changes if the state has moved, too, and a file moved "
        "without make shard STACK=test TENANT=acme SHARD=02 is refused by every run",
        "moved from test-01 to test: beta; nothing changes if the state has moved, too, and a file moved "
        "without make shard STACK=test TENANT=beta SHARD=- is refused by every run",
    )
    told = comment_of(plan_of("test", (), files=changes, warnings=scope.warnings))
    assert "no resource changes, but the files do: 2 files" in told
    assert "`config/tenants/test/02/acme.yaml` is renamed from `config/tenants/test/01/acme.yaml`" in told
    fold(before, after, "test", scope.tried)
    files = [sorted(path.name for path in (copy / "config/tenants/test").glob("*.yaml")) for copy in (before, after)]
    assert files == [["acme.yaml", "beta.yaml", "own.yaml"]] * 2


@pytest.mark.parametrize(("then", "now"), [("", "01"), ("01", ""), ("01", "01 02")])
def test_a_shard_that_comes_or_goes_is_none_in_both_copies_and_told_of_the_files(
    tmp_path: Path, then: str, now: str
) -> None:
    """The very split of an environment is one of them: everybody moves, and nothing else."""
    homes = ("01" if "01" in then else "", "01" if "01" in now else "")
    before, after = (
        _copy(tmp_path / name, {"acme": home, "beta": home, "own": ""}, shards)
        for name, home, shards in (("before", homes[0], then), ("after", homes[1], now))
    )
    scope, changes = _scope(before, after), _changes(before, after)
    assert {file.path for file in changes.files if "Pulumi" in file.path} == {
        stack_file_of(f"test-{shard}") for shard in {*then.split()} ^ {*now.split()}
    }
    # A link is no change of everybody's.
    assert len(scope.warnings) == (1 if homes[0] != homes[1] else 0)
    assert all(": acme, beta; " in line for line in scope.warnings)
    fold(before, after, "test", scope.tried)
    assert load(before, "test").shards == load(after, "test").shards == (("01",) if then and now else ())
    if homes[0] != homes[1]:
        assert [tenant.name for tenant in load(before, "test").tenants] == ["acme", "beta", "own"]
        assert load(before, "test").tenants == load(after, "test").tenants


def _many(shards: int, each: int) -> dict[str, str]:
    return {f"t{shard}x{number}": f"{shard:02}" for shard in range(1, shards + 1) for number in range(each)}


def test_what_may_change_all_is_tried_on_all_of_them_as_long_as_they_are_not_many(tmp_path: Path) -> None:
    before, after = _copy(tmp_path / "before", _HOMES), _copy(tmp_path / "after", _HOMES, stack=_OTHER)
    scope = _scope(before, after)
    assert scope.tried == {*_HOMES}
    assert (scope.untouched, scope.untried) == (frozenset(), 0)
    assert (scope.warnings, scope.summary) == ((), "")


def test_what_is_not_tried_of_many_is_told_and_is_never_untouched(tmp_path: Path) -> None:
    homes, shards = {"own": "", **_many(8, 20)}, " ".join(f"{shard:02}" for shard in range(1, 9))
    before, after = _copy(tmp_path / "before", homes, shards), _copy(tmp_path / "after", homes, shards, _OTHER)
    scope = _scope(before, after)
    assert ENOUGH <= len(scope.tried) == 61
    assert (scope.untouched, scope.untried) == (frozenset(), 100)
    assert scope.warnings == (
        "only 61 of 161 tenants are tried, and what differs in config/Pulumi.test.yaml may change all: what it does "
        "to the others of shards 04, 05, 06, 07, 08 is not told; make rehearse STACK=test-04 tells it of one shard",
    )
    alone = _scope(before, after, Part("test", "05"))
    assert alone.tried == {"own", *(name for name, shard in homes.items() if shard == "05")}
    assert "the others of shards 01, 02, 03, 04, 06 and 2 more is not told" in alone.warnings[0]


def test_a_change_of_the_program_concerns_all(tmp_path: Path) -> None:
    before, after = _copy(tmp_path / "before", _HOMES), _copy(tmp_path / "after", _HOMES)
    (after / "__main__.py").write_text("")
    assert _scope(before, after).tried == {*_HOMES}
    (before / "__main__.py").write_text("")
    (after / STACK_FILE).write_text(f"{STACK}# a comment\n")
    assert _scope(before, after).tried == {"own"}


def test_the_others_are_counted_as_untouched_unless_nothing_could_be_told(tmp_path: Path) -> None:
    scope = _scope(_copy(tmp_path / "before", _HOMES), _copy(tmp_path / "after", _HOMES))
    told = with_untouched(plan_of("test", (), faults=["no"], refused=["own", "beta"]), scope)
    assert [each.name for each in told] == ["acme", "beta", "carol", "own"]
    assert [each.name for each in told if each.untouched] == ["acme", "carol"]
    assert with_untouched(plan_of("test", (), faults=["no"]), scope) == []


def test_what_is_said_of_a_tenants_file_names_the_real_one(tmp_path: Path) -> None:
    before, after = _copy(tmp_path / "before", _HOMES), _copy(tmp_path / "after", {**_HOMES, "acme\n# x\n": "01"})
    scope = _scope(before, after)
    assert scope.files["config/tenants/test/acme.yaml"] == "config/tenants/test/01/acme.yaml"
    assert scope.files["config/tenants/test/own.yaml"] == "config/tenants/test/own.yaml"


def test_a_faulty_file_of_a_shard_is_as_it_was_where_it_was(tmp_path: Path) -> None:
    before = _copy(tmp_path / "before", _HOMES)
    after = _copy(
        tmp_path / "after", {"own": "", "beta": "01", "acme\ncolour: x\n": "02", "new\ncolour: x\n": "02"}, "02"
    )
    (after / "config/tenants/test/01/beta.yaml").unlink()
    (after / "config/tenants/test/02/beta.yaml").write_text("company: B\n")
    faults = without_faults(after, before, "test")
    assert {fault.where.file for fault in faults} == {
        f"config/tenants/test/02/{name}.yaml" for name in ("acme", "beta", "new")
    }
    assert {tenant.name: tenant.shard for tenant in load(after, "test").everybody} == {
        "own": "", "acme": "01", "beta": "01",
    }  # fmt: skip


def test_what_no_run_takes_is_refused_and_what_a_run_takes_is_not(tmp_path: Path) -> None:
    before = _copy(tmp_path / "before", {**_HOMES, "stays": "02"})
    moved = _tenant("acme")
    after = _copy(tmp_path / "after", {"own": "", "stays": "02"}, "02")
    (after / "config/tenants/test/02/other.yaml").write_text(moved)
    assert [str(each) for each in refused_moves(before, after, "test")] == [
        "config/tenants/test/02/other.yaml: other: was acme in the stack test-01, and no tenant gets another name and "
        "another stack at once: call it acme.yaml again, then make shard STACK=test TENANT=acme SHARD=02",
        "config/Pulumi.test-01.yaml: goes together with beta, and then no run takes them away: keep it until a run of "
        "it has",
    ]
    again = _copy(tmp_path / "again", {**_HOMES, "stays": "01"}, "01 02")
    for name in ("beta", "carol"):
        (again / file_of("test", name, _HOMES[name])).unlink()
    (again / "config/tenants/test/01/acme.yaml").rename(again / "config/tenants/test/01/other.yaml")
    assert refused_moves(before, again, "test") == []


def test_features_of_a_tenant_that_moves_are_what_they_were(tmp_path: Path) -> None:
    before, after = _copy(tmp_path / "before", _HOMES), _copy(tmp_path / "after", {**_HOMES, "acme": "02"})
    assert list(effective_changes(before, load(after, "test-02"))) == []


def test_a_link_stays_a_link_in_the_copy(tmp_path: Path) -> None:
    """As a file of its own a shard was another environment, and its folder nobody's."""
    root = _copy(tmp_path / "project", _HOMES)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    copy_of_files(root, tmp_path / "copy")
    assert load(tmp_path / "copy", "test").shards == ("01", "02")
