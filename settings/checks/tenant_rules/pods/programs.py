"""Variables of programs beside the worker's own: git, installers of packages, the resolver of names. Pure.

What they ask goes out of the worker's own container, and what they bring runs beside its key.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from settings.types.urls import host_with_port

_PASS = "lets anybody on the way pass for the server"  # noqa: S105 - no password
# Git looks whether it is there, not at its value.
_OFF = re.compile(r"GIT_SSL_NO_VERIFY")
# Each sets whatever git's own files may.
_GIT_FILES = re.compile(r"GIT_CONFIG(?:_(?:GLOBAL|SYSTEM|PARAMETERS))?")
_GIT_KEY = re.compile(r"GIT_CONFIG_KEY_\d+")
_NO_FILE = "/dev/null"
# Those of git's settings that lead nowhere and run nothing.
_GIT_HARMLESS = re.compile(r"(?:safe|user|init|advice|pull|fetch|gc|pack)\.[a-z.]+", re.IGNORECASE)
_LOOKED_UP = re.compile(r"LOCALDOMAIN|HOSTALIASES")
_WRITTEN_DOWN = re.compile(r"SSLKEYLOGFILE")
# They take hosts whose certificates are not judged.
_TRUSTED = re.compile(r"PIP_TRUSTED_HOST|UV_(?:ALLOW_)?INSECURE_HOST")
_INDEX = re.compile(r"PIP_(?:EXTRA_)?INDEX_URL|UV_(?:DEFAULT_INDEX|INDEX|(?:EXTRA_)?INDEX_URL)|PIP_FIND_LINKS")


def refusal(name: str, value: str | None, granted: Collection[str]) -> tuple[str, str]:
    """What is wrong with a variable, and the place that the stack's file may grant; both may be empty.

    `name` is in capitals. `granted` are the places that the stack's file names; a `value` of None is seen by nobody
    here.
    """
    if _OFF.fullmatch(name):
        return _PASS, ""
    if _GIT_FILES.fullmatch(name) and value != _NO_FILE:
        return "sets any of git's settings, its check of certificates and where it asks among them", ""
    if _GIT_KEY.fullmatch(name) and not _GIT_HARMLESS.fullmatch(value or ""):
        return "sets one of git's settings that may lead elsewhere, or judge no certificate", ""
    if _LOOKED_UP.fullmatch(name):
        return "has the server's name looked up elsewhere, and the worker would take its key there", ""
    if _WRITTEN_DOWN.fullmatch(name):
        return "writes down what the worker's connections are encrypted with", ""
    return _of_packages(name, value, granted)


def _of_packages(name: str, value: str | None, granted: Collection[str]) -> tuple[str, str]:
    if _TRUSTED.fullmatch(name):
        places = [host_with_port(f"https://{each}") or each for each in (value or "").split()] or [""]
    elif _INDEX.fullmatch(name):
        places = [host_with_port(each) for each in (value or "").split() if each.lower().startswith("http://")]
    else:
        return "", ""
    place = next((each for each in places if each not in granted), None)
    if place is None:
        return "", ""
    return f"{_PASS} of packages, and what comes from there runs beside the worker's key", place
