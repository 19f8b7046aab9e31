"""Whether the deployed API answers: its release counts as ready before its process has read its settings."""

from __future__ import annotations

import os
import socket
import time

import httpx

from local import kubelet
from local.checkout import Checkout
from local.errors import LocalError

_SECONDS = 60.0
_PAUSE_SECONDS = 0.25
# So long a change of a Secret alone takes to restart the process.
_STEADY_SECONDS = 1.5


def require_answer(checkout: Checkout, *, changed: bool = True, seconds: float = _SECONDS) -> None:
    """Return once the API answers, for a while if anything was `changed`; else a run makes no call, and it listens.

    Raises LocalError, with what its process said if that crashed.
    """
    url = os.environ.get("API_URL") or checkout.api_url
    until, since, crashed = time.monotonic() + seconds, None, 0
    while time.monotonic() < until:
        if _answers(url) if changed else _listens(url):
            since = since or time.monotonic()
            if not changed or time.monotonic() - since >= _STEADY_SECONDS:
                return
        else:
            since = None
            crashed += kubelet.status(checkout).api == "crashed"
            if crashed * _PAUSE_SECONDS > _STEADY_SECONDS:
                break
        time.sleep(_PAUSE_SECONDS)
    api = kubelet.status(checkout)
    why = f": {api.reason}" if api.reason else ""
    raise LocalError(
        f"API at {url}: deployed, and does not answer ({api.api}{why}): mend that in the stack's settings and run "
        f"`make up` again; all it said is in {checkout.run / 'api.err.log'}"
    )


def _listens(url: str) -> bool:
    address = httpx.URL(url)
    try:
        with socket.create_connection((address.host, address.port or 443), timeout=2):
            return True
    except OSError:
        return False


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/debug.ping", timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
