"""A takeover that is killed at ten points, with all that works for it: run again, it ends as one that lived.

Each point is something that is seen to have happened, so that it is reached on any machine.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import httpx
import psutil
import pytest

from local.engine.checkpoint import repair
from tests.e2e.site import Run, Site
from tests.e2e.takeover.installation import QUOTA, Installation, company_data, core, make, pods, releases
from tests.e2e.takeover.restarts import workloads_told
from tests.e2e.takeover.steps import CONTEXT, FOLDERS, NOTHING, previewed, undeployed
from tests.e2e.takeover.watch import watching

_ADOPT = f"make adopt STACK=local CONTEXT={CONTEXT}"
_TAKE_OVER = "make takeover STACK=local"
# `make up STACK=…` of a stack that is no laptop's.
_UP = f"PULUMI_SKIP_CONFIRMATIONS=true {sys.executable} -m operations up --stack local"
_SECONDS = 120
Seen = Callable[[Site, "list[psutil.Process]"], bool]


def _called(endpoint: str) -> Seen:
    """The server has answered such a call of this run's. While its own pod starts anew, nobody can ask it."""

    def seen(site: Site, _: list[psutil.Process]) -> bool:
        with suppress(httpx.TransportError):
            return any(each["endpoint"] == endpoint for each in site.calls())
        return False

    return seen


def _at_work(*command: str) -> Seen:
    """Such a command has been started by the run."""
    return lambda _, processes: any(set(command) <= set(_words(each)) for each in processes)


def _words(process: psutil.Process) -> list[str]:
    try:
        first, *others = process.cmdline() or [""]
    except psutil.Error:
        return []
    return [first.rpartition("/")[2], *others]


def _locked(site: Site, _: list[psutil.Process]) -> bool:
    return any((site.data / "state/.pulumi/locks").rglob("*.json"))


def _upgrading(namespace: str) -> Seen:
    """Helm is at work on a release there."""
    query = {"label_selector": "owner=helm,status=pending-upgrade", "limit": 1}
    return lambda site, _: bool(core(site).list_namespaced_secret(namespace, **query).items)


def _written(site: Site, _: list[psutil.Process]) -> bool:
    return (site.root / "adoption.md").is_file()


# In the order in which a command comes by them; each run of it dies at the next one.
_POINTS: dict[str, dict[str, Seen]] = {
    _ADOPT: {
        "the server lists its companies": _called("system.get_companies"),
        "a company's keys are asked for": _called("auth.get_credentials"),
        "the report is written, the files are not yet": _written,
    },
    _TAKE_OVER: {
        "helm says what a release was given": _at_work("helm", "get", "values"),
        "a secret of the server's comes into the stack's file": _at_work("pulumi", "config", "set"),
        "the state is written": _at_work("pulumi", "stack", "import"),
    },
    _UP: {
        "the engine holds the stack": _locked,
        "the server's release is upgraded": _upgrading("clearml"),
        "a key is made": _called("auth.create_credentials"),
        "a tenant's release is upgraded": _upgrading("acme"),
    },
}


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Made by hand, as a whole one; nothing of it is deployed by this program."""
    pair = ("clearml-tenants:supervisorKey", "clearml-tenants:supervisorSecret")
    with undeployed(tmp_path_factory.mktemp("cut"), *pair) as site:
        yield make(site, "clearml_hand")


def _workers(session: int) -> list[psutil.Process]:
    """All that a run has started; the engine puts its plugins into process groups of their own."""
    found = []
    for each in psutil.process_iter():
        try:
            if os.getsid(each.pid) == session:
                found.append(each)
        except ProcessLookupError:
            continue
    return found


def _killed(site: Site, command: str, point: str, seen: Seen) -> None:
    """A power cut, as soon as that is seen: SIGKILL for the command, its engine, its plugins and helm."""
    site.clear_calls()
    log = site.home / "killed.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["bash", "-c", f'eval "$("{sys.executable}" -m local env)"\n{command}'],
            cwd=site.root,
            env=site.environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        end = time.monotonic() + _SECONDS
        while not seen(site, _workers(process.pid)):
            assert process.poll() is None, f"{point}: it ended before: {log.read_text()}"
            assert time.monotonic() < end, f"{point}: not seen: {log.read_text()}"
            time.sleep(0.01)
        for each in _workers(process.pid):
            os.kill(each.pid, signal.SIGKILL)
        assert process.wait(30) != 0, f"{point}: it had ended"
    site.transcript.append(log.read_text())


def _recovered(site: Site) -> None:
    """As docs/runbooks.md tells: the version before a state that was cut short, then the dead run's lock."""
    for state in (site.data / "state/.pulumi/stacks").rglob("local.json"):
        repair(state)
    done = site.shell("pulumi cancel --stack local --yes 2>&1")
    assert done.code == 0, done.output


def _through(site: Site, command: str) -> Run:
    """The command, which dies at each of its points before it comes to its end."""
    for point, seen in _POINTS[command].items():
        started = time.monotonic()
        _killed(site, command, point, seen)
        print(f"killed after {time.monotonic() - started:.1f} s: {point}")
        _recovered(site)
    done = site.shell(f"{command} 2>&1")
    assert done.code == 0, done.output
    return done


def _identities(site: Site) -> dict[str, str]:
    """The uids of what would have another one if it was made anew."""
    api = core(site)
    spaces = {name: api.read_namespace(name).metadata.uid for name in ("clearml", "acme", "beta")}
    return {**spaces, QUOTA: api.read_namespaced_resource_quota(QUOTA, "acme").metadata.uid}


def test_there_are_ten_points() -> None:
    assert sum(map(len, _POINTS.values())) == 10


def test_a_takeover_may_die_at_ten_points(installation: Installation) -> None:
    site = installation.site
    there, before, uids = releases(site), company_data(site), _identities(site)
    through = partial(_through, site)
    with watching(installation) as watch:
        through(_ADOPT)
        site.edit_stack({"charts": FOLDERS})
        site.edit_tenant("gamma", {"admin": {"name": "Gamma Admin", "email": "admin@gamma.example"}})
        through(_TAKE_OVER)
        assert (releases(site), company_data(site)) == (there, before)
        steps = previewed(site)
        assert not {op for op in steps.values() if "delete" in op or "replace" in op}, steps
        announced, running = set(workloads_told(site.shell("make preview STACK=local 2>&1").output)), pods(site)
        assert watch.silent == []
        through(_UP)
        gone = {running[uid] for uid in running.keys() - pods(site).keys()}
        assert gone <= announced, (gone, announced)
        nothing = site.shell(NOTHING)
        assert nothing.code == 0, nothing.output
    assert watch.wrong == []
    assert (releases(site), company_data(site), _identities(site)) == (there, before, uids)
    labels = sorted(str(each["label"]) for each in site.state()["credentials"])
    uses = ("acme/agent", "acme/agent-gpu", "acme/gateway", "beta/agent")
    assert [each for each in labels if each.startswith("local/")] == sorted(f"local/{use}/1" for use in uses)
