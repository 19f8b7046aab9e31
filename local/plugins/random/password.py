"""`random:index/randomPassword:RandomPassword` and `random:index/randomString:RandomString`."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping, Sequence
from typing import Any

import bcrypt

from local.plugins.errors import PluginError

SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
# What bcrypt looks at, in bytes; it refuses more.
_BCRYPT_LIMIT = 72
_CLASSES = {"lower": string.ascii_lowercase, "upper": string.ascii_uppercase, "numeric": string.digits}
_DEFAULTS: Mapping[str, Any] = {
    **dict.fromkeys(("lower", "upper", "numeric", "special"), True),
    **dict.fromkeys(("minLower", "minUpper", "minNumeric", "minSpecial"), 0),
}


def _alphabets(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Characters by class, as far as the class is asked for; `number` is the old name of `numeric`."""
    wanted = {**inputs, "numeric": inputs.get("number", inputs["numeric"]) and inputs["numeric"]}
    classes = {**_CLASSES, "special": inputs.get("overrideSpecial") or SPECIAL}
    return {name: characters for name, characters in classes.items() if wanted[name]}


def _minimum(inputs: Mapping[str, Any], name: str) -> int:
    return int(inputs[f"min{name.capitalize()}"])


def _generate(inputs: Mapping[str, Any]) -> str:
    alphabets = _alphabets(inputs)
    drawn = [
        secrets.choice(characters) for name, characters in alphabets.items() for _ in range(_minimum(inputs, name))
    ]
    everything = "".join(alphabets.values())
    drawn += [secrets.choice(everything) for _ in range(inputs["length"] - len(drawn))]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


class String:
    """`result` of `length` characters, at least `min…` of each class; it is the id."""

    token = "random:index/randomString:RandomString"  # noqa: S105
    defaults = _DEFAULTS
    outputs = frozenset({"result"})
    secret_outputs: frozenset[str] = frozenset()

    def faults(self, inputs: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        least = sum(_minimum(inputs, name) for name in ("lower", "upper", "numeric", "special"))
        alphabets = _alphabets(inputs)
        faults = [
            (f"min{name.capitalize()}", f"min{name.capitalize()} is above 0 but {name} is off")
            for name in ("lower", "upper", "numeric", "special")
            if name not in alphabets and _minimum(inputs, name)
        ]
        if inputs["length"] < max(1, least):
            faults.append(("length", f"length {inputs['length']} is below the {max(1, least)} characters asked for"))
        if not alphabets:
            faults.append(("length", "no characters to choose from: allow lower, upper, numeric or special"))
        return faults

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        result = _generate(inputs)
        return result, {"result": result}

    def adopt(self, identifier: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        if not identifier:
            raise PluginError("cannot import an empty string")
        return identifier, {"result": identifier}, {"length": len(identifier)}


class Password(String):
    """As String, but `result` and `bcryptHash` are secret, and the id is the word none."""

    token = "random:index/randomPassword:RandomPassword"  # noqa: S105
    outputs = frozenset({"result", "bcryptHash"})
    secret_outputs = outputs

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        return "none", _with_hash(_generate(inputs))

    def adopt(self, identifier: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        if not identifier:
            raise PluginError("cannot import an empty password")
        return "none", _with_hash(identifier), {"length": len(identifier)}


def _with_hash(result: str) -> dict[str, Any]:
    hashed = bcrypt.hashpw(result.encode()[:_BCRYPT_LIMIT], bcrypt.gensalt(10))
    return {"result": result, "bcryptHash": hashed.decode()}
