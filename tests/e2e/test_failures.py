"""What goes wrong ends in one plain line and a non-zero exit, and the next `up` finishes what was begun."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.cluster.ports import free_port
from tests.e2e.site import Run, Site, changed
from tests.emulator import start_emulator

NEWCOMER = """\
company: Globex
admin:
  name: Globex Admin
  email: clearml-admin@globex.example
protect: false
"""


def _one_line(done: Run) -> str:
    assert done.code != 0, done.output
    assert "Traceback" not in done.output
    assert len(done.errors) == 1, done.output
    return done.errors[0]


@pytest.fixture
def newcomer(site: Site) -> Iterator[Path]:
    """A second tenant's file, so that there is something to create; removed, with all it made, at the end."""
    path = site.root / "config" / "tenants" / "local" / "globex.yaml"
    path.write_text(NEWCOMER)
    yield path
    path.unlink()
    site.up()


def test_invalid_tenant_file(site: Site, newcomer: Path) -> None:
    """File, key, value and fix, before anything is called; a mended file then works."""
    newcomer.write_text(NEWCOMER.replace("clearml-admin@globex.example", "not-an-email"))
    site.clear_calls()
    line = _one_line(site.run("up"))
    assert "config/tenants/local/globex.yaml" in line
    assert "admin.email" in line
    assert "not-an-email" in line
    assert site.calls() == []
    newcomer.write_text(NEWCOMER)
    site.up()
    assert changed(site.up().output) == 0


def test_wrong_api_key(site: Site, newcomer: Path, tmp_path: Path) -> None:
    """An API that does not know our key: one line that names the key's settings and no secret."""
    stranger = start_emulator(tmp_path)
    try:
        line = _one_line(site.run("up", API_URL=stranger.url))
    finally:
        stranger.stop()
    assert "apiserverKey" in line
    site.up()
    assert changed(site.up().output) == 0


def test_unreachable_api(site: Site, newcomer: Path) -> None:
    """Nobody answers: a bounded, visible wait, then one line with the address."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    done = site.run("up", API_URL=nowhere)
    assert nowhere in _one_line(done)
    assert "waiting for" in done.output
    site.up()
    assert changed(site.up().output) == 0


def test_cluster_that_is_down_and_comes_back(site: Site) -> None:
    """A machine that was switched off: pulumi says so; `make up` starts the same cluster, nothing is made twice."""
    before = site.outputs()["tenants"]["acme"]
    _kill_cluster(site)
    done = site.shell("pulumi refresh --stack local --yes --non-interactive 2>&1")
    assert done.code != 0, done.output
    assert "unreachable" in done.output
    assert "Traceback" not in done.output
    again = site.up()
    assert site.outputs()["tenants"]["acme"] == before, again.output


def test_cluster_that_is_lost_is_made_anew(site: Site) -> None:
    """Its data is gone: a new one, with the same company, the same admin and two live keys, no more."""
    before = site.outputs()["tenants"]["acme"]
    _kill_cluster(site)
    shutil.rmtree(site.data / "kwok")
    site.up()
    after = site.outputs()["tenants"]["acme"]
    assert (after["companyId"], after["adminId"]) == (before["companyId"], before["adminId"])
    live = {key["access_key"] for key in site.state()["credentials"] if key["company"] == after["companyId"]}
    assert live == {after["credentials"][use]["accessKey"] for use in ("agent", "gateway")}
    assert changed(site.up().output) == 0


def _kill_cluster(site: Site) -> None:
    for process in psutil.process_iter(["cmdline"]):
        of_this_site = str(site.data) in " ".join(process.info["cmdline"] or [])
        if of_this_site and process.name().startswith(("kube-", "etcd", "kwok")):
            process.kill()


def test_taken_port(site: Site, tmp_path: Path) -> None:
    """Somebody else listens on the API's port: who, where, and what to set."""
    other = Site.copy(tmp_path / "project")
    other.api_port = site.api_port
    line = _one_line(other.run("up"))
    assert str(site.api_port) in line
    assert "API_PORT" in line
    down = other.run("down")
    assert down.code == 0, down.output
    assert not other.data.exists()
    assert other.root.exists()


def test_a_folder_that_is_not_ours_is_neither_used_nor_removed(site: Site, tmp_path: Path) -> None:
    """`LOCAL_DIR` set to somebody's own folder: one line, and all that was in it is still there."""
    (tmp_path / "precious").write_text("mine")
    assert str(tmp_path) in _one_line(site.run("up", LOCAL_DIR=str(tmp_path)))
    assert "nothing to remove" in site.run("down", LOCAL_DIR=str(tmp_path)).output
    assert (tmp_path / "precious").read_text() == "mine"


def test_two_commands_at_once(site: Site) -> None:
    """The second says that the first is at work."""
    first = site.start("up")
    try:
        assert first.stdout
        first.stdout.readline()
        second = site.run("refresh")
    finally:
        first.communicate(timeout=300)
    assert "another command" in _one_line(second)
