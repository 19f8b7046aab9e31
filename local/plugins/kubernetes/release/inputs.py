"""Pure: a program's release inputs as the engine keeps them, defaults filled in and value files merged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from local.plugins.contract import Operation
from local.plugins.errors import PluginError
from local.plugins.naming import autoname
from local.plugins.properties import UNKNOWN, Asset, Properties, Secret, has_secret, marked_like, plain

DEFAULT_TIMEOUT_SECONDS = 300
# Everything a release can be given; what is not here is dropped, as the official plugin does.
KNOWN = frozenset(
    [
        "atomic",
        "chart",
        "cleanupOnFail",
        "createNamespace",
        "dependencyUpdate",
        "description",
        "devel",
        "disableCRDHooks",
        "disableOpenapiValidation",
        "disableWebhooks",
        "forceUpdate",
        "keyring",
        "lint",
        "maxHistory",
        "name",
        "namespace",
        "postrender",
        "recreatePods",
        "renderSubchartNotes",
        "replace",
        "repositoryOpts",
        "resetValues",
        "reuseValues",
        "skipAwait",
        "skipCrds",
        "takeOwnership",
        "timeout",
        "values",
        "verify",
        "version",
        "waitForJobs",
        "allowNullValues",
    ]
)


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Helm's way to lay values over values: objects are merged, everything else is replaced, nulls are kept."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        result[key] = merged(below, value) if both and isinstance(below, Mapping) else value
    return result


def completed(operation: Operation, default_namespace: str) -> Properties:
    """Inputs without what is unset, with a name, a namespace, a timeout and one set of values. Raises PluginError."""
    given = operation.inputs
    inputs: Properties = {key: value for key, value in given.items() if key in KNOWN and _is_set(value)}
    if not inputs.get("name"):
        inputs["name"] = plain(operation.old_inputs.get("name")) or autoname(operation.subject, operation.naming)
    inputs.setdefault("namespace", default_namespace)
    if "timeout" in given:
        inputs["timeout"] = given["timeout"]
    elif not plain(inputs.get("skipAwait")):
        inputs["timeout"] = DEFAULT_TIMEOUT_SECONDS
    if plain(inputs.get("verify")) is True:
        inputs.setdefault("keyring", str(Path.home() / ".gnupg" / "pubring.gpg"))
    values = _values(given)
    if values:
        inputs["values"] = values
    return inputs


def _is_set(value: Any) -> bool:  # noqa: ANN401
    bare = plain(value)
    return bare is UNKNOWN or bare not in (None, False, "", {}, [])


def _values(given: Properties) -> Any:  # noqa: ANN401
    """Value files in order, then `values`; a secret file makes all of it secret, since its parts are unknown."""
    values = given.get("values")
    files = given.get("valueYamlFiles")
    if files is None or plain(files) == []:
        return values
    opened = plain(files)
    if opened is UNKNOWN or any(file is UNKNOWN for file in opened):
        return UNKNOWN
    below: dict[str, Any] = {}
    for file in opened:
        below = merged(below, _file_values(file))
    together = merged(below, plain(values) or {})
    return Secret(together) if has_secret(files) else marked_like(together, values)


def _file_values(file: Any) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(file, Asset):
        raise PluginError("valueYamlFiles takes file and text assets only")
    try:
        parsed = yaml.safe_load(file.text())
    except OSError as error:
        raise PluginError(f"valueYamlFiles: {error.filename}: {error.strerror}") from None
    except yaml.YAMLError:
        # The parser quotes the text it stumbled on, which may hold a secret.
        raise PluginError("valueYamlFiles: a file is not YAML") from None
    if parsed is not None and not isinstance(parsed, dict):
        raise PluginError("valueYamlFiles: a file is not a set of values")
    return parsed or {}
