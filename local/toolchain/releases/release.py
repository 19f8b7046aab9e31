"""Official releases: downloaded, verified against the publisher's checksum, unpacked."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
from tenacity import retry, retry_if_exception_type, stop_after_attempt

from local.errors import LocalError
from local.toolchain.releases.checksum import Checksum, published
from local.toolchain.releases.unpack import unpack
from local.toolchain.tool import Asset

_TIMEOUT = httpx.Timeout(30, connect=3)
_FIRST_ANSWER_SECONDS = 10
_BROKEN = (httpx.RemoteProtocolError, httpx.ReadError)  # of one transfer; says nothing of the others


class NotToBeHadError(Exception):
    """This release cannot be downloaded or verified here; the text says why. Never leaves this package."""


class Downloads:
    """The downloads of one run: after the first refusal of the network the others are not tried at all."""

    def __init__(self) -> None:
        self.refused: str | None = None

    def fetch(self, asset: Asset, name: str, folder: Path) -> None:
        """Put the asset's executables, `name` among them, into `folder`.

        Raises NotToBeHadError if the network or the host refuses, LocalError if what came is not what was published.
        """
        if self.refused:
            raise NotToBeHadError(self.refused)
        file = folder / f".{asset.file}"
        try:
            with httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as client:
                checksum = _checksum(client, asset)
                _download(client, asset.url, file)
        except _BROKEN as cause:
            raise NotToBeHadError(f"{asset.url}: the transfer broke twice: {cause}") from cause
        except httpx.TransportError as cause:
            self.refused = f"download refused: {asset.url}: {cause or type(cause).__name__}"
            raise NotToBeHadError(self.refused) from cause
        except httpx.HTTPStatusError as cause:
            raise NotToBeHadError(f"{cause.request.url}: HTTP {cause.response.status_code}") from cause
        if not checksum.matches(file):
            raise LocalError(
                f"{asset.url}: does not match the publisher's {checksum.algorithm} sum in {asset.checksums}: "
                "nothing was installed; run again, and if it persists tell whoever runs your network or proxy"
            )
        unpack(file, asset, name, folder)
        file.unlink()


RUN = Downloads()
"""The downloads of this process: tools and plugins share one refusal."""


def _checksum(client: httpx.Client, asset: Asset) -> Checksum:
    text = _soon(lambda: client.get(asset.checksums).raise_for_status().text, asset.checksums)
    checksum = published(text, asset.file)
    if checksum is None:
        raise NotToBeHadError(f"no checksum of {asset.file} in {asset.checksums}")
    return checksum


@retry(retry=retry_if_exception_type(_BROKEN), stop=stop_after_attempt(2), reraise=True)
def _download(client: httpx.Client, url: str, file: Path) -> None:
    with client.stream("GET", url) as response, file.open("wb") as stream:
        response.raise_for_status()
        for chunk in response.iter_bytes():
            stream.write(chunk)


def _soon(call: Callable[[], str], url: str) -> str:
    """The call's result, or a timeout: looking up a name, and trying each of its addresses, has no limit of its own."""
    answers: queue.Queue[str | httpx.HTTPError] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(call())
        except httpx.HTTPError as error:
            answers.put(error)
        except RuntimeError:  # the client was closed after the time was up
            return

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_FIRST_ANSWER_SECONDS)
    except queue.Empty:
        raise httpx.ConnectTimeout(f"no answer from {url} in {_FIRST_ANSWER_SECONDS} s") from None
    if isinstance(answer, httpx.HTTPError):
        raise answer
    return answer
