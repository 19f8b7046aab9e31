"""The example that a message shows is one of the key that it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import ACME, TENANT, refusal


@pytest.mark.parametrize(
    ("old", "new", "fix"),
    [
        (
            "agent:\n",
            "agent:\n  extraValues: ~\n",
            "write it like extraValues: {agentk8sglue: {nodeSelector: {pool: agents}}}",
        ),
        ("agent:\n", "agent:\n  extraEnvs: ~\n", "write it like extraEnvs: [{name: TZ, value: Europe/Berlin}]"),
        (
            "gateway: {",
            "gateway: {extraValues: [], ",
            "write it like extraValues: {router: {nodeSelector: {pool: gateways}}}",
        ),
        (
            "gateway: {",
            "gateway: {extraEnvs: {TZ: UTC}, ",
            "write it like extraEnvs: [{name: TZ, value: Europe/Berlin}]",
        ),
        ("gateway: {", "gateway: {ingress: {className: ''}, ", "or write it like nginx"),
        ("gateway: {", "gateway: {ingress: {className: Nginx}, ", "write it like nginx"),
        ("gateway: {", "gateway: {ingress: {tlsSecretName: ''}, ", "or write it like clearml-tls"),
    ],
)
def test_an_example_is_one_of_the_key_s_own_chart(tmp_path: Path, old: str, new: str, fix: str) -> None:
    """An agent's free values were to be written like the apiserver's, and an ingress class like a certificate."""
    assert refusal(tmp_path, {ACME: TENANT.replace(old, new)}).endswith(fix)
