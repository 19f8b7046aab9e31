"""`make preview STACK=…`: files first, then what changes and restarts, of that stack and of no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from local.toolchain import install_tools
from operations.__main__ import main
from tests.unit.asked import project
from tests.workflows.github.model import ROOT
from tests.workflows.github.site import commit, git

_RECORDED = ROOT / "tests" / "operations" / "recorded" / "official_features.jsonl"
_ENGINE = """\
#!/bin/sh
echo "$@" > {folder}/called
while [ $# -gt 0 ]; do [ "$1" = --event-log ] && cp {folder}/events "$2"; shift; done
echo "THE ENGINE'S OWN TEXT"
exit ${{FAILS:-0}}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the stack `test`, whose tenant's file was edited on a branch; and an engine."""
    folder = project(tmp_path / "project")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "All")
    git(folder, "checkout", "--quiet", "-b", "branch")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "pulumi").write_text(_ENGINE.format(folder=tools))
    (tools / "pulumi").chmod(0o755)
    shutil.copy(_RECORDED, tools / "events")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    for name in ("STACK", "BASE", "DIFF", "CLEARML_TENANTS_STACK"):
        monkeypatch.delenv(name, raising=False)
    return folder


def _edited(root: Path, name: str, old: str, new: str) -> None:
    path = root / "config" / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_it_previews_that_stack_and_says_first_what_differs_in_the_files(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The incident: `make preview STACK=prod` previewed the laptop's stack, without a word."""
    _edited(root, "tenants/test/acme.yaml", "company: ", "company: New ")
    assert main(["--root", str(root), "preview", "--stack", "acme/clearml-tenants/test"]) == 0
    told = capsys.readouterr().out
    called = (root.parent / "tools" / "called").read_text()
    assert called.startswith("preview --stack acme/clearml-tenants/test ")
    assert "--diff" not in called
    titles = ["files, compared with main at", "look twice", "what changes: ", "\nwhat restarts"]
    places = [told.find(title) for title in titles]
    assert places == sorted(places)
    assert -1 not in places
    assert "1 setting in 1 file" in told
    assert "company: " in told.partition("what changes")[0]
    assert "THE ENGINE'S" not in told


def test_what_restarts_is_rendered_as_for_an_up_and_a_comment(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said of every release that changes: cannot be seen, assume it restarts."""
    (root / "local").mkdir()
    (root / "local" / "charts").symlink_to(ROOT / "local" / "charts")
    helm = install_tools(["helm"])["helm"].path.parent
    monkeypatch.setenv("PATH", f"{root.parent / 'tools'}:{helm}:/usr/bin:/bin")
    assert main(["--root", str(root), "preview", "--stack", "test"]) == 0
    restarts = capsys.readouterr().out.partition("\nwhat restarts\n")[2]
    assert restarts.splitlines()[0] == "  clearml-enterprise: restarts apiserver"


def test_what_people_can_use_in_the_end_is_told_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It stood in a rehearsal's comment alone."""
    path = root / "config" / "tenants" / "test" / "acme.yaml"
    path.write_text(f"{path.read_text()}features: [reports]\n")
    assert main(["--root", str(root), "preview", "--stack", "test"]) == 0
    told = capsys.readouterr().out
    assert "effective in acme, group `users`: " in told
    assert "`reports`" in told.partition("effective in acme")[2]


def test_the_engines_own_text_comes_last_and_on_request(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIFF", "true")
    monkeypatch.setenv("STACK", "test")
    assert main(["--root", str(root), "preview"]) == 0
    assert capsys.readouterr().out.strip().endswith("THE ENGINE'S OWN TEXT")
    assert " --diff " in (root.parent / "tools" / "called").read_text()


def test_an_edit_that_the_engine_cannot_see_is_listed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root.parent / "tools" / "events").write_text('{"sequence": 1, "timestamp": 1, "cancelEvent": {}}\n')
    path = root / "config" / "Pulumi.test.yaml"
    path.write_text(path.read_text().replace("apiUrl: https://", "apiUrl: https://elsewhere."))
    assert main(["--root", str(root), "preview", "--stack", "test"]) == 0
    told = capsys.readouterr().out
    assert "look twice: config/Pulumi.test.yaml: apiUrl leads elsewhere" in told
    assert "what changes: no resource" in told
    assert "nothing changes" not in told


def test_a_file_that_git_does_not_know_yet_is_compared_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "config" / "tenants" / "test" / "acme.yaml"
    path.rename(path.with_name("renamed.yaml"))
    (root / "components").mkdir(exist_ok=True)
    (root / "components" / "new.py").touch()
    main(["--root", str(root), "preview", "--stack", "test"])
    told = capsys.readouterr().out
    assert "config/tenants/test/renamed.yaml is renamed from config/tenants/test/acme.yaml" in told
    assert "the program itself changed, in 1 file beside the stacks' own: `components/new.py`" in told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda root: shutil.rmtree(root / ".git"), "the files are not compared: "),
        (lambda root: git(root, "branch", "--move", "main", "trunk"), "there is no branch main to compare with"),
        (lambda _root: None, "BASE='nothing': there is no such commit here"),
    ],
)
def test_what_cannot_be_compared_is_said_and_the_engine_is_asked_all_the_same(
    root: Path, capsys: pytest.CaptureFixture[str], change: object, said: str
) -> None:
    change(root)  # type: ignore[operator]
    base = ["--base", "nothing"] if "BASE" in said else []
    assert main(["--root", str(root), "preview", "--stack", "test", *base]) == 0
    told = capsys.readouterr().out
    assert said in told
    assert "what changes: " in told


def test_several_merge_bases_are_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Either one would tell what came from main as the branch's, or the other way round."""
    first = git(root, "rev-parse", "HEAD")
    tips = []
    for name in ("main", "branch"):
        git(root, "checkout", "--quiet", name)
        (root / name).touch()
        tips.append(commit(root, name))
    for name, other in (("main", tips[1]), ("branch", tips[0])):
        git(root, "checkout", "--quiet", name)
        git(root, "merge", "--quiet", "--no-edit", other)
    assert main(["--root", str(root), "preview", "--stack", "test"]) == 0
    assert "have 2 merge bases, of which none is the right one: merge that into this branch first" in (
        capsys.readouterr().out
    )
    assert main(["--root", str(root), "preview", "--stack", "test", "--base", first]) == 0
    assert f"files, compared with {first} at" in capsys.readouterr().out


def test_a_preview_that_fails_shows_what_the_engine_said(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILS", "255")
    assert main(["--root", str(root), "preview", "--stack", "test"]) == 1
    said = capsys.readouterr()
    assert "files, compared with" in said.out
    assert "THE ENGINE'S OWN TEXT" in said.out
    assert said.err == "error: stack test: the preview failed: the engine says why above\n"


def test_files_that_are_not_valid_are_compared_and_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edited(root, "tenants/test/acme.yaml", "company: ", "compny: ")
    assert main(["--root", str(root), "preview", "--stack", "test"]) == 1
    said = capsys.readouterr()
    assert "config/tenants/test/acme.yaml is changed" in said.out
    assert "compny" in said.err
    assert not (root.parent / "tools" / "called").exists()


def test_the_makefile_lets_the_stack_choose() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\npreview:")[2].partition("\n\n")[0]
    assert "$(if $(value STACK),operations,local) preview" in recipe
