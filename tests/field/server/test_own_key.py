"""A changed key of the program's own restarts the apiserver: the public chart changes the Secret only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.values.provisioned_inputs import NOTHING
from components.values.server import server_values
from settings.loading.secrets import Secrets
from tests.unit.document import SECRETS, STACK_KEYS, settings


def _entry(secrets: Secrets, internal: dict[str, Any] | None = None) -> str:
    values = server_values(settings(), secrets, replace(NOTHING, internal_keys=internal or {}))
    (entry,) = [each for each in values["apiserver"]["extraEnvs"] if each["name"] == "CLEARML_TENANTS_KEYS"]
    return str(entry["value"])


@pytest.mark.parametrize(
    "other",
    [
        replace(SECRETS, apiserver_key="other"),
        replace(SECRETS, apiserver_secret="other"),
        # What one loses the other has.
        replace(SECRETS, apiserver_key=f"{SECRETS.apiserver_key}x"),
    ],
)
def test_another_key_is_another_pod_template(other: Secrets) -> None:
    assert _entry(other) != _entry(SECRETS)


def test_the_same_keys_restart_nothing() -> None:
    assert _entry(SECRETS) == _entry(replace(SECRETS))


def test_a_key_among_the_server_s_parts_counts_too() -> None:
    assert _entry(SECRETS, {"fileserverKey": "a"}) != _entry(SECRETS, {"fileserverKey": "b"})


def test_no_key_is_in_it() -> None:
    assert str(SECRETS.apiserver_key) not in _entry(SECRETS)
    assert str(SECRETS.apiserver_secret) not in _entry(SECRETS)


def test_a_folder_s_chart_stays_as_it_is_in_the_state() -> None:
    stack = settings(charts={**STACK_KEYS["charts"], "server": {"chart": "./server"}})  # type: ignore[dict-item]
    assert "CLEARML_TENANTS_KEYS" not in str(server_values(stack, SECRETS))
