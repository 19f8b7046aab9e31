"""The runner starts once, says who is in its way, and leaves nothing behind; no cluster is needed for that."""

from __future__ import annotations

import dataclasses
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local import kubelet
from local.checkout import Checkout
from local.cluster.ports import free_port
from local.errors import LocalError
from local.kubelet.process import Process, RunnerFile
from tests.local.own_cluster import checkout_in


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = checkout_in(tmp_path / "local")
    yield made
    kubelet.stop(made)


def runner(checkout: Checkout) -> int:
    found = RunnerFile(checkout.run).read()
    assert found
    return found[0].pid


def test_it_waits_for_a_cluster_that_is_not_there_yet(checkout: Checkout) -> None:
    assert kubelet.start(checkout) is False
    status = kubelet.status(checkout)
    assert (status.running, status.api, status.url) == (True, "waiting", checkout.api_url)
    assert status.reason == f"there is no cluster yet: no usable {checkout.kubeconfig}"


def test_a_second_start_finds_it_at_work(checkout: Checkout) -> None:
    kubelet.start(checkout)
    before = runner(checkout)
    assert kubelet.start(checkout) is True
    assert runner(checkout) == before


def test_other_ports_start_it_anew(checkout: Checkout) -> None:
    kubelet.start(checkout)
    before = runner(checkout)
    moved = dataclasses.replace(checkout, api_port=free_port(), control_port=free_port())
    assert kubelet.start(moved) is False
    assert not psutil.pid_exists(before) or psutil.Process(before).status() == psutil.STATUS_ZOMBIE
    assert kubelet.status(moved).url == moved.api_url


def test_stopping_ends_it_and_says_so(checkout: Checkout) -> None:
    kubelet.start(checkout)
    before = Process.of(runner(checkout))
    assert kubelet.stop(checkout) is True
    assert before
    assert not before.alive()
    assert kubelet.stop(checkout) is False
    status = kubelet.status(checkout)
    assert (status.running, status.api, status.reason) == (False, "waiting", "its runner is not running: make up")


def test_a_pid_that_is_somebody_elses_by_now_is_left_alone(checkout: Checkout) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        RunnerFile(checkout.run).write(Process(stranger.pid, time.time() - 3600), {})
        assert kubelet.status(checkout).running is False
        assert kubelet.stop(checkout) is False
        assert kubelet.start(checkout) is False
        assert stranger.poll() is None
        stranger.kill()


def test_a_half_written_pid_file_is_as_good_as_none(checkout: Checkout) -> None:
    checkout.run.mkdir(parents=True)
    (checkout.run / "pod.pid").write_text('{"process": {"pid"')
    assert kubelet.start(checkout) is False
    assert kubelet.status(checkout).running


@pytest.mark.parametrize("variable", ["API_PORT", "CONTROL_PORT"])
def test_a_taken_port_is_said_with_its_holder_and_the_way_out(checkout: Checkout, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        taken = dataclasses.replace(checkout, **{variable.lower(): port})
        with pytest.raises(LocalError) as refused:
            kubelet.start(taken)
    holder_name = f"{psutil.Process().name()} (process {os.getpid()})"
    remediation = f"end that, or choose another port with {variable}=<port>"
    assert str(refused.value) == f"port {port} is taken by {holder_name}: {remediation}"
    assert not kubelet.status(checkout).running


def test_a_runner_whose_folder_is_gone_ends_by_itself(checkout: Checkout) -> None:
    kubelet.start(checkout)
    found = Process.of(runner(checkout))
    time.sleep(1.5)
    (checkout.run / "pod.pid").unlink()
    until = time.monotonic() + 10
    assert found
    while found.alive() and time.monotonic() < until:
        time.sleep(0.1)
    assert not found.alive()


def test_its_arguments_and_files_hold_nothing_of_the_shell(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "PLANTED-passphrase")
    kubelet.start(checkout)
    shown = [" ".join(psutil.Process(runner(checkout)).cmdline())]
    shown += [file.read_text() for file in checkout.run.iterdir()]
    assert not any("PLANTED" in text for text in shown)
    assert json.loads((checkout.run / "pod.json").read_text())["api"] == "waiting"
