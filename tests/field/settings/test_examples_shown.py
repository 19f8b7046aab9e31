"""The example that a message shows is one of the key that it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, refusal


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


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("quota: {gpus: 2}", "quota: is not a key here; write it as isolation: {quota: …}"),
        ("limits: {}", "limits: is not a key here; write it as isolation: {limits: …}"),
        ("podSecurity: baseline", "podSecurity: is not a key here; write it as isolation: {podSecurity: …}"),
        ("allow: []", "allow: is not a key here; write it as isolation: {network: {allow: …}}"),
        ("domains: [acme.example]", "domains: is not a key here; write it as signIn: {domains: …}"),
        ("queues: {}", "queues: is not a key here; write it as agent: {queues: …}"),
        ("isolation: {gpus: 2}", "isolation.gpus: is not a key here; write it as quota: {gpus: …}"),
        (
            "isolation: {features: []}",
            "isolation.features: is not a key here; write it as features, outside of isolation",
        ),
        (
            "isolation: {network: {quota: {}}}",
            "network.quota: is not a key here; write it as isolation.quota, outside of",
        ),
        ("email: admin@acme.example", "email: is not a key here; write it as admin: {email: …}"),
    ],
)
def test_a_key_at_another_level_is_told_where_it_stands(tmp_path: Path, line: str, said: str) -> None:
    """All 24 known keys of a tenant were listed, and none of them was it."""
    assert f"{ACME}: acme: {said}" in refusal(tmp_path, {ACME: f"{TENANT}{line}\n"}).replace(
        "isolation.network.", "network."
    )


@pytest.mark.parametrize("line", ["name: Acme", "plan: gold", "companyy: Acme", "extraValue: {}"])
def test_where_several_are_called_so_none_is_proposed(tmp_path: Path, line: str) -> None:
    assert "write it as" not in refusal(tmp_path, {ACME: f"{TENANT}{line}\n"})


@pytest.mark.parametrize("written", ["[applications]", "applications"])
def test_a_group_s_example_leaves_its_people_a_feature(tmp_path: Path, written: str) -> None:
    """`users: {features: []}` was proposed to whoever wrote the list alone, and would have left nobody any."""
    said = refusal(tmp_path, {STACK_FILE: f"{STACK}    groups: {{users: {written}}}\n"})
    assert said.endswith("write it like users: {features: [applications]}")
