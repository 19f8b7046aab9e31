"""Starting and stopping the runner, a background process that outlives the command that started it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local.checkout import Checkout
from local.errors import LocalError
from local.kubelet import port
from local.kubelet.process import Process, RunnerFile
from local.kubelet.status import StateFile

API = (sys.executable, "-u", "-m", "local.emulator")
_START_SECONDS = 20.0
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def start(checkout: Checkout, command: Sequence[str] = API) -> bool:
    """Make the runner run; True if it already did, with the same ports and code.

    `command` is the API's program; listen address, control address and database are added to it. Raises LocalError
    if a port is taken by somebody else, or the runner does not start.
    """
    api = _api_process(checkout)
    port.check(checkout.api_port, "API_PORT", api)
    if checkout.control_port is not None:
        port.check(checkout.control_port, "CONTROL_PORT", api)
    started_with = _settings(checkout, command)
    runner = RunnerFile(checkout.run).read()
    if runner and runner[0].alive() and runner[1] == started_with:
        return True
    stop(checkout)
    _launch(checkout, started_with)
    return False


def stop(checkout: Checkout) -> bool:
    """End the runner and the API; True if either ran. What a killed runner left behind goes too."""
    runner = RunnerFile(checkout.run).read()
    ended = runner is not None and runner[0].stop()
    api = _api_process(checkout)
    orphan = api is not None and api.stop()
    StateFile(checkout.run).remove()
    RunnerFile(checkout.run).remove()
    return ended or orphan


def _api_process(checkout: Checkout) -> Process | None:
    found = StateFile(checkout.run).read()
    return found[0].process if found else None


def _settings(checkout: Checkout, command: Sequence[str]) -> dict[str, Any]:
    """What the runner works with; any difference means it has to be started anew."""
    code = sorted(
        (str(file.relative_to(checkout.root)), file.stat().st_mtime_ns)
        for part in ("local/emulator", "local/kubelet")
        for file in (checkout.root / part).rglob("*.py")
    )
    return {
        "api_port": checkout.api_port,
        "control_port": checkout.control_port,
        "command": list(command),
        "code": [list(file) for file in code],
    }


def _launch(checkout: Checkout, started_with: Mapping[str, Any]) -> None:
    checkout.run.mkdir(parents=True, exist_ok=True)
    log = checkout.run / "pod.log"
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-u", "-m", "local.kubelet", *started_with["command"]],
            cwd=checkout.root,
            env=_variables(checkout),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    runner = Process.of(child.pid)
    if runner:
        RunnerFile(checkout.run).write(runner, started_with)
    _await_state(checkout, child, log)


def _variables(checkout: Checkout) -> dict[str, str]:
    """The runner's own environment: this checkout, its kubeconfig, and no proxy on the way to the loopback."""
    kept = {name: value for name, value in os.environ.items() if name.lower() not in _PROXIES}
    control = {} if checkout.control_port is None else {"CONTROL_PORT": str(checkout.control_port)}
    return {
        **{name: value for name, value in kept.items() if name != "CONTROL_PORT"},
        **control,
        "LOCAL_DIR": str(checkout.data),
        "API_PORT": str(checkout.api_port),
        "HOME": str(checkout.home),
        "KUBECONFIG": str(checkout.kubeconfig),
    }


def _await_state(checkout: Checkout, child: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while StateFile(checkout.run).read() is None:
        if child.poll() is not None:
            lines = log.read_text(errors="replace").split("\n")
            said = next((line.strip() for line in reversed(lines) if line.strip()), f"exit code {child.returncode}")
            raise LocalError(f"the API's runner did not start: {said} (all of it in {log})")
        if time.monotonic() > until:
            raise LocalError(f"the API's runner gave no sign of life in {_START_SECONDS:.0f} s: look into {log}")
        time.sleep(0.05)
