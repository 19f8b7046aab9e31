"""What the apiserver's container gets from a release's values and the Secret beside it, as a kubelet resolves them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.values.hocon import quoted
from components.values.secrets.supervisor import supervisor_texts
from local.kubelet.environment import Reference, resolve
from settings.loading.secrets import Secrets
from settings.types.naming import IDENTITY_PROVIDERS_SECRET, SUPERVISOR_SECRET

_NOBODY_READS = "CLEARML_TENANTS_"
_PROVIDERS = Reference("Secret", IDENTITY_PROVIDERS_SECRET)
_PAIR = Reference("Secret", SUPERVISOR_SECRET)


def environment(values: Mapping[str, Any], secrets: Secrets) -> dict[str, str]:
    """By name, in the order of the list, without what only rolls pods (tests/field/test_own_key.py)."""
    content = {entry: str(text) for entry, text in supervisor_texts(secrets).items()}
    sign_in = {name: quoted(str(text)) for name, text in secrets.identity_providers.items()}
    entries = values["apiserver"].get("extraEnvs", [])
    found = resolve({"env": entries}, {_PAIR: content, _PROVIDERS: sign_in}).variables
    return {name: value for name, value in found.items() if not name.startswith(_NOBODY_READS)}
