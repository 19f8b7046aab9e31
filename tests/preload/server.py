"""The process that has imported everything: it forks one for each request on its socket, see `tests.preload.client`."""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import select
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

# What the modules that are started here import; each is only faster for it.
_MODULES = ("httpx", "pulumi.dynamic", "components.clearml.company.resource")


def serve(path: str) -> NoReturn:
    """Answer until whoever started this closes its end of standard input."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        for module in _MODULES:
            importlib.import_module(module)
        # Left alone by every child's garbage collector, so that its pages stay shared.
        gc.collect()
        gc.freeze()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        print("ready", flush=True)
        while True:
            readable, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in readable:
                shutil.rmtree(Path(path).parent)
                os._exit(0)
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _watch(connection)
            connection.close()


def _watch(connection: socket.socket) -> NoReturn:
    """Run what is asked for; pass signals on to it, end it with whoever asked, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    length = int.from_bytes(connection.recv(4, socket.MSG_WAITALL), "big")
    text, pipes, _, _ = socket.recv_fds(connection, length, 3)
    while len(text) < length:
        text += connection.recv(length - len(text))
    request = json.loads(text)
    child = os.fork()
    if child == 0:
        connection.close()
        _become(request, pipes)
    for pipe in pipes:
        os.close(pipe)
    ended = os.pidfd_open(child)
    while ended not in select.select([connection.fileno(), ended], [], [])[0]:
        number = connection.recv(1)
        os.kill(child, number[0] if number else signal.SIGKILL)
        if not number:
            os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection.sendall((code if code >= 0 else 128 - code).to_bytes(1, "big"))
    os._exit(0)


def _become(request: dict[str, object], pipes: list[int]) -> NoReturn:
    """The module as `__main__`, as if its own interpreter had been started."""
    for number, pipe in enumerate(pipes):
        os.dup2(pipe, number)
        os.close(pipe)
    environment, arguments = request["environment"], request["arguments"]
    assert isinstance(environment, dict)
    assert isinstance(arguments, list)
    os.chdir(str(request["folder"]))
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(request["module"]), *arguments]
    code = 0
    try:
        runpy.run_module(str(request["module"]), run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:  # noqa: BLE001 - the interpreter's own last resort
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    serve(sys.argv[1])
