"""Makes sure that the engine and the files speak of the same environment.

The files are what is deployed: one reader serves the engine, the checks and the tests, and its faults name a line's
place in a file. The engine may have been given another file (`--config-file`), and the dynamic resources take `apiUrl`
from the engine, so what it holds is compared and a difference stops the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import ValidationError

from settings.checks.sign_in.provider_secrets import KEY as PROVIDER_SECRETS
from settings.errors import ConfigurationError
from settings.facts import stack_file_of
from settings.finding import Finding, Where
from settings.loading.declared_secrets import STACK_VALUES, TENANT_VALUES
from settings.loading.load import Environment
from settings.loading.sso_secrets import KEY
from settings.models.secrets import DeclaredSecret
from settings.models.stack import StackSettings
from settings.models.stack_file import PROJECT


def agree(environment: Environment) -> None:
    """Raises ConfigurationError if the engine holds other values than `environment`, which came from the files."""
    config = pulumi.Config(PROJECT)
    faults = []
    if (config.get("apiUrl") or "").rstrip("/") != environment.api_url:
        faults.append(_fault(environment, "apiUrl"))
    if _settings(config) != (environment.as_engine_reads or environment.stack):
        faults.append(_fault(environment, "stack"))
    if set(config.get_object(KEY) or {}) != {tenant.name for tenant in environment.everybody if tenant.sso}:
        faults.append(_fault(environment, KEY))
    if set(config.get_object(PROVIDER_SECRETS) or {}) != set(environment.stack.server.identity_providers.with_secret()):
        faults.append(_fault(environment, PROVIDER_SECRETS))
    tenants = {tenant.name: _held(tenant.secrets) for tenant in environment.everybody if tenant.secrets}
    for key, declared in ((STACK_VALUES, _held(environment.stack.secrets)), (TENANT_VALUES, tenants)):
        if _names(config.get_object(key) or {}) != declared:
            faults.append(_fault(environment, key))
    if faults:
        raise ConfigurationError(faults)


def _held(declared: Mapping[str, DeclaredSecret]) -> dict[str, dict[str, None]]:
    return {name: dict.fromkeys(secret.held) for name, secret in declared.items()}


def _names(values: object) -> Any:  # noqa: ANN401 - nested as the values are
    """The same mapping without what is in it."""
    return {name: _names(each) for name, each in values.items()} if isinstance(values, dict) else None


def _settings(config: pulumi.Config) -> StackSettings | None:
    try:
        return StackSettings.model_validate(config.get_object("stack"), by_alias=True, by_name=False)
    except ValidationError:
        return None


def _fault(environment: Environment, key: str) -> Finding:
    text = "the engine was started with another value; start it without --config-file, and edit this file instead"
    return Finding(Where(stack_file_of(environment.name), "", f"{PROJECT}:{key}"), text)
