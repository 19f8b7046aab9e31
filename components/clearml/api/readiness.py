"""A bounded, visible wait for the API: after a first install or a rollout it needs minutes to answer."""

from __future__ import annotations

import time

from components.clearml.api.client import Client
from components.clearml.api.errors import FailedCall, NotReady
from components.clearml.api.log import log

_PAUSE_SECONDS = 1.0
_TELL_SECONDS = 10.0


def wait_for_api(client: Client) -> None:
    """Return as soon as `debug.ping` answers. Raises NotReady after the connection's `wait_seconds`."""
    url, bound = client.connection.url, client.connection.wait_seconds
    started = time.monotonic()
    told = -_TELL_SECONDS
    while True:
        try:
            client.ping(min(5.0, client.connection.limits.answer_seconds))
        except FailedCall as failure:
            cause = failure.failure.message.removeprefix(f"{url}: ")
        else:
            return
        elapsed = time.monotonic() - started
        if elapsed + _PAUSE_SECONDS > bound:
            raise NotReady(
                f"API at {url} did not answer within {bound:.0f} s: {cause}; check apiUrl (or CLEARML_API_URL), "
                "that the apiserver's pod is ready, and raise apiWaitSeconds if it only needs longer"
            ) from None
        if elapsed - told >= _TELL_SECONDS:
            log(f"waiting for the API at {url}: {cause} ({elapsed:.0f} s of at most {bound:.0f} s)")
            told = elapsed
        time.sleep(_PAUSE_SECONDS)
