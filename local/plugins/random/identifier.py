"""`random:index/randomId:RandomId`."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from local.plugins.errors import PluginError


class Identifier:
    """`byteLength` random bytes in four spellings, each after `prefix`; the id is the unprefixed base64url one."""

    token = "random:index/randomId:RandomId"  # noqa: S105
    defaults: Mapping[str, Any] = {}
    outputs = frozenset({"b64Std", "b64Url", "hex", "dec"})
    secret_outputs: frozenset[str] = frozenset()

    def faults(self, inputs: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        return [("byteLength", "byteLength must be at least 1")] if inputs["byteLength"] < 1 else ()

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        return _spelled(secrets.token_bytes(inputs["byteLength"]), inputs.get("prefix", ""))

    def adopt(self, identifier: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        prefix, comma, text = identifier.rpartition(",")
        try:
            drawn = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (ValueError, binascii.Error):
            raise PluginError(f"cannot import {identifier!r}: not base64url") from None
        inputs: dict[str, Any] = {"byteLength": len(drawn)} | ({"prefix": prefix} if comma else {})
        return *_spelled(drawn, prefix), inputs


def _spelled(drawn: bytes, prefix: str) -> tuple[str, dict[str, Any]]:
    url = base64.urlsafe_b64encode(drawn).rstrip(b"=").decode()
    outputs = {
        "b64Url": prefix + url,
        "b64Std": prefix + base64.b64encode(drawn).decode(),
        "hex": prefix + drawn.hex(),
        "dec": prefix + str(int.from_bytes(drawn, "big")),
    }
    return url, outputs
