"""Asks a registry or a repository whether it gives a chart, as helm would: one request, answered by what is known then.

OCI distribution specification: a manifest by its tag, `Docker-Content-Digest` in the answer; a refusal says in
`WWW-Authenticate` whether it wants the login itself or a token that is got with it.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

import httpx

from settings.models.charts import Chart
from settings.types.registries import DOCKER_HUB

_TIMEOUT = httpx.Timeout(15.0, connect=5.0)
_MANIFEST = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json"
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_REFUSALS = frozenset({401, 403})
# Docker Hub's own registry; docker.io itself is a website.
_HUB_API = "registry-1.docker.io"


@dataclass(frozen=True)
class Answer:
    """`given`, with the `digest` that a registry has, if it said; `refused`; `missing`; or `unknown`."""

    kind: Literal["given", "refused", "missing", "unknown"]
    digest: str = ""


class Registries:
    """Asks with the given login, a user and a password, or without one; what is not reached is unknown and no error."""

    def __init__(self) -> None:
        # The machine's own authorities, as helm trusts them.
        self._client = httpx.Client(timeout=_TIMEOUT, verify=ssl.create_default_context(), follow_redirects=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def ask(self, chart: Chart, login: httpx.BasicAuth | None) -> Answer:
        """What is said to somebody who wants the chart in its version."""
        try:
            if chart.address.startswith("oci://"):
                return self._manifest(chart, login)
            return self._file(chart, login)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return Answer("unknown")

    def _manifest(self, chart: Chart, login: httpx.BasicAuth | None) -> Answer:
        parts = urlsplit(chart.address)
        host = _HUB_API if chart.host == DOCKER_HUB else parts.netloc
        name = parts.path.strip("/")
        # A tag cannot have the plus of a version; helm writes it like this.
        tag = (chart.version or "latest").replace("+", "_")
        url = f"https://{host}/v2/{name}/manifests/{tag}"
        found = self._client.head(url, headers={"Accept": _MANIFEST})
        if found.status_code == httpx.codes.UNAUTHORIZED:
            found = self._again(found, url, name, login)
        return _answer(found.status_code, found.headers.get("Docker-Content-Digest", ""))

    def _again(self, first: httpx.Response, url: str, name: str, login: httpx.BasicAuth | None) -> httpx.Response:
        """The same as somebody: signed in, or with the token that a registry gives, to anybody perhaps."""
        challenge = first.headers.get("WWW-Authenticate", "")
        if not challenge.lower().startswith("bearer"):
            return self._client.head(url, headers={"Accept": _MANIFEST}, auth=login) if login else first
        asked = dict(_PARAMETER.findall(challenge))
        realm = asked.get("realm", "")
        if not realm.startswith("https://"):
            raise ValueError("a login is not sent without TLS")
        scope = {"service": asked.get("service", ""), "scope": asked.get("scope") or f"repository:{name}:pull"}
        got = self._client.get(realm, params=scope, auth=login)
        if got.status_code != httpx.codes.OK:
            return got
        token = got.json().get("token") or got.json().get("access_token", "")
        return self._client.head(url, headers={"Accept": _MANIFEST, "Authorization": f"Bearer {token}"})

    def _file(self, chart: Chart, login: httpx.BasicAuth | None) -> Answer:
        """A repository's index, or an archive: whether it is given, not what is in it."""
        url = chart.address if chart.repository is None else f"{chart.repository.rstrip('/')}/index.yaml"
        with self._client.stream("GET", url, auth=login) as found:
            return _answer(found.status_code)


def _answer(status: int, digest: str = "") -> Answer:
    if status == httpx.codes.OK:
        return Answer("given", digest)
    if status in _REFUSALS:
        return Answer("refused")
    return Answer("missing") if status == httpx.codes.NOT_FOUND else Answer("unknown")
