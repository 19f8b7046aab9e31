"""Each cluster where workers run has one name, and there is one way to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import ACME, BETA, SECOND, STACK, STACK_FILE, TENANT, load_project, refusal

RULES = f"{STACK}    tenantRules: {{contexts: [gpu, other]}}\n"
LOAD = "workers: {kubeContext: gpu, cluster: berlin}\n"


@pytest.mark.parametrize(
    ("workers", "says"),
    [
        (
            "{kubeContext: other, cluster: berlin}",
            "'berlin' is reached as context/gpu at workers of tenant acme, here as context/other; write it as there, "
            "or give this cluster another name",
        ),
        (
            "{kubeContext: gpu}",
            "context/gpu is 'berlin' at workers of tenant acme, here 'context/gpu'; write it as there",
        ),
    ],
)
def test_two_names_or_two_ways_are_refused(tmp_path: Path, workers: str, says: str) -> None:
    told = refusal(tmp_path, {STACK_FILE: RULES, ACME: TENANT + LOAD, BETA: f"{SECOND}workers: {workers}\n"})
    assert told == f"{BETA}: beta: workers.cluster: {says}"


def test_the_same_name_and_way_are_one_place(tmp_path: Path) -> None:
    loaded = load_project(tmp_path, {STACK_FILE: RULES, ACME: TENANT + LOAD, BETA: SECOND + LOAD})
    assert {str(loaded.stack.cluster_of(tenant.workers)) for tenant in loaded.tenants} == {"berlin"}
