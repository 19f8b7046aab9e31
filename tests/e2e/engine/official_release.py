"""The engine's official release as its archive has it: the engine, and beside it what is bundled with it.

The engine is the real one. The launcher of dynamic providers and the language host are scripts that find their Python,
and their own files, as the official ones do.
"""

from __future__ import annotations

import gzip
import io
import os
import sys
import tarfile
from pathlib import Path

# Which Python runs: the virtual environment of the runtime's options, one that the toolchain is asked for, a command
# that a variable names, the first python3 on PATH.
_LAUNCHER = """#!/bin/sh
environment="${PULUMI_RUNTIME_VIRTUALENV:-}"
if [ -z "$environment" ]; then
    case "${PULUMI_RUNTIME_TOOLCHAIN:-}" in
        uv) environment=.venv ;;
        poetry) environment="$(poetry env info --path)" ;;
    esac
fi
if [ -z "$environment" ]; then
    "${PULUMI_PYTHON_CMD:-python3}" -u -m pulumi.dynamic $@
    exit
fi
case "$environment" in /*) ;; *) environment="$PWD/$environment" ;; esac
if [ ! -f "$environment/bin/python" ]; then
    echo "the virtualenv $environment does not exist" >&2
    exit 1
fi
PATH="$environment/bin:$PATH"
unset PYTHONHOME
"$environment/bin/python" -u -m pulumi.dynamic $@
"""
# It takes its executor from the folder of the path that it was started by.
_HOST = """#!/bin/sh
if [ ! -f "$(dirname "$0")/pulumi-language-python-exec" ]; then
    echo "missing executor $(dirname "$0")/pulumi-language-python-exec" >&2
    exit 1
fi
exec '{python}' -u -m local.plugins.language "$@"
"""
_EXECUTABLES = {
    "pulumi-resource-pulumi-python": _LAUNCHER,
    "pulumi-language-python": _HOST.format(python=sys.executable),
    "pulumi-language-python-exec": "#!/usr/bin/env python\n",
    "pulumi-resource-pulumi-nodejs": "#!/bin/sh\nexit 1\n",
    "pulumi-watch": "#!/bin/sh\nexit 1\n",
}


def lay_out(engine: Path, folder: Path) -> Path:
    """Put the release's files into `folder`; returns it."""
    folder.mkdir(parents=True)
    os.link(engine.resolve(), folder / "pulumi")
    for name, text in _EXECUTABLES.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


def archive(engine: Path) -> bytes:
    """The release as it is published, hardly compressed."""
    out = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        tar.add(engine.resolve(), "pulumi/pulumi")
        for name, text in _EXECUTABLES.items():
            member = tarfile.TarInfo(f"pulumi/{name}")
            member.size, member.mode = len(text), 0o755
            tar.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()
