"""Runs the program once. A script of its own, started in the program's folder; its order comes through stdin."""

from __future__ import annotations

import asyncio
import logging
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

# The exit code for: it failed, and the user has been told why.
TOLD = 32


def main() -> int:
    from pulumi import RunError, log  # noqa: PLC0415 - the host imports this file for TOLD alone
    from pulumi.runtime.proto import language_pb2  # noqa: PLC0415

    request = language_pb2.RunRequest.FromString(sys.stdin.buffer.read())
    _configure(request, sys.argv[1])
    try:
        _run(request)
    except RunError as error:
        log.error(str(error))
        return TOLD
    except Exception:  # noqa: BLE001 - whatever the program raises is shown as Python would
        log.error(f"Program failed with an unhandled exception:\n{_own_traceback()}")
        return TOLD
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _configure(request: Any, engine: str) -> None:  # noqa: ANN401 - the protocol's messages come without types
    from pulumi.runtime import reset_options, set_all_config  # noqa: PLC0415

    reset_options(
        project=request.project,
        stack=request.stack,
        organization=request.organization or "organization",
        monitor_address=request.monitor_address,
        engine_address=engine,
        parallel=request.parallel,
        preview=request.dryRun,
        root_directory=request.info.root_directory,
    )
    set_all_config(dict(request.config), list(request.configSecretKeys))


def _run(request: Any) -> None:  # noqa: ANN401
    from pulumi.runtime import run_in_stack  # noqa: PLC0415

    folder = Path(request.info.program_directory or request.pwd or ".")
    entry = folder / (request.info.entry_point or ".")
    script = entry / "__main__.py" if entry.is_dir() else entry
    sys.argv = [str(script), *request.args]
    sys.path[0] = str(script.parent)
    # A failed resource leaves others unresolved; Python would tell of each.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(max(request.parallel, 1) * 4))

    def execute() -> None:
        runpy.run_path(str(script), run_name="__main__")

    loop.run_until_complete(run_in_stack(execute))


def _own_traceback() -> str:
    """From the program's first line on: what is above is ours, and of no use to its author."""
    kind, error, trace = sys.exc_info()
    frames = traceback.extract_tb(trace)
    first = next((place for place, frame in enumerate(frames) if frame.filename == sys.argv[0]), 0)
    told = traceback.format_exception_only(kind, error)
    return "".join(["Traceback (most recent call last):\n", *traceback.format_list(frames[first:]), *told])


if __name__ == "__main__":
    sys.exit(main())
