"""Files of the agent's own settings, `clearml.conf`, that a tenant mounts: what they set is judged as variables are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from settings.models.tenant import Tenant
from settings.types.hocon_reading import settings_of_file
from settings.types.naming import worker_key
from settings.types.tree import nodes

_CALLED = re.compile(r"(?:clearml|trains|allegro)[\w.-]*\.conf(?:ig)?", re.IGNORECASE)
# Of a file by another name, which a setting or a copy may bring to its place.
_SPEAKS = re.compile(r"\b(?:api_server|web_server|files_server|extra_docker_arguments|default_docker)\b")


def settings_in_files(tenant: Tenant) -> Iterator[tuple[str, Mapping[tuple[str, ...], object] | None]]:
    """Key of each such file's content, and its settings by their paths; None where nobody can tell them here."""
    for use, worker in tenant.all_workers.items():
        for at, name, text in _files(worker, worker_key(use)):
            called = _CALLED.fullmatch(name)
            found = settings_of_file(text) if called or _SPEAKS.search(text) else None
            # A script by another name may speak of an address, and is no file of settings.
            if called or found is not None:
                yield at, found


def _files(value: object, at: str) -> Iterator[tuple[str, str, str]]:
    """Key, name and content of each file, wherever a chart takes one."""
    for key, each in nodes(value, at):
        if isinstance(each, Mapping) and isinstance(text := each.get("fileContent"), str):
            yield f"{key}.fileContent", _name(each), text


def _name(file: Mapping[str, Any]) -> str:
    return str(file.get("name", "")).rpartition("/")[2]
