"""Checksums as publishers put them beside their files."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

_ALGORITHMS = {40: "sha1", 64: "sha256", 128: "sha512"}  # by the number of hex digits
_LINE = re.compile(r"^([0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})(?:\s+\*?(\S+))?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Checksum:
    algorithm: str
    hexdigest: str

    def matches(self, file: Path) -> bool:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, self.algorithm).hexdigest() == self.hexdigest


def published(text: str, file: str) -> Checksum | None:
    """The checksum of `file` in what a publisher serves, None if it is not in there.

    Known shapes: a bare hex digest, lines of `digest  name` (also `*name`, `./name`), and GitHub's JSON description of
    a release (`assets[].digest`, "sha256:…").
    """
    if text.lstrip().startswith("{"):
        return _from_github(text, file)
    for line in text.splitlines():
        match = _LINE.match(line.strip())
        if match and (match[2] is None or match[2].removeprefix("./") == file):
            return Checksum(_ALGORITHMS[len(match[1])], match[1].lower())
    return None


def _from_github(text: str, file: str) -> Checksum | None:
    try:
        digests = {asset["name"]: asset["digest"] for asset in json.loads(text)["assets"]}
        algorithm, hexdigest = digests[file].split(":")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return Checksum(algorithm, hexdigest.lower()) if algorithm in _ALGORITHMS.values() else None
