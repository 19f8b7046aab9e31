"""Bodies that no server should send: one that comes a byte at a time, one that unpacks to a thousand times its size."""

from __future__ import annotations

import asyncio
import functools
import zlib
from collections.abc import AsyncIterator

_PIECE = b" " * 2**20
_PIECES = 1000


async def dripping(body: bytes, pause: float) -> AsyncIterator[bytes]:
    """The body, a byte every `pause` seconds."""
    for number in body:
        await asyncio.sleep(pause)
        yield bytes([number])


def bomb(body: bytes) -> bytes:
    """The JSON text, packed with so much space behind it that it unpacks to 1,000 MiB; still the same JSON."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    start = packer.compress(body) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = zlib.crc32(body)
    for _ in range(_PIECES):
        crc = zlib.crc32(_PIECE, crc)
    size = len(body) + _PIECES * len(_PIECE)
    # After a full flush each piece is packed alike, so one is packed and repeated.
    packed = start + _packed_piece() * _PIECES + zlib.compressobj(wbits=-zlib.MAX_WBITS).flush()
    header = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    return header + packed + crc.to_bytes(4, "little") + (size % 2**32).to_bytes(4, "little")


@functools.cache
def _packed_piece() -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(_PIECE) + packer.flush(zlib.Z_FULL_FLUSH)
