"""Runs a curl command line as curl would, so that the document's commands are tested where there is no curl."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import httpx

_FORM = "application/x-www-form-urlencoded"


class CurlError(AssertionError):
    """The command uses something of curl that this does not know."""


def run_curl(command: str, variables: Mapping[str, str]) -> httpx.Response:
    """Send what the command says: its URL, -H, -u, -d; `$NAME` stands for a variable, as in a shell."""
    argv = shlex.split(command.replace("\\\n", " "))
    words = iter(_expand(word, variables) for word in argv)
    if next(words) != "curl":
        raise CurlError(f"not a curl command: {command}")
    headers: dict[str, str] = {}
    data: list[str] = []
    user, url = "", ""
    for word in words:
        match word:
            case "-H":
                name, _, value = next(words).partition(":")
                headers[name] = value.strip()
            case "-u":
                user = next(words)
            case "-d":
                data.append(next(words))
            case _ if word.startswith("-"):
                raise CurlError(f"unknown option {word}")
            case _:
                url = word
    return _send(url, headers, user, "&".join(data))


def _expand(word: str, variables: Mapping[str, str]) -> str:
    for name, value in variables.items():
        word = word.replace(f"${name}", value)
    return word


def _send(url: str, headers: dict[str, str], user: str, data: str) -> httpx.Response:
    key, _, secret = user.partition(":")
    if data:
        headers.setdefault("Content-Type", _FORM)
    with httpx.Client(trust_env=False, timeout=10, auth=(key, secret)) as client:
        return client.request("POST" if data else "GET", url, headers=headers, content=data or None)
