"""A shard's file is something else than a link, or its stack is not there: no tenant gets lost on the way."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from settings.errors import ConfigurationError
from settings.facts import stack_file_of
from tests.api.shards.recorded_moves import TENANT, RecordedCheckout
from tests.api.stack import STACK

_LINK, _OWN = stack_file_of(f"{STACK}-01"), f"Pulumi.{STACK}.yaml"


@pytest.fixture
def checkout(tmp_path: Path, engine: Path, monkeypatch: pytest.MonkeyPatch) -> RecordedCheckout:
    """Both tenants in the platform's stack, no shard."""
    return RecordedCheckout(tmp_path, engine, monkeypatch)


@pytest.mark.parametrize("kind", ["copy", "text"])
def test_what_stands_in_the_links_place_is_told_and_the_file_stays(checkout: RecordedCheckout, kind: str) -> None:
    """A copy, as an editor leaves it; or the link's own text, as git writes one on Windows."""
    place = checkout.project / _LINK
    if kind == "copy":
        shutil.copy2(place.with_name(_OWN), place)
    else:
        place.write_text(_OWN)
    with pytest.raises(ConfigurationError, match="is no link to") as told:
        checkout.move("01")
    assert checkout.is_at("")
    (command,) = {each.message.rpartition("has tenants: ")[2] for each in told.value.findings if "ln " in each.message}
    subprocess.run(command.split(), check=True, cwd=checkout.project)
    checkout.move("01")
    assert checkout.is_at("01")


def test_a_link_that_leads_nowhere_is_told_and_the_file_stays(checkout: RecordedCheckout) -> None:
    (checkout.project / _LINK).symlink_to("Pulumi.tset.yaml")
    with pytest.raises(ConfigurationError, match=_LINK):
        checkout.move("01")
    assert [each.parent.name for each in checkout.project.rglob(f"{TENANT}.yaml")] == [STACK]


def test_a_link_without_a_stack_and_a_stack_without_a_link_are_made_whole(checkout: RecordedCheckout) -> None:
    (checkout.project / _LINK).symlink_to(_OWN)
    checkout.move("01")
    assert checkout.is_at("01")
    checkout.move("")
    (checkout.project / _LINK).unlink()
    checkout.move("01")
    assert checkout.is_at("01")


def test_a_stack_that_is_removed_takes_the_link_alone(checkout: RecordedCheckout) -> None:
    own = (checkout.project / _LINK).with_name(_OWN).read_bytes()
    shard = checkout.engine("01")
    checkout.move("01")
    rm = ["pulumi", "stack", "rm", shard.name, "--yes"]
    assert subprocess.run(rm, check=False, capture_output=True, cwd=checkout.project).returncode != 0
    assert checkout.is_at("01")
    checkout.move("")
    # What the next runs of it take away: the engine's copies of providers, which are nothing but a record.
    checkout.edit("01", lambda resources, _: resources.__delitem__(slice(1, None)))
    subprocess.run(rm, check=True, capture_output=True, cwd=checkout.project)
    assert not (checkout.project / _LINK).is_symlink()
    assert (checkout.project / _LINK).with_name(_OWN).read_bytes() == own
    assert checkout.is_at("")
