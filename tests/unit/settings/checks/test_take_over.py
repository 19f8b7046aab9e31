"""An entry of `takeOver` that names nothing of this stack is refused: it would give away who comes by that name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import ACME, SECOND, STACK, STACK_FILE, TENANT, load_project, refusal

_ASKED = "clearml, clearml/clearml-enterprise, acme, acme/by-hand, acme/acme-gateway, beta"


def _files(*entries: str) -> dict[str, str | bytes]:
    named = TENANT.replace("queues: {default: {}}", "queues: {default: {}}\n  releaseName: by-hand")
    return {STACK_FILE: f"{STACK}    takeOver: [{', '.join(entries)}]\n", ACME: named}


def test_all_that_the_files_ask_for_may_be_named(tmp_path: Path) -> None:
    assert load_project(tmp_path, _files(*_ASKED.split(", "))).tenants


@pytest.mark.parametrize(
    ("entry", "fix"),
    [
        ("acme/acme-agent", "did you mean acme/acme-gateway? If not, remove it"),
        ("acmee", "did you mean acme? If not, remove it"),
        ("acme/by-hnd", "did you mean acme/by-hand? If not, remove it"),
        ("monitoring", "remove it, or add the tenant's file"),
    ],
)
def test_what_no_file_asks_for_is_refused(tmp_path: Path, entry: str, fix: str) -> None:
    told = refusal(tmp_path, _files("acme", entry))
    assert f"{STACK_FILE}: clearml-tenants:stack.takeOver[1]: '{entry}' is neither a namespace nor a release" in told
    assert told.endswith(fix)


def test_nothing_is_said_where_a_tenants_file_is_at_fault(tmp_path: Path) -> None:
    """Its tenant is lacking then, and not what the stack's file says."""
    told = refusal(tmp_path, {**_files("acme", "beta"), "config/tenants/test/beta.yaml": f"{SECOND}nonsense: 1\n"})
    assert "takeOver" not in told
