"""No secret in plain text: planted ones and those the API made are searched for wherever they could have gone."""

from __future__ import annotations

import base64
import json
import threading
import time

import psutil

from tests.e2e.site import PLANTED, Site


def _secrets(site: Site) -> list[str]:
    """Every spelling of every secret: the planted four and both pairs that the API made."""
    plain = [PLANTED["apiserverSecret"], PLANTED["supervisorSecret"], "PLANTED", *_made(site, "acme")]
    spelled = [json.dumps(each)[1:-1] for each in plain] + [base64.b64encode(each.encode()).decode() for each in plain]
    return sorted({*plain, *spelled})


def _made(site: Site, name: str) -> list[str]:
    """Both secrets that the API made for a tenant, from where they are used."""
    tenant = site.outputs()["tenants"][name]
    agent = site.helm("get", "values", tenant["releases"]["agent"]["name"], "-n", tenant["namespace"])
    gateway = site.helm("get", "values", tenant["releases"]["gateway"]["name"], "-n", tenant["namespace"])
    held = site.deployed_secret(tenant["namespace"], agent["clearml"]["existingAgentk8sglueSecret"])
    return [held["agentk8sglue_secret"], gateway["clearml"]["apiSecret"]]


def _leaks(text: str, secrets: list[str]) -> list[str]:
    return [f"secret number {number}" for number, secret in enumerate(secrets) if secret in text]


def test_not_in_state_files(site: Site) -> None:
    """The checkpoint, its backups and history, and everything else under the backend and Pulumi's home."""
    secrets = _secrets(site)
    read = 0
    for folder in (site.data / "state", site.data / "pulumi", site.data / "run"):
        for path in folder.rglob("*"):
            if path.is_file() and path.stat().st_size < 50_000_000:
                found = _leaks(path.read_bytes().decode(errors="replace"), secrets)
                assert not found, f"{path}: {found}"
                read += 1
    assert read > 5


def test_the_state_is_of_no_one_machine(site: Site) -> None:
    """Neither a kubeconfig nor its path: another engineer's next run would see a changed provider."""
    checkpoint = site.data / "state" / ".pulumi" / "stacks" / "clearml-tenants" / "local.json"
    assert str(site.data / "kubeconfig") not in checkpoint.read_text()


def test_not_in_any_output(site: Site) -> None:
    """All that any command printed so far, and a detailed preview of a change of everything."""
    secrets = _secrets(site)
    path = site.root / "config" / "tenants" / "local" / "acme.yaml"
    kept = path.read_text()
    path.rename(path.with_suffix(".away"))
    try:
        shown = site.run("preview", DIFF="true").output
    finally:
        path.with_suffix(".away").rename(path)
        assert path.read_text() == kept
    assert "delete" in shown
    assert not _leaks("".join(site.transcript), secrets)


def test_not_in_process_arguments(site: Site) -> None:
    """Every command line on the machine, sampled while a new tenant's keys and releases are made."""
    secrets = _secrets(site)
    seen: set[str] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            for process in psutil.process_iter(["cmdline"]):
                seen.add(" ".join(process.info["cmdline"] or []))
            time.sleep(0.02)

    extra = site.root / "config" / "tenants" / "local" / "initech.yaml"
    acme = (site.root / "config" / "tenants" / "local" / "acme.yaml").read_text()
    extra.write_text(acme.replace("Acme Inc.", "Initech").replace("acme", "initech").replace("partner", "contractor"))
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        site.up()
        secrets += _made(site, "initech")
    finally:
        extra.unlink()
        removed = site.run("up")
        done.set()
        watcher.join()
    assert removed.code == 0, removed.output
    # The plugin runs helm within itself.
    assert any("pulumi-resource-kubernetes" in line for line in seen)
    assert not _leaks("\n".join(seen), secrets)


def test_a_leak_would_be_seen(site: Site) -> None:
    """The search itself works: the values are in the cluster's own Secret, where they belong."""
    assert _leaks(json.dumps(site.deployed_secret("clearml", "clearml-conf")), _secrets(site))
