"""`make adopt` of an environment with shards: files stay where they are, and a new one goes where STACK says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from components import value_conflicts
from components.clearml.api.connection import Connection
from operations.adoption.adopt import Options, adopt
from operations.errors import OperationError
from tests.operations.adoption.cluster_lists import CONTEXT
from tests.operations.adoption.installation import GROUP_ID, agent_values, make_tenant
from tests.operations.adoption.site import Site


def _adopt(site: Site, stack: str, *, overwrite: bool = False) -> list[str]:
    connection = Connection(site.emulator.url, site.emulator.key, site.emulator.secret)
    return adopt(site.root, stack, Options(context=CONTEXT, overwrite=overwrite), connection)


def _shard(site: Site, name: str) -> None:
    """As docs/shards.md tells."""
    (site.root / f"config/Pulumi.prod-{name}.yaml").symlink_to("Pulumi.prod.yaml")


def _files(site: Site) -> set[str]:
    folder = site.root / "config/tenants/prod"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")}


def _texts(site: Site) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (site.root / "config").rglob("*.yaml")}


@pytest.mark.parametrize(("stack", "place"), [("prod", ""), ("prod-01", "01/"), ("acme/tenants/prod-01", "01/")])
def test_new_tenants_are_written_where_the_stack_is(installed: Site, stack: str, place: str) -> None:
    _shard(installed, "01")
    written = _adopt(installed, stack)
    assert _files(installed) == {f"{place}{name}.yaml" for name in ("acme", "beta", "gamma-sohne")}
    assert f"config/tenants/prod/{place}acme.yaml: written" in written
    environment = value_conflicts.load(installed.root, "prod")
    assert {each.shard for each in environment.everybody} == {place.rstrip("/")}
    assert (installed.root / "config/Pulumi.prod-01.yaml").is_symlink()
    assert not [line for line in installed.report.splitlines() if "refuses it" in line]


def test_tenants_that_have_a_file_in_a_shard_stay_there_and_the_new_one_goes_to_the_named_one(installed: Site) -> None:
    _shard(installed, "01")
    _shard(installed, "02")
    _adopt(installed, "prod-01")
    before = _texts(installed)
    delta = make_tenant(installed.emulator, "Delta", "admin@delta.example")
    installed.lists.install("delta", "delta-agent", "clearml-enterprise-agent", agent_values(delta))
    written = _adopt(installed, "prod-02")
    assert "config/tenants/prod/02/delta.yaml: written" in written
    assert "config/tenants/prod/01/acme.yaml: is there and stays as it is" in written
    after = _texts(installed)
    assert {each: after[each] for each in before} == before
    assert {each.removeprefix(f"{installed.root}/") for each in after.keys() - before.keys()} == {
        "config/tenants/prod/02/delta.yaml"
    }
    value_conflicts.load(installed.root, "prod-02")


@pytest.mark.parametrize("stack", ["prod", "prod-01"])
def test_with_the_files_that_are_there_a_lost_state_needs_the_ids_of_groups_alone(installed: Site, stack: str) -> None:
    """Whichever of the environment's states it was, as docs/runbooks.md tells."""
    _shard(installed, "01")
    _adopt(installed, "prod-01")
    file = installed.root / "config/Pulumi.prod.yaml"
    without = "".join(line for line in file.read_text().splitlines(keepends=True) if GROUP_ID not in line)
    assert GROUP_ID not in without
    file.write_text(without)
    before = _texts(installed)
    _adopt(installed, stack)
    after = _texts(installed)
    assert (
        yaml.safe_load(file.read_text())["config"]["clearml-tenants:stack"]["groups"]["research_lab"]["id"] == GROUP_ID
    )
    changed = {each for each in after if after[each] != before.get(each)}
    assert changed == {str(file), str(installed.root / "config/Pulumi.prod-01.yaml")}, "the link leads to the same"


def test_written_anew_each_stays_in_its_own_place(installed: Site) -> None:
    _shard(installed, "01")
    _adopt(installed, "prod-01")
    folder = installed.root / "config/tenants/prod"
    shutil.move(folder / "01/beta.yaml", folder / "beta.yaml")
    before = {name: yaml.safe_load((folder / name).read_text()) for name in _files(installed)}
    _adopt(installed, "prod-01", overwrite=True)
    assert {name: yaml.safe_load((folder / name).read_text()) for name in _files(installed)} == before


def test_a_shard_that_nobody_has_made_is_told(installed: Site, tmp_path: Path) -> None:
    with pytest.raises(OperationError, match=r"config/Pulumi\.prod-07\.yaml: no such file.*docs/shards\.md"):
        _adopt(installed, "prod-07")
    assert not _files(installed)
