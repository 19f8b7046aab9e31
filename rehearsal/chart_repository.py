"""The stand-in charts in whatever versions are asked for, as a Helm repository on this machine."""

from __future__ import annotations

import json
import shutil
import tarfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from local.cluster.ports import free_ports
from rehearsal.unknown_values import Schema, opened

_SCHEMA = "values.schema.json"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The repository in `folder` at the address given, while the block runs."""
    (port,) = free_ports(1)
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()


def fill(folder: Path, charts: Path, wanted: Iterable[tuple[str, str]]) -> None:
    """Make the repository: of each chart in `charts`, by name, the versions wanted, all with the same content.

    Their images are those of the version, so that another version restarts what it would restart elsewhere. They take
    values that the stand-ins do not know.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries: dict[str, list[dict[str, Any]]] = {}
    for name, version in sorted(wanted):
        of_version = {"version": version, "appVersion": version}
        metadata = yaml.safe_load((charts / name / "Chart.yaml").read_text()) | of_version
        entries.setdefault(name, []).append({**metadata, "urls": [_pack(folder, charts / name, metadata)]})
    (folder / "index.yaml").write_text(yaml.safe_dump({"apiVersion": "v1", "entries": entries}))


def schema_of(chart: Path) -> Schema:
    """What the chart in that folder says of its values."""
    found: Schema = json.loads((chart / _SCHEMA).read_text())
    return found


def _pack(folder: Path, chart: Path, metadata: dict[str, Any]) -> str:
    copy = folder / "unpacked" / chart.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(chart, copy)
    (copy / "Chart.yaml").write_text(yaml.safe_dump(metadata))
    (copy / _SCHEMA).write_text(json.dumps(opened(schema_of(chart))))
    file = f"{chart.name}-{metadata['version']}.tgz"
    with tarfile.open(folder / file, "w:gz") as packed:
        packed.add(copy, chart.name)
    return file


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the rehearsal tells of itself."""
