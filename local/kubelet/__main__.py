"""`python -m local.kubelet PROGRAM…`: the runner; `local.kubelet.start` starts it in the background."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from filelock import FileLock, Timeout

from local.checkout import Checkout
from local.kubelet.background import API
from local.kubelet.cluster import Cluster
from local.kubelet.container import Container
from local.kubelet.desired_state import DesiredState, read
from local.kubelet.kubelet import Kubelet
from local.kubelet.process import RunnerFile
from local.kubelet.status import StateFile


class StopError(Exception):
    """Asked to end."""


class _Stopper:
    """Ends the loop at once while it waits, else after its step: a half-started child would be nobody's."""

    def __init__(self) -> None:
        self.asked = False
        self.waiting = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        if self.waiting:
            self.waiting = False
            raise StopError

    def wait(self, changed: threading.Event, seconds: float) -> None:
        """Wait for a change or the time; raises StopError once asked to end."""
        self.waiting = True
        if self.asked:
            raise StopError
        changed.wait(seconds)
        self.waiting = False


def main() -> None:
    """Follow the cluster until asked to end; a second runner of the same checkout ends at once."""
    checkout = Checkout.current()
    os.umask(0o077)
    checkout.run.mkdir(parents=True, exist_ok=True)
    stopper = _Stopper()
    signal.signal(signal.SIGTERM, stopper)
    try:
        with FileLock(checkout.run / "pod.lock").acquire(timeout=5):
            _follow(checkout, sys.argv[1:] or list(API), stopper)
    except Timeout:
        sys.exit(f"another runner works for {checkout.data}: make down, then make up")


def _follow(checkout: Checkout, program: list[str], stopper: _Stopper) -> None:
    kubelet = Kubelet(_launcher(checkout, program), StateFile(checkout.run).write)
    cluster, changed = Cluster(checkout.kubeconfig), threading.Event()
    threading.Thread(target=Cluster(checkout.kubeconfig).wake, args=[changed], daemon=True).start()
    known = False
    try:
        while True:
            changed.clear()
            pause = kubelet.step(read(cluster))
            if known and not _known(checkout):
                return
            known = _known(checkout)
            stopper.wait(changed, pause)
    except StopError:
        return
    finally:
        kubelet.stop()


def _launcher(checkout: Checkout, program: list[str]) -> Callable[[DesiredState], Container]:
    command = [*program, "--listen", f"127.0.0.1:{checkout.api_port}"]
    if checkout.control_port is not None:
        command += ["--control", f"127.0.0.1:{checkout.control_port}"]
    command += ["--data", str(checkout.api_database)]
    return lambda wanted: Container(command, wanted.environment, checkout.root, checkout.run, checkout.api_port)


def _known(checkout: Checkout) -> bool:
    """Whether the checkout still knows of this runner: where its folder was removed, nothing else would end it."""
    named = RunnerFile(checkout.run).read()
    return named is not None and named[0].pid == os.getpid()


if __name__ == "__main__":
    main()
