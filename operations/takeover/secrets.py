"""Pure: which values of a release are told to the state as secrets, and which of them become the stack's own."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from pydantic.alias_generators import to_camel

from operations.adoption.translation.server import SECRETS
from operations.adoption.translation.values import is_long, secrets_in
from operations.releases.manifest import objects
from rendering.unknown import at
from settings.checks.sign_in.provider_secrets import KEY
from settings.models.server.secrets import INTERNAL_KEYS
from settings.types.hocon_reading import value_of
from settings.types.secrets.commands import value_path
from settings.types.secrets.looks import secret_looks
from settings.types.tree import below

_SUPERVISOR = "CLEARML__secure__credentials__supervisor__user_"
_PROVIDER = re.compile(
    r"clearml__secure__(?:login__sso__oauth_client|fixed_user_providers)__(?P<provider>\w+?)__(?:client_secret|password)"
)
# The Secret that the server's chart makes, with what it draws where no value is given (contract 4).
_CONF = "clearml-conf"


def with_secrets(values: Mapping[str, Any], hide: Callable[[object], Any]) -> Any:  # noqa: ANN401 - the same tree
    """`values` with each secret in it hidden: by its key, by its looks, or since it holds one that is known."""
    own = stack_secrets(values).values()
    texts = frozenset([*secrets_in(values), *filter(is_long, own)])
    looks = frozenset(secret_looks(values, ""))
    known = frozenset(path for path in SECRETS if at(values, *path) is not None)
    return _hidden(values, "", (), (looks, texts, known), hide)


def stack_secrets(values: Mapping[str, Any], providers: Collection[str] = ()) -> dict[str, str]:
    """The secrets of a server's release by the stack's keys; an object is written as JSON.

    `providers`: the ids of the identity providers whose secrets are among them.
    """
    found = {key: at(values, *path) for path, key in SECRETS.items()}
    found |= dict(_of_variables(values, providers))
    return {key: each if isinstance(each, str) else json.dumps(each) for key, each in found.items() if each}


def internal_keys(manifest: str) -> dict[str, str]:
    """What a server's parts use among themselves, by the stack's keys: where no value gave it, the chart has drawn it.

    With another `secureAuthTokenSecret`, everybody would be signed out.
    """
    made = [each for each in objects(manifest) if (each.get("kind"), at(each, "metadata", "name")) == ("Secret", _CONF)]
    data = (made[0].get("data") or {}) if made else {}
    found = {to_camel(str(name)): _decoded(text) for name, text in data.items()}
    return {key: found[key] for key in INTERNAL_KEYS if found.get(key)}


def _decoded(text: object) -> str:
    try:
        return base64.b64decode(str(text), validate=True).decode()
    except ValueError:
        return ""


def _of_variables(values: Mapping[str, Any], providers: Collection[str]) -> Iterator[tuple[str, str]]:
    """The supervisor's, and those of identity providers as the server reads them."""
    listed = at(values, "apiserver", "extraEnvs")
    for each in listed if isinstance(listed, list | tuple) else ():
        name, value = str(each.get("name")), each.get("value")
        if not isinstance(value, str):
            continue
        provider = _PROVIDER.fullmatch(name.lower().replace(".", "__"))
        if name.startswith(_SUPERVISOR):
            yield f"supervisor{name.removeprefix(_SUPERVISOR).capitalize()}", value.strip('"')
        elif provider and provider["provider"] in providers:
            yield value_path(KEY, provider["provider"]), str(value_of(value))


_Known = tuple[frozenset[str], frozenset[str], frozenset[tuple[str, ...]]]


def _hidden(tree: Any, key: str, path: tuple[str, ...], known: _Known, hide: Callable[[object], Any]) -> Any:  # noqa: ANN401 - any value
    looks, texts, paths = known
    if path in paths or key in looks:
        return hide(tree)
    if isinstance(tree, Mapping):
        return {n: _hidden(each, below(key, str(n)), (*path, str(n)), known, hide) for n, each in tree.items()}
    if isinstance(tree, list | tuple):
        return [_hidden(each, f"{key}[{n}]", (*path, str(n)), known, hide) for n, each in enumerate(tree)]
    if isinstance(tree, str) and any(each in tree for each in texts):
        return hide(tree)
    return tree
