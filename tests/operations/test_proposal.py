"""What is taken of a branch for a preview with secrets: plain files of main's stacks; the rest is refused in a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from operations.errors import OperationError
from operations.github.proposal import take_proposal
from tests.workflows.github.site import commit, git

_STACK = """\
secretsprovider: passphrase
encryptionsalt: v1:one
config:
  clearml-tenants:apiUrl: https://api.example.com
  clearml-tenants:apiserverSecret:
    secure: v1:first
  clearml-tenants:stack:
    baseDomain: example.com
    kubeContext: prod
    charts:
      server: {chart: clearml, repository: 'https://charts.example.com', version: 1.0.0}
"""
_STACK_FILE, _TENANT = "config/Pulumi.prod.yaml", "config/tenants/prod/acme.yaml"
_STACKS = ("dev", "prod")
Change = Callable[[Path], object]


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """A checkout of main."""
    folder = tmp_path / "main"
    for name, text in {
        _STACK_FILE: _STACK,
        _TENANT: "company: Acme\n",
        "Makefile": "check:\n",
        "docs/a.md": "a\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "config/Pulumi.prod-01.yaml").symlink_to("Pulumi.prod.yaml")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "All")
    return folder


def _branch(main: Path, change: Change) -> str:
    """The commit of a branch with the change; main is checked out again."""
    git(main, "checkout", "--quiet", "-b", "branch")
    change(main)
    head = commit(main, "A change")
    git(main, "checkout", "--quiet", "main")
    return head


def _write(name: str, text: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    return change


def _replaced(old: str, new: str) -> Change:
    return _write(_STACK_FILE, _STACK.replace(old, new))


def _all(*changes: Change) -> Change:
    return lambda folder: [change(folder) for change in changes]


def _link(name: str, target: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)

    return change


def _folder_becomes_link(folder: Path) -> None:
    (folder / _TENANT).unlink()
    (folder / "config/tenants/prod").rmdir()
    (folder / "config/tenants/prod").symlink_to("/etc")
    _write("config/tenants/dev/acme.yaml", "company: Acme\n")(folder)


def _as_module(folder: Path) -> None:
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},config/tenants/prod/module.yaml")


_EDIT = _write(_TENANT, "company: Acme Inc\n")
_BESIDE = "beside the files of main's stacks and their tenants"
REFUSED: dict[str, tuple[Change, str]] = {
    "a makefile": (_all(_EDIT, _write("Makefile", "check:\n\tid\n")), _BESIDE),
    "a workflow": (_all(_EDIT, _write(".github/workflows/x.yml", "on: push\n")), _BESIDE),
    "a chart": (_all(_EDIT, _write("config/charts/x/templates/a.yaml", "{{ lookup }}\n")), _BESIDE),
    "a chart among the tenants": (
        _all(_EDIT, _write("config/tenants/prod/x/Chart.yaml", "name: x\n")),
        "main does not have",
    ),
    "a chart's template among the tenants": (
        _all(_EDIT, _write("config/tenants/prod/01/templates/x.yaml", "1\n")),
        _BESIDE,
    ),
    "a module in config": (_all(_EDIT, _write("config/conftest.py", "1\n")), _BESIDE),
    "a schema": (_all(_EDIT, _write("config/schema/tenant.json", "{}\n")), _BESIDE),
    "a stack that main has not": (_all(_EDIT, _write("config/Pulumi.new.yaml", _STACK)), _BESIDE),
    "tenants of no stack": (_all(_EDIT, _write("config/tenants/new/x.yaml", "company: X\n")), _BESIDE),
    "a hidden file": (_all(_EDIT, _write("config/tenants/prod/.x.yaml", "company: X\n")), _BESIDE),
    "another suffix": (_all(_EDIT, _write("config/tenants/prod/x.sh", "id\n")), _BESIDE),
    "a name of two lines": (_all(_EDIT, _write("config/tenants/prod/x\n::error::.yaml", "1\n")), _BESIDE),
    "a name in no script of ours": (_all(_EDIT, _write("config/tenants/prod/\u0430\u0441.yaml", "1\n")), _BESIDE),
    "attributes": (_all(_EDIT, _write("config/.gitattributes", "* filter=x\n")), _BESIDE),
    "a module's place": (_all(_EDIT, _write(".gitmodules", "[submodule]\n")), _BESIDE),
    "a tenant of a shard that main has not": (_write("config/tenants/prod/02/x.yaml", "1\n"), "main does not have"),
    "a shard": (_all(_EDIT, _link("config/Pulumi.prod-02.yaml", "Pulumi.prod.yaml")), _BESIDE),
    "a shard's tenant as a link": (_link("config/tenants/prod/01/x.yaml", "../acme.yaml"), "is no plain file"),
    "a folder of a shard as a link": (
        _all(_EDIT, lambda folder: (folder / "config/tenants/prod/01").symlink_to("/etc")),
        _BESIDE,
    ),
    "what lies deeper": (_all(_EDIT, _write("config/tenants/prod/01/02/x.yaml", "1\n")), _BESIDE),
    "a link out": (_link(_TENANT, "/etc/passwd"), "is no plain file"),
    "a link inside": (_link("config/tenants/prod/b.yaml", "acme.yaml"), "is no plain file"),
    "a stack's file as a link": (_link(_STACK_FILE, "../../../secret"), "is no plain file"),
    "a folder as a link": (_folder_becomes_link, _BESIDE),
    "a program": (lambda folder: (folder / _TENANT).chmod(0o755), "is no plain file"),
    "too much": (_write(_TENANT, "# " + "x" * 1_000_000), "is larger than 1,000,000 bytes"),
    "another API": (_replaced("https://api.", "https://api.evil."), "apiUrl leads elsewhere"),
    "another authority": (_replaced("config:\n", "config:\n  clearml-tenants:apiCaFile: /tmp/x\n"), "apiCaFile"),
    "another domain": (_replaced("baseDomain: example.com", "baseDomain: evil.com"), "baseDomain"),
    "another cluster": (_replaced("kubeContext: prod", "kubeContext: dev"), "another cluster"),
    "another place of charts": (_replaced("charts.example.com", "charts.evil.com"), "comes from elsewhere"),
    "another key service": (_replaced("secretsprovider: passphrase", "secretsprovider: awskms://x"), "secretsprovider"),
    "another salt": (_replaced("v1:one", "v1:two"), "encryptionsalt"),
    "an environment of Pulumi's": (_replaced("config:\n", "environment: [evil]\nconfig:\n"), "environment"),
    "another program's settings": (_replaced("config:\n", "config:\n  kubernetes:kubeconfig: x\n"), "kubeconfig"),
    "the engine's own settings": (
        _replaced("config:\n", "config:\n  pulumi:disable-default-providers: ['*']\n"),
        "pulumi",
    ),
    "a key that stands twice": (
        _write(_STACK_FILE, f"{_STACK}  clearml-tenants:apiUrl: https://e.com\n"),
        "apiUrl",
    ),
    "what is no YAML": (_write(_STACK_FILE, "{"), "is not YAML"),
    "no stack's file any more": (lambda folder: (folder / _STACK_FILE).unlink(), _STACK_FILE),
}


@pytest.mark.parametrize(("change", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_more_than_data_is_refused_in_one_line_and_nothing_is_taken(
    main: Path, change: Change, why: str
) -> None:
    head = _branch(main, change)
    with pytest.raises(OperationError) as refused:
        take_proposal(main, head, _STACKS)
    assert why in str(refused.value)
    assert str(refused.value).isprintable()
    assert git(main, "status", "--porcelain") == ""


def test_a_submodule_is_no_file(main: Path) -> None:
    git(main, "checkout", "--quiet", "-b", "branch")
    _as_module(main)
    git(main, "commit", "--quiet", "--message", "A module")
    head = git(main, "rev-parse", "HEAD")
    git(main, "checkout", "--quiet", "--force", "main")
    with pytest.raises(OperationError, match="git's mode is 160000"):
        take_proposal(main, head, _STACKS)


TAKEN: dict[str, tuple[Change, list[str]]] = {
    "an edit": (_EDIT, [_TENANT]),
    "an edit with its words": (_all(_EDIT, _write("docs/a.md", "b\n"), _write("tests/x.py", "1\n")), [_TENANT]),
    "a new tenant of a stack without any": (
        _write("config/tenants/dev/x.yaml", "company: X\n"),
        ["config/tenants/dev/x.yaml"],
    ),
    "a shard's tenant": (
        _write("config/tenants/prod/01/x.yaml", "company: X\n"),
        ["config/tenants/prod/01/x.yaml"],
    ),
    "a tenant that goes": (lambda folder: (folder / _TENANT).unlink(), [_TENANT]),
    "a secret anew": (_replaced("v1:first", "v1:second"), [_STACK_FILE]),
    "another version": (_replaced("version: 1.0.0", "version: 1.1.0"), [_STACK_FILE]),
    "a feature": (_replaced("    kubeContext", "    features: {reports: true}\n    kubeContext"), [_STACK_FILE]),
    "code alone": (_write("Makefile", "check:\n\tid\n"), []),
    "nothing but a stranger's stack": (_write("config/tenants/new/x.yaml", "company: X\n"), []),
}


@pytest.mark.parametrize(("change", "paths"), TAKEN.values(), ids=TAKEN)
def test_files_of_mains_stacks_are_taken_and_nothing_else(main: Path, change: Change, paths: list[str]) -> None:
    head = _branch(main, change)
    assert take_proposal(main, head, _STACKS) == paths
    changed = git(main, "status", "--porcelain", "--untracked-files=all").splitlines()
    assert sorted(line.split()[-1] for line in changed) == paths
    for path in filter(lambda path: (main / path).exists(), paths):
        assert (main / path).read_text().strip() == git(main, "show", f"{head}:{path}")


def test_of_a_branch_behind_main_only_its_own_change_is_taken(main: Path) -> None:
    head = _branch(main, _EDIT)
    _write("config/tenants/prod/newer.yaml", "company: Newer\n")(main)
    commit(main, "Newer")
    assert take_proposal(main, head, _STACKS) == [_TENANT]
    assert (main / "config/tenants/prod/newer.yaml").exists()


def test_a_conflict_is_the_branchs_to_solve(main: Path) -> None:
    head = _branch(main, _EDIT)
    _write(_TENANT, "company: Other\n")(main)
    commit(main, "Newer")
    with pytest.raises(OperationError, match="conflicts with main; merge main into the branch"):
        take_proposal(main, head, _STACKS)


@pytest.mark.parametrize("name", ["main", "--output=x", "HEAD", "", "f" * 39])
def test_only_a_whole_hash_names_a_commit(main: Path, name: str) -> None:
    with pytest.raises(OperationError, match="name a commit by its whole hash"):
        take_proposal(main, name, _STACKS)


def test_a_commit_that_was_pushed_over_is_told(main: Path) -> None:
    with pytest.raises(OperationError, match="the branch was pushed over"):
        take_proposal(main, "f" * 40, _STACKS)


def test_nobodys_work_is_written_over(main: Path) -> None:
    head = _branch(main, _EDIT)
    (main / _TENANT).write_text("company: Mine\n")
    with pytest.raises(OperationError, match="changes that are not committed"):
        take_proposal(main, head, _STACKS)
    assert (main / _TENANT).read_text() == "company: Mine\n"
