"""The program's own pair is rotated as docs/runbooks.md says, with a server's chart that restarts nothing by itself."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from tests.e2e.site import PLANTED, Site
from tests.local.chart_hosts import TOKEN, USER, VERSIONS, ChartHost, https_repository

_OLD = (PLANTED["apiserverKey"], PLANTED["apiserverSecret"])
_NEW = ("PLANTEDnewapiserverkey6", "PLANTED-new-apiserver-secret-7")
_NEWEST = ("PLANTEDnewestapiserverkey8", "PLANTED-newest-apiserver-secret-9")
_DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "runbooks.md"


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, ChartHost]]:
    """A service whose server's chart changes its Secret alone, as the public one does."""
    folder = tmp_path_factory.mktemp("rotated")
    site = Site.copy(folder / "project")
    site.plant_secrets()
    charts = folder / "charts"
    shutil.copytree(site.root / "local" / "charts", charts)
    template = charts / "clearml-enterprise" / "templates" / "apiserver-deployment.yaml"
    kind = '        checksum/conf: {{ include "server.confChecksum" . }}\n'
    assert kind in template.read_text()
    template.write_text(template.read_text().replace(kind, ""))
    with https_repository(folder / "host", charts) as host:
        _use(site, host)
        site.up(SSL_CERT_FILE=str(host.authority))
        yield site, host
    site.run("down")


def _use(site: Site, host: ChartHost) -> None:
    """The stack's charts are there, and its server's MongoDB is the chart's newer one."""
    names = dict(zip(("server", "agent", "gateway"), VERSIONS, strict=True))
    file = site.root / "config" / "Pulumi.local.yaml"
    content = yaml.safe_load(file.read_text())
    settings = content["config"]["clearml-tenants:stack"]
    settings["charts"] = {
        "registry": {"username": USER},
        **{key: {"chart": name, "repository": host.address, "version": VERSIONS[name]} for key, name in names.items()},
    }
    settings["server"]["mongodb"] = {"mckEnabled": True, "mckMigrated": True}
    file.write_text(yaml.safe_dump(content, sort_keys=False))
    site.set_secret("chartToken", TOKEN)


def _is_known(site: Site, pair: tuple[str, str]) -> bool:
    """Whether the server lets the pair in; an apiserver that restarts is waited for."""
    until = time.monotonic() + 60
    while True:
        try:
            status = httpx.post(f"{site.api_url}/auth.login", auth=pair, timeout=10).status_code
        except httpx.HTTPError:
            status = 0
        if status in (httpx.codes.OK, httpx.codes.UNAUTHORIZED) or time.monotonic() > until:
            return status == httpx.codes.OK
        time.sleep(0.2)


def _is_one_of(site: Site, *pairs: tuple[str, str]) -> None:
    """At each moment one of them is valid; the rollout that the killed run began may go on between two questions."""
    until = time.monotonic() + 60
    while sum(_is_known(site, pair) for pair in pairs) != 1:
        assert any(_is_known(site, pair) for pair in pairs)
        assert time.monotonic() < until
        time.sleep(0.5)


def _command() -> str:
    """The runbook's own line, for this stack."""
    (line,) = [
        line for line in _DOCUMENT.read_text().splitlines() if line.startswith("pulumi up --stack prod --target")
    ]
    typed = line.strip().replace("<release>", "clearml-enterprise")
    return typed.replace("--stack prod", "--stack local --yes --skip-preview")


def test_a_new_pair_takes_the_place_of_the_old_one(rotated: tuple[Site, ChartHost]) -> None:
    """In the run that the deploy workflow makes, which reads back first: with the pair that the state has."""
    site, host = rotated
    before, rollouts = site.outputs()["tenants"], site.rollouts()
    _set(site, _NEW)
    done = site.shell(f"{_trust(host)}pulumi up --stack local --yes --skip-preview --refresh")
    assert done.code == 0, done.output
    _is_rotated(site, host, _OLD, _NEW)
    assert site.outputs()["tenants"] == before
    rolled = {name for name, count in site.rollouts().items() if rollouts.get(name) != count}
    assert "clearml-enterprise-apiserver" in rolled
    assert not [name for name in rolled if name.startswith("acme")]


def test_nobody_is_locked_out_when_a_run_dies_half_way(rotated: tuple[Site, ChartHost]) -> None:
    """One of the two pairs is valid, and the runbook's line makes it the new one."""
    site, host = rotated
    _set(site, _NEWEST)
    _killed_while_the_server_rolls(site, host)
    _is_one_of(site, _NEW, _NEWEST)
    healed = site.run("heal", SSL_CERT_FILE=str(host.authority))
    assert healed.code == 0, healed.output
    done = site.shell(f"{_trust(host)}{_command()}")
    assert done.code == 0, done.output
    _is_rotated(site, host, _NEW, _NEWEST)


def _is_rotated(site: Site, host: ChartHost, old: tuple[str, str], new: tuple[str, str]) -> None:
    """The new pair is the only one, and whoever reads back with it finds nothing to do."""
    assert _is_known(site, new)
    assert not _is_known(site, old)
    after = site.shell(f"{_trust(host)}pulumi preview --stack local --refresh --expect-no-changes")
    assert after.code == 0, after.output


def _set(site: Site, pair: tuple[str, str]) -> None:
    for name, value in zip(("apiserverKey", "apiserverSecret"), pair, strict=True):
        site.set_secret(name, value)


def _trust(host: ChartHost) -> str:
    return f"export SSL_CERT_FILE='{host.authority}'\n"


def _killed_while_the_server_rolls(site: Site, host: ChartHost) -> None:
    """The whole run, as soon as helm is at the server's release."""
    process = site.start("up", SSL_CERT_FILE=str(host.authority))
    assert process.stdout
    until = time.monotonic() + 200
    while time.monotonic() < until and process.poll() is None and not _is_rolling(site):
        time.sleep(0.2)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)
    process.stdout.close()


def _is_rolling(site: Site) -> bool:
    releases = site.helm("list", "--all", "--all-namespaces")
    return any(each["chart"].startswith("clearml-enterprise-1") and each["status"] != "deployed" for each in releases)
