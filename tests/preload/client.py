"""Started by an engine instead of a plugin: asks for the plugin's process and is its stand-in until it ends.

Nothing but the standard library, as `python -I -S` starts it: `client.py SOCKET MODULE ARGUMENT…`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Sequence

_PASSED_ON = (signal.SIGINT, signal.SIGTERM)


def _requested(path: str, module: str, arguments: Sequence[str]) -> socket.socket:
    """The connection is the process: a byte sent is a signal, its end a kill, and the byte received the exit code."""
    asked = {"module": module, "arguments": [*arguments], "environment": {**os.environ}, "folder": os.getcwd()}  # noqa: PTH109 - pathlib is slow to import
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    text = json.dumps(asked).encode()
    connection.sendall(len(text).to_bytes(4, "big"))
    sent = socket.send_fds(connection, [text], [0, 1, 2])
    connection.sendall(text[sent:])
    return connection


def main() -> int:
    path, module, *arguments = sys.argv[1:]
    connection = _requested(path, module, arguments)
    for number in _PASSED_ON:
        signal.signal(number, lambda passed, _: connection.sendall(bytes([passed])))
    code = connection.recv(1)
    return code[0] if code else 1


if __name__ == "__main__":
    sys.exit(main())
