"""The link that makes a stack a shard's is part of its environment's files: a plan names one that comes or goes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from operations.files.changes import Changes
from operations.files.comparison import comparison_here, comparison_of
from operations.files.earlier import files_at
from operations.files.merge import merge_entries

_LINK = "config/Pulumi.prod-01.yaml"
_DOMAIN = "config:\n  clearml-tenants:stack:\n    baseDomain: clearml.example.com\n"


def _git(root: Path, *arguments: str) -> str:
    own = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", "-C", root, *own, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose main has the environments `prod` and `prod-eu`, and no shard."""
    (tmp_path / "config").mkdir()
    for stack in ("prod", "prod-eu"):
        (tmp_path / "config" / f"Pulumi.{stack}.yaml").write_text(_DOMAIN)
    _git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    _commit(tmp_path)
    return tmp_path


def _commit(root: Path) -> str:
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", "x")
    return _git(root, "rev-parse", "HEAD")


def _told(changes: Changes) -> dict[str, str]:
    return {file.path: file.kind for file in changes.files}


def _proposed(root: Path, stack: str, commit: str) -> Changes:
    return comparison_of(root, stack, merge_entries(root, commit), "main").changes


def test_link_that_comes_is_named_of_its_environment_alone(root: Path) -> None:
    (root / _LINK).symlink_to("Pulumi.prod.yaml")
    here = comparison_here(root, "prod", "main")
    assert _told(here.changes) == {_LINK: "added"}
    (link,) = here.changes.files
    assert [each.note for each in link.keys] == [
        "is a symbolic link to 'Pulumi.prod.yaml', so it is not compared key by key"
    ]
    assert link.is_meaningful
    assert _told(comparison_here(root, "prod-eu", "main").changes) == {}
    _git(root, "switch", "--quiet", "--create", "branch")
    commit = _commit(root)
    _git(root, "switch", "--quiet", "main")
    assert _told(_proposed(root, "prod", commit)) == {_LINK: "added"}
    assert _proposed(root, "prod", commit).base_domain == "clearml.example.com"
    assert _told(_proposed(root, "prod-eu", commit)) == {}


def test_link_that_goes_is_named(root: Path) -> None:
    (root / _LINK).symlink_to("Pulumi.prod.yaml")
    _commit(root)
    _git(root, "switch", "--quiet", "--create", "branch")
    (root / _LINK).unlink()
    assert _told(comparison_here(root, "prod", "main").changes) == {_LINK: "removed"}
    (root / "config" / "Pulumi.prod.yaml").write_text(_DOMAIN.replace("clearml.", "other."))
    commit = _commit(root)
    _git(root, "switch", "--quiet", "main")
    found = _proposed(root, "prod", commit)
    assert _told(found) == {_LINK: "removed", "config/Pulumi.prod.yaml": "changed"}
    # Of the environment's own file; the link has no content.
    assert found.base_domain == "clearml.example.com"


def test_earlier_files_have_the_shards_of_their_own_environment(root: Path) -> None:
    """The preview asks git for them, which knows no pattern there: no plan could be told."""
    (root / _LINK).symlink_to("Pulumi.prod.yaml")
    (root / "config" / "Pulumi.prod-eu-01.yaml").symlink_to("Pulumi.prod-eu.yaml")
    tenant = root / "config" / "tenants" / "prod" / "01" / "acme.yaml"
    tenant.parent.mkdir(parents=True)
    tenant.write_text("company: Acme Inc.\n")
    with files_at(root, _commit(root), "prod") as before:
        found = sorted(str(each.relative_to(before)) for each in before.rglob("*.yaml"))
        assert (before / _LINK).readlink() == Path("Pulumi.prod.yaml")
    assert found == [_LINK, "config/Pulumi.prod.yaml", "config/tenants/prod/01/acme.yaml"]
