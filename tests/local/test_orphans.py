"""What a killed run left at work is ended before its releases are looked for; a person's own helm is not."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.checkout import Checkout
from local.orphans import end_orphans


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    """One whose helm takes a minute."""
    made = Checkout(tmp_path, tmp_path / ".local", 8008, None)
    made.bin.mkdir(parents=True)
    helm = made.bin / "helm"
    helm.write_text("#!/bin/sh\nsleep 60 & wait\n")
    helm.chmod(0o755)
    yield made
    for process in _helms(made):
        process.kill()


def _helms(checkout: Checkout) -> list[psutil.Process]:
    name = str(checkout.bin / "helm")
    return [each for each in psutil.process_iter(["cmdline"]) if name in (each.info["cmdline"] or [])]


def _started(checkout: Checkout) -> psutil.Process:
    for _ in range(100):
        found = _helms(checkout)
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("not started")


def test_a_helm_that_nobody_waits_for_is_ended(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["sh", "-c", f"{checkout.bin}/helm >/dev/null 2>&1 &"], check=True)
    left = _started(checkout)
    end_orphans(checkout)
    assert not left.is_running()
    assert f"process {left.pid}" in capsys.readouterr().out


def test_a_persons_own_helm_goes_on(checkout: Checkout) -> None:
    with subprocess.Popen([checkout.bin / "helm"]) as own:
        try:
            _started(checkout)
            end_orphans(checkout)
            assert own.poll() is None
        finally:
            own.kill()
