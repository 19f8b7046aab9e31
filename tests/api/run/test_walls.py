"""What sets a tenant apart is there before whatever runs, and goes after it: at every step, in any run, killed or not.

Tasks are in no release: they run until their namespace is gone. So a namespace counts as inhabited from its first
release to its end, and until then nothing of its isolation may be taken away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation

from tests.api.journal_cluster import Call
from tests.api.run.walled import Walled
from tests.api.stack import STACK
from tests.emulator import Emulator
from tests.tenants import whole

_WALLS = ("NetworkPolicy", "ResourceQuota", "LimitRange")
# What a tenant's namespace has to have before anything runs in it.
_LEAST = {("NetworkPolicy", "default-deny"), ("ResourceQuota", "quota"), ("LimitRange", "limits")}
_ROOM = {"isolation": {"quota": {"pods": 20}, "limits": {"default": {"cpu": 1}}}}


@dataclass
class Space:
    """A tenant's namespace at one moment; `inhabited` from its first release on."""

    objects: set[tuple[str, str]] = field(default_factory=set)
    inhabited: bool = False

    def after(self, call: Call) -> None:
        if call.verb == "delete":
            self.objects.discard((call.kind, call.name))
        else:
            self.objects.add((call.kind, call.name))
        self.inhabited = self.inhabited or call.kind == "Release"


def holes(done: Iterable[Call]) -> Iterator[str]:
    """What is open after each call."""
    spaces: dict[tuple[str, str], Space] = defaultdict(Space)
    for number, call in enumerate(done, 1):
        where = (call.cluster, call.name if call.kind == "Namespace" else call.namespace)
        if not where[1].startswith("acme"):
            continue
        if call.kind == "Namespace" and call.verb == "delete":
            # A run that died may have to delete it once more.
            left = spaces.pop(where, Space()).objects
            yield from (f"{number}: {where} goes before {each}" for each in left if each[0] == "Release")
            continue
        space = spaces[where]
        space.after(call)
        if call.kind == "Secret" and call.verb == "delete" and any(kind == "Release" for kind, _ in space.objects):
            yield f"{number}: {call} goes before the releases"
        if space.inhabited and not space.objects >= _LEAST:
            yield f"{number}: after {call} there is no {sorted(_LEAST - space.objects)}"


@pytest.fixture
def walled(tmp_path: Path, engine: Path, emulator: Emulator) -> Walled:
    folder = tmp_path / "walled"
    folder.mkdir()
    made = Walled(folder, engine, emulator)
    made.stack.set_config("stack.server.protect", automation.ConfigValue("false"), path=True)
    made.stack.set_config("imageToken", automation.ConfigValue("registry-token", secret=True))
    made.write("acme", {**whole("acme"), **_ROOM})
    made.write("globex", whole("globex"))
    return made


def _nothing(_walled: Walled) -> None:
    pass


def _remove(walled: Walled) -> None:
    walled.remove("acme")


def _move(walled: Walled) -> None:
    walled.write("acme", {**whole("acme"), **_ROOM, "workers": {"kubeContext": "gpu"}})


def _rename(walled: Walled) -> None:
    """The file's name is the namespace's."""
    walled.remove("acme")
    walled.write("acme-new", {**whole("acme"), **_ROOM})


_CHANGES = (_remove, _move, _rename)


def test_isolation_comes_first(walled: Walled) -> None:
    walled.up()
    assert {kind for kind in _WALLS if any(call.kind == kind for call in walled.calls)} == set(_WALLS)
    assert list(holes(walled.calls)) == []


def test_whatever_runs_waits_for_all_that_sets_it_apart(walled: Walled) -> None:
    """By what it depends on: releases come late by chance, too, since their keys take a while."""
    walled.up()
    known = {each["urn"]: each for each in walled.exported().values()}

    def behind(urn: str) -> set[str]:
        found = set(known[urn].get("dependencies", []))
        return found.union(*map(behind, found))

    def of_acme(kinds: Iterable[str]) -> set[str]:
        return {
            urn
            for urn, each in known.items()
            if urn.split("::")[2].rpartition(":")[2] in kinds
            and (each["inputs"].get("metadata") or each["inputs"]).get("namespace") == "acme"
        }

    walls, rest = of_acme(_WALLS), of_acme(("Release", "Secret"))
    assert len(walls) > len(_LEAST)
    assert len(rest) == 4
    assert {urn: walls - behind(urn) for urn in rest} == {urn: set() for urn in rest}


@pytest.mark.parametrize("change", _CHANGES)
def test_isolation_goes_last(walled: Walled, change: Callable[[Walled], None]) -> None:
    walled.up()
    before = len(walled.calls)
    change(walled)
    walled.up()
    assert list(holes(walled.calls)) == []
    gone = [call for call in walled.calls[before:] if call.verb == "delete"]
    assert [call.kind for call in gone][-1] == "Namespace"
    assert {call.kind for call in gone} == {"Release", "Namespace"}
    assert set(walled.preview()) == {"same"}


def test_destroyed(walled: Walled) -> None:
    walled.up()
    walled.destroy()
    assert list(holes(walled.calls)) == []
    assert {call.name for call in walled.calls if call.verb == "delete" and call.kind == "Namespace"} >= {"acme"}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("change", [_nothing, *_CHANGES])
def test_killed_at_any_step(walled: Walled, change: Callable[[Walled], None], when: str) -> None:
    """Whatever the engine has and has not written of it; the next run goes on."""
    if change is not _nothing:
        walled.up()
    change(walled)
    killed = 0
    while True:
        walled.fail(len(walled.calls) + 2, when)
        try:
            walled.up()
        except automation.CommandError:
            killed += 1
            assert list(holes(walled.calls)) == []
            continue
        break
    walled.mend()
    walled.up()
    assert list(holes(walled.calls)) == []
    assert killed > 1


def test_what_is_no_longer_wanted_goes_while_the_namespace_stays(walled: Walled) -> None:
    """The engine calls nobody for what is deleted with a namespace, and it calls where the namespace stays."""
    walled.up()
    before = len(walled.calls)
    walled.write("acme", whole("acme"))
    walled.up()
    assert [call.kind for call in walled.calls[before:] if call.verb == "delete"] == ["ResourceQuota"]


_OPEN = {"isolation": {"network": {"allow": [{"cidr": "203.0.113.0/24", "ports": [443], "reason": "git"}]}}}
_SWITCHED: tuple[dict[str, Any], ...] = (_ROOM, _OPEN, {"isolation": {"podSecurity": "restricted"}}, {}, _ROOM)


def test_switched_on_and_off(walled: Walled) -> None:
    """Whatever is asked for beside it: what denies by default stays untouched, and the namespace is not made anew."""
    walled.write("acme", whole("acme"))
    walled.up()
    for asked in _SWITCHED:
        made = len(walled.calls)
        walled.write("acme", {**whole("acme"), **asked})
        walled.up()
        changes = [call for call in walled.calls[made:] if "acme" in (call.namespace, call.name)]
        assert changes
        assert "default-deny" not in {call.name for call in changes}
        assert {call.verb for call in changes if call.kind == "Namespace"} <= {"update"}
        assert {call.kind for call in changes} <= {*_WALLS, "Namespace"}
        # What is changed is changed in place: at no moment is it gone.
        assert len(changes) == len({(call.kind, call.name) for call in changes})


def test_kept_namespace_keeps_its_walls(walled: Walled) -> None:
    """One that somebody protects by hand stays; so does what lies in it."""
    walled.up()
    before = len(walled.calls)
    (urn,) = [each["urn"] for each in walled.exported().values() if each["urn"].endswith("Namespace::acme")]
    walled.command("state", "protect", urn, "--yes", "--stack", STACK)
    walled.remove("acme")
    with pytest.raises(automation.CommandError):
        walled.up()
    assert list(holes(walled.calls)) == []
    assert {call.kind for call in walled.calls[before:]} <= {"Release"}
