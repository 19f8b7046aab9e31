"""Reads a repository's settings through GitHub's REST API (https://docs.github.com/en/rest), and changes none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from operations.errors import OperationError

API = "https://api.github.com"
_VERSION = "2022-11-28"
_PER_PAGE = 100
_MOST_PAGES = 50
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Denial:
    """What GitHub did not show, by its status and its own words."""

    status: int
    reason: str = ""


@dataclass(frozen=True)
class Repository:
    """The repository `name` (`owner/name`), asked with a client that has the token."""

    client: httpx.Client
    name: str

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """The object at the path below the repository's, or Denial. Raises OperationError if nobody answers."""
        return self._request(path, {})

    def all_of(self, path: str, key: str = "", **query: str) -> list[Any] | Denial:
        """Every page's entries; `key` is where the page has them if it is no list itself. Raises OperationError."""
        entries: list[Any] = []
        for page in range(1, _MOST_PAGES + 1):
            answer = self._request(path, {**query, "per_page": str(_PER_PAGE), "page": str(page)})
            if isinstance(answer, Denial):
                return answer
            found = answer.get(key) if key and isinstance(answer, Mapping) else answer
            if not isinstance(found, list):
                return Denial(200, "the answer has another form than GitHub documents")
            entries += found
            if len(found) < _PER_PAGE:
                return entries
        return Denial(200, f"there are more than {_MOST_PAGES * _PER_PAGE}")

    def _request(self, path: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
        address = f"/repos/{quote(self.name)}{path}"
        try:
            answer = self.client.get(address, params=query)
        except httpx.HTTPError as error:
            raise OperationError(
                f"GET {address}: {type(error).__name__}: check the network, or GITHUB_API_URL"
            ) from None
        try:
            content = answer.json()
        except ValueError:
            content = None
        if answer.status_code != httpx.codes.OK:
            said = content.get("message") if isinstance(content, Mapping) else ""
            return Denial(answer.status_code, str(said or ""))
        return content if content is not None else Denial(200, "the answer is no JSON")


def client_of(token: str, address: str = API) -> httpx.Client:
    """For GitHub's API at `address`. Raises OperationError for one to which a token would go in the clear."""
    split = urlsplit(address)
    if split.scheme != "https" and split.hostname not in _LOCAL:
        raise OperationError(f"GITHUB_API_URL={address!r}: the token would go in the clear; write https://…")
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": _VERSION,
    }
    # A redirect is not followed: the token is for this host.
    return httpx.Client(
        base_url=address.rstrip("/"), headers=headers, timeout=30, trust_env=split.hostname not in _LOCAL
    )


def unseen_line(what: str, unseen: Denial, right: str) -> str:
    """One line of what cannot be seen, and the right that shows it."""
    reason = " ".join(unseen.reason.split())[:200]
    said = f"HTTP {unseen.status}" + (f", {reason!r}" if reason else "")
    return f"{what}: cannot be seen ({said}); give GH_TOKEN a token with {right} of this repository"
