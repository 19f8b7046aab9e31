"""Which stack a tenant is in: its folder says it, and a link says that the folder is a shard's."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.errors import ConfigurationError
from settings.loading.load import load
from settings.loading.stray_files import stray_files
from settings.shards import Part, environments, part_of, shards_of, stacks
from tests.unit.asked import SECOND, project

_THIRD = SECOND.replace("Beta", "Gamma").replace("beta", "gamma")


def _sharded(tmp_path: Path, text: str = _THIRD, name: str = "gamma") -> Path:
    root = project(tmp_path, {f"config/tenants/test/01/{name}.yaml": text})
    (root / "config" / "Pulumi.test-01.yaml").symlink_to("Pulumi.test.yaml")
    return root


def _faults(root: Path, stack: str = "test") -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(root, stack)
    return str(caught.value).splitlines()


def test_each_stack_has_its_own_tenants_and_knows_all(tmp_path: Path) -> None:
    root = _sharded(tmp_path)
    platform, shard = load(root, "test"), load(root, "test-01")
    assert [each.name for each in platform.tenants] == ["acme", "beta"]
    assert [each.name for each in shard.tenants] == ["gamma"]
    assert platform.everybody == shard.everybody
    assert (platform.name, platform.shard, shard.name, shard.shard) == ("test", "", "test", "01")
    assert platform.shards == shard.shards == ("01",)
    assert platform.stack == shard.stack


def test_link_alone_tells_a_shard_from_another_environment(tmp_path: Path) -> None:
    root = _sharded(tmp_path)
    (root / "config" / "Pulumi.test-eu.yaml").write_text((root / "config" / "Pulumi.test.yaml").read_text())
    assert stacks(root) == ["test", "test-01", "test-eu"]
    assert environments(root) == ["test", "test-eu"]
    assert shards_of(root, "test") == ["01"]
    assert part_of(root, "test-01") == Part("test", "01")
    assert part_of(root, "test-eu") == Part("test-eu")


def test_checks_see_the_tenants_of_all_shards(tmp_path: Path) -> None:
    """A domain of two tenants is refused whichever stacks they are in, and told of the file that it is in."""
    root = _sharded(tmp_path, _THIRD.replace("[gamma.example]", "[beta.example]"))
    for stack in ("test", "test-01"):
        (line,) = _faults(root, stack)
        assert "beta.example" in line
        assert "config/tenants/test/01/gamma.yaml: gamma" in line


def test_fault_of_a_file_names_it_in_its_folder(tmp_path: Path) -> None:
    root = _sharded(tmp_path, _THIRD + "colour: blue\n")
    assert [line.split(": ")[0] for line in _faults(root)] == ["config/tenants/test/01/gamma.yaml"]


def test_folder_without_a_stack_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    root = project(tmp_path, {"config/tenants/test/01/gamma.yaml": _THIRD})
    assert _faults(root) == [
        "config/tenants/test/01: belongs to no stack: move its files up, or make it a shard with: "
        "ln -sfn Pulumi.test.yaml config/Pulumi.test-01.yaml"
    ]


def test_file_in_place_of_the_link_would_be_a_second_platform(tmp_path: Path) -> None:
    root = _sharded(tmp_path)
    link = root / "config" / "Pulumi.test-01.yaml"
    text = link.read_text()
    link.unlink()
    link.write_text(text)
    line = (
        "config/Pulumi.test-01.yaml: is no link to Pulumi.test.yaml, although config/tenants/test/01 has tenants: "
        "ln -sfn Pulumi.test.yaml config/Pulumi.test-01.yaml"
    )
    assert _faults(root) == _faults(root, "test-01") == [line]


def test_tenant_has_one_file(tmp_path: Path) -> None:
    root = _sharded(tmp_path, name="acme")
    assert (
        "config/tenants/test/01/acme.yaml: acme: there is config/tenants/test/acme.yaml as well, and a tenant is in "
        "one stack: keep one of the two"
    ) in _faults(root)


@pytest.mark.parametrize("target", ["Pulumi.other.yaml", "elsewhere.yaml", "Pulumi.test-01.yaml"])
def test_link_that_is_no_shards_is_told(tmp_path: Path, target: str) -> None:
    root = _sharded(tmp_path)
    (root / "config" / "Pulumi.test-02.yaml").symlink_to(target)
    (told,) = _faults(root, "test-02")
    assert told.startswith(f"config/Pulumi.test-02.yaml: is a link to {target}: ")


def test_stacks_file_behind_a_link_is_refused_unread(tmp_path: Path) -> None:
    """Only `make check` told it: the program deployed what stood in docs/, which is reviewed as documentation."""
    root = project(tmp_path, {"docs/stack.yaml": "config: [colour, blue]"})
    file = root / "config" / "Pulumi.test.yaml"
    file.unlink()
    file.symlink_to("../docs/stack.yaml")
    (told,) = _faults(root)
    assert told.startswith("config/Pulumi.test.yaml: is a link to ../docs/stack.yaml: ")


def test_files_further_down_are_told(tmp_path: Path) -> None:
    root = _sharded(tmp_path)
    (root / "config" / "tenants" / "test" / "01" / "deep").mkdir()
    (root / "config" / "tenants" / "test" / "01" / "deep" / "delta.yaml").write_text(_THIRD)
    assert [str(each) for each in stray_files(root, stacks(root))] == [
        "config/tenants/test/01/deep: tenants' files in a folder of a folder are not read; move them up"
    ]


def test_folder_that_is_called_like_a_shards_stack_is_told(tmp_path: Path) -> None:
    """`make check` said nothing, and no run ever deployed the tenant."""
    root = _sharded(tmp_path)
    folder = root / "config" / "tenants" / "test-01"
    folder.mkdir()
    (folder / "delta.yaml").write_text(_THIRD)
    assert [str(each) for each in stray_files(root, stacks(root))] == [
        "config/tenants/test-01: is read by no stack: tenants of test-01 are in config/tenants/test/01; move these "
        "files there"
    ]
