"""The URL's path: `/<service>.<action>`, with an optional `/v<version>` before it and `/` after it (contract 1.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from local.emulator.configuration.effective import Configuration
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.version import Version

_PATH = re.compile(r"/?(?:v(?P<version>\d+\.?\d+)/)?(?P<name>[a-zA-Z_]\w+\.[a-zA-Z_]\w+)/?", re.ASCII)


@dataclass(frozen=True)
class Target:
    """What a path asks for; without a version that is the highest."""

    name: str
    version: Version


def parse_path(path: str, highest: Version, configuration: Configuration) -> Target:
    """Raises ApiError: 400/0 malformed path or version too high (if that is checked), 400/2 unreadable version."""
    match = _PATH.fullmatch(path)
    required = configuration.get("apiserver.version.required")
    if match is None or (required and not match["version"]):
        raise ApiError(Kind.BAD_REQUEST, text=f"Invalid request path {path}")
    if not match["version"]:
        return Target(match["name"], highest)
    try:
        version = Version.parse(match["version"])
    except ValueError as error:
        raise ApiError(Kind.INVALID_VERSION, version=match["version"], reason=error) from None
    if version > highest and configuration.get("apiserver.version.check_max_version"):
        text = f"Invalid API version (max. supported version is {highest})"
        raise ApiError(Kind.BAD_REQUEST, text=text)
    return Target(match["name"], version)
