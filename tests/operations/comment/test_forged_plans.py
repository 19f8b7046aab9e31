"""Whatever a branch's own program hands over: main's part of the comment stands above it, whole, and is main's."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from operations.__main__ import main
from operations.files.changes import changes_between
from operations.files.comparison import Comparison
from operations.files.snapshot import Snapshot
from operations.preview.comment import LIMIT, compared_comment
from operations.preview.document import plan_in
from tests.operations.comment.pull_request import GitHub, commit_of, proposal, write_plan
from tests.operations.files.edits import EDITS, PLANTED, Files, meaning
from tests.workflows.github.model import ROOT
from tests.workflows.github.site import git

_STACK = "config/Pulumi.prod.yaml"
_TENANT = "config/tenants/prod/globex.yaml"
_CONTENT = (ROOT / _STACK).read_text()
_EVIL = _CONTENT.replace("https://api.clearml.example.com", "https://api.clearml-example.com")
_NEXT = "\n  clearml-tenants:apiserverSecret"
_WORD = "the word of the branch's author"
_FORGED = {
    "nothing": {"stack": "prod", "tenants": []},
    "untouched": {"stack": "prod", "tenants": [{"name": "globex", "happens": ["untouched"]}]},
    "faults": {"stack": "prod", "tenants": [], "faults": [f"fault {number} {'x' * 9_000}" for number in range(200)]},
    "differences": {
        "stack": "prod",
        "tenants": [],
        "differences": [{"tenant": "", "title": f"x{number}", "lines": ["+ x" * 3_000]} for number in range(20)],
    },
    "other files": {
        "stack": "prod",
        "tenants": [],
        "files": {"files": [{"path": "config/tenants/prod/harmless.yaml", "kind": "changed"}]},
    },
}


def _comment(root: Path, github: GitHub) -> str:
    assert main(["--root", str(root), "comment"]) == 0
    (body,) = github.bodies
    return body


@pytest.mark.parametrize("forged", _FORGED)
def test_no_plan_hides_what_differs_in_the_files(tmp_path: Path, github: GitHub, forged: str) -> None:
    """The incident: such data rendered "prod: nothing changes" in the bot's name, and the system key left with the
    next deploy; and 200 long faults left no room for the files."""
    github.proposes(proposal(tmp_path, {_STACK: _EVIL}))
    (tmp_path / "plans" / "prod.json").write_text(json.dumps(_FORGED[forged]))
    text = _comment(tmp_path, github)
    own, rule, theirs = text.partition("\n---\n")
    assert rule
    assert "## `prod`: 1 setting in 1 file\n" in own
    assert "apiUrl leads elsewhere" in own
    assert f"`{_STACK}` is changed" in own
    assert "nothing changes" not in text
    assert "harmless" not in text
    assert _WORD not in own
    assert _WORD in theirs.splitlines()[1]
    assert len(text) <= LIMIT


def test_an_honest_plan_says_the_rest_and_nothing_twice(tmp_path: Path, github: GitHub) -> None:
    github.proposes(proposal(tmp_path, {_STACK: _EVIL}))
    warning = next(line for line in _comment(tmp_path, github).splitlines() if "apiUrl leads" in line)
    plan = {"stack": "prod", "tenants": [], "warnings": ["another"]}
    (tmp_path / "plans" / "prod.json").write_text(json.dumps(plan))
    main(["--root", str(tmp_path), "comment"])
    assert github.bodies[-1].count(warning) == 1
    assert "> - another" in github.bodies[-1].partition("\n---\n")[2]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({_STACK: _CONTENT.replace(f"replace-me{_NEXT}", f"v1:other{_NEXT}")}, "encrypted anew"),
        (
            {_STACK: _CONTENT.replace("oci://docker.io/clearml", "oci://registry.evil.example", 1)},
            "comes from elsewhere",
        ),
        ({_TENANT: None}, f"`{_TENANT}` is removed"),
        ({"config/tenants/prod/new.yaml": "company: New\n"}, "`config/tenants/prod/new.yaml` is added"),
        ({_TENANT: "a: [\n"}, "is not YAML, so it is not compared key by key"),
        ({_TENANT: "#" * 1_000_001}, "is too large, or no file, so it is not compared key by key"),
        ({"components/x.py": "1\n"}, "the program itself changed, in 1 file"),
        ({"Makefile": "check:\n"}, "`Makefile`"),
    ],
)
def test_without_any_plan_the_files_are_told(
    tmp_path: Path, github: GitHub, files: dict[str, str | None], said: str
) -> None:
    """A check that is broken on purpose hands over nothing."""
    github.proposes(proposal(tmp_path, files))
    main(["--root", str(tmp_path), "comment"])
    text = github.bodies[-1]
    assert said in text
    assert (
        f"_No plan: at commit {github.commit[:8]} the branch's own check told none, and says why in its log._" in text
    )


def test_a_link_is_no_file_that_is_read(tmp_path: Path, github: GitHub) -> None:
    (tmp_path / "secret").write_text("PLANTED: 1\n")
    git(tmp_path, "checkout", "--quiet", "--detach")
    (tmp_path / _TENANT).unlink()
    (tmp_path / _TENANT).symlink_to("../../../secret")
    head = commit_of(tmp_path, _TENANT)
    git(tmp_path, "checkout", "--quiet", "main")
    github.proposes(head)
    text = _comment(tmp_path, github)
    assert f"`{_TENANT}` is changed" in text
    assert "is a symbolic link to '../../../secret', so it is not compared key by key" in text
    assert "PLANTED" not in text


def test_a_submodule_is_named(tmp_path: Path, github: GitHub) -> None:
    git(tmp_path, "checkout", "--quiet", "--detach")
    git(tmp_path, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},config/tenants/prod/module.yaml")
    git(tmp_path, "commit", "--quiet", "--message", "A module")
    head = git(tmp_path, "rev-parse", "HEAD")
    git(tmp_path, "checkout", "--quiet", "--force", "main")
    github.proposes(head)
    text = _comment(tmp_path, github)
    assert "`config/tenants/prod/module.yaml` is added" in text
    assert "or no file, so it is not compared" in text


def test_a_branch_behind_main_takes_nothing_of_it_back(tmp_path: Path, github: GitHub) -> None:
    head = proposal(tmp_path, {_TENANT: "company: Other\n"})
    (tmp_path / "config/tenants/prod/newer.yaml").write_text("company: Newer\n")
    commit_of(tmp_path, "config/tenants/prod/newer.yaml")
    github.proposes(head)
    text = _comment(tmp_path, github)
    assert "newer.yaml" not in text
    assert f"`{_TENANT}` is changed" in text


def test_several_merge_bases_are_merged_as_github_does(tmp_path: Path, github: GitHub) -> None:
    """Either one alone would tell what main has as the branch's own, or hide what the branch takes back."""
    own = proposal(tmp_path, {_TENANT: "company: Other\n"})
    (tmp_path / _STACK).write_text(f"{_CONTENT}# newer\n")
    newer = commit_of(tmp_path, _STACK)
    git(tmp_path, "merge", "--quiet", "--no-edit", own)
    git(tmp_path, "checkout", "--quiet", "--detach", own)
    git(tmp_path, "merge", "--quiet", "--no-edit", newer)
    (tmp_path / _STACK).write_text(f"{_EVIL}# newer\n")
    head = commit_of(tmp_path, _STACK)
    git(tmp_path, "checkout", "--quiet", "main")
    assert len(git(tmp_path, "merge-base", "--all", "main", head).split()) == 2
    github.proposes(head)
    text = _comment(tmp_path, github)
    assert "## `prod`: 1 setting in 1 file\n" in text
    assert "apiUrl leads elsewhere" in text


def test_a_conflict_is_told_and_never_called_nothing(
    tmp_path: Path, github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    head = proposal(tmp_path, {_TENANT: "company: Other\n"})
    (tmp_path / _TENANT).write_text("company: Newer\n")
    commit_of(tmp_path, _TENANT)
    github.proposes(head)
    (tmp_path / "plans" / "prod.json").write_text(json.dumps(_FORGED["nothing"]))
    assert main(["--root", str(tmp_path), "comment"]) == 1
    assert "conflicts with main" in capsys.readouterr().err
    text = next(body for body in github.bodies if "## `prod`" in body)
    assert "## `prod`: the files are not compared\n" in text
    assert "conflicts with main; merge main into the branch" in text
    assert "nothing changes" not in text


def test_a_forks_commit_is_fetched_and_no_file_of_it_checked_out(tmp_path: Path, github: GitHub) -> None:
    """It is in no branch of this repository. The token is in no file of git's."""
    fork = tmp_path / "fork"
    git(tmp_path, "clone", "--quiet", str(tmp_path), str(fork))
    git(fork, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(tmp_path, "remote", "add", "origin", str(fork))
    (fork / _STACK).write_text(_EVIL)
    (fork / "operations").mkdir()
    (fork / "operations" / "__init__.py").write_text("raise SystemExit('of the fork')\n")
    git(fork, "checkout", "--quiet", "-b", "branch")
    git(fork, "add", "--all")
    git(fork, "commit", "--quiet", "--message", "A change")
    github.proposes(git(fork, "rev-parse", "HEAD"))
    main(["--root", str(tmp_path), "comment"])
    text = next(body for body in github.bodies if "## `prod`" in body)
    assert "## `prod`: 1 setting in 1 file and the program itself\n" in text
    assert (tmp_path / _STACK).read_text() == _CONTENT
    assert not (tmp_path / "operations").exists()
    assert "eC1hY2Nlc3Mt" not in (tmp_path / ".git" / "config").read_text()


def test_a_plan_for_a_stack_that_is_not_touched_does_not_claim_its_files(tmp_path: Path, github: GitHub) -> None:
    write_plan(tmp_path)
    text = _comment(tmp_path, github)
    assert "## `prod`: nothing in its files that has a meaning differs\n" in text


def test_whatever_is_edited_no_plan_makes_it_nothing() -> None:
    """A thousand edits, each beside a forged plan; the comment has main's title, and a change has a line in it."""
    chance = random.Random(11)  # noqa: S311 - seeded
    forged = [plan_in(json.dumps(plan).encode(), "prod") for plan in _FORGED.values()]
    for _ in range(1_000):
        before, after = _files(), _files()
        chance.choice(EDITS)(after, chance)
        comparison = Comparison("main", changes_between(Snapshot(before), Snapshot(after)))
        text = compared_comment("prod", comparison, chance.choice([*forged, None]), f"_{_WORD}_")
        own = text.partition("\n---\n")[0]
        assert "nothing changes" not in text
        assert len(text) <= LIMIT
        assert PLANTED not in text
        if meaning(before) != meaning(after):
            assert "nothing in its files" not in own, own
            assert "### What differs in the files" in own


def _files() -> Files:
    paths = [ROOT / _STACK, *(ROOT / "config" / "tenants" / "prod").glob("*.yaml")]
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
