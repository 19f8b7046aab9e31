"""A program that `make up` starts does not check anew what that has checked; whoever starts it otherwise checks all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from components import value_conflicts
from settings.errors import ConfigurationError
from settings.finding import Finding
from settings.fingerprint import CHECKED, fingerprint
from settings.loading import load as loading
from settings.loading.load import load
from settings.shards import shard_faults
from tests.unit.asked import SECOND, project

_THIRD = SECOND.replace("Beta", "Gamma").replace("beta", "gamma")
# Two tenants' files that claim one domain: an error of each alone is none.
_OWN, _OTHER = "config/tenants/test/01/gamma.yaml", "config/tenants/test/02/delta.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two tenants beside the platform, and one in each of two shards: theirs claim the same domain."""
    delta = _THIRD.replace("Gamma", "Delta").replace("gamma", "delta").replace("[delta.example]", "[gamma.example]")
    folder = project(tmp_path, {_OWN: _THIRD, _OTHER: delta})
    for shard in ("01", "02"):
        (folder / "config" / f"Pulumi.test-{shard}.yaml").symlink_to("Pulumi.test.yaml")
    return folder


def test_plain_pulumi_checks_the_files_of_all_shards(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CHECKED, raising=False)
    with pytest.raises(ConfigurationError, match=r"gamma\.example"):
        value_conflicts.load(root, "test-01")


def test_what_the_command_has_checked_is_not_checked_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would have refused these; that they pass says that nobody has looked at the other shard's again."""
    monkeypatch.setenv(CHECKED, fingerprint(root))
    environment = value_conflicts.load(root, "test-01")
    assert [each.name for each in environment.tenants] == ["gamma"]
    assert len(environment.everybody) == 4


@pytest.mark.parametrize("what", ["a file", "a new file", "a link", "the variable"])
def test_whatever_is_another_since_has_all_checked(root: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    seen = fingerprint(root)
    if what == "a file":
        (root / _OTHER).write_text((root / _OTHER).read_text() + "# edited\n")
    elif what == "a new file":
        (root / _OTHER).with_name("epsilon.txt").touch()
    elif what == "a link":
        (root / "config" / "Pulumi.test-03.yaml").symlink_to("Pulumi.test.yaml")
    monkeypatch.setenv(CHECKED, "0" * 64 if what == "the variable" else seen)
    with pytest.raises(ConfigurationError, match=r"gamma\.example"):
        value_conflicts.load(root, "test-01")


def test_a_file_that_changes_while_it_is_read_is_checked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fingerprint was taken before files were read, and so was that of a file which nobody has read."""
    clash = (root / _OTHER).read_text()
    (root / _OTHER).write_text(clash.replace("[gamma.example]", "[delta.example]"))
    monkeypatch.setenv(CHECKED, fingerprint(root))

    def edited(folder: Path, environment: str) -> Iterator[Finding]:
        (root / _OTHER).write_text(clash)
        yield from shard_faults(folder, environment)

    monkeypatch.setattr(loading, "shard_faults", edited)
    with pytest.raises(ConfigurationError, match=r"gamma\.example"):
        value_conflicts.load(root, "test-01")


def test_own_tenants_are_checked_whatever_is_claimed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / _OTHER).unlink()
    values = "agent:\n  queues:\n    default: {}\n  extraValues:\n    clearml: {agentk8sglueKey: mine}\n"
    (root / _OWN).write_text(_THIRD.replace("agent:\n  queues:\n    default: {}\n", "") + values)
    monkeypatch.setenv(CHECKED, fingerprint(root))
    with pytest.raises(ConfigurationError, match=r"01/gamma\.yaml: gamma: agent\.extraValues"):
        value_conflicts.load(root, "test-01")


def test_warnings_of_another_stacks_tenants_are_that_ones_to_tell(tmp_path: Path) -> None:
    """A thousand tenants' warnings were told by each of forty shards."""
    root = project(
        tmp_path,
        {_OWN: f"{_THIRD}agent: {{queues: {{default: {{}}}}}}\ngateway: {{hostName: router.elsewhere.example}}\n"},
    )
    (root / "config" / "Pulumi.test-01.yaml").symlink_to("Pulumi.test.yaml")
    platform, shard = load(root, "test"), load(root, "test-01")
    assert platform.warnings == shard.warnings
    told = {each.where.tenant for each in platform.warnings}
    assert "gamma" in told
    assert {each.where.tenant for each in platform.own_warnings} == told - {"gamma"}
    assert {each.where.tenant for each in shard.own_warnings} <= {"", "gamma"}
    assert "gamma" in {each.where.tenant for each in shard.own_warnings}
