"""The documented rules for tenants' files are read as they stand there, and do what is said of them."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from settings.loading.load import load
from settings.models.tenant_rules import Grants, TenantRules
from settings.types.shape import keys_of
from tests.unit.asked import ACME, BETA, SECOND, STACK, STACK_FILE, TENANT, project

ROOT = Path(__file__).resolve().parents[4]
_PAGE = (ROOT / "docs" / "stacks.md").read_text()
_SHOWN = re.search(r"```yaml\n# in the stack's settings\n(tenantRules:.*?)```", _PAGE, re.DOTALL)
# What the tenant of the example may say with it.
_MORE = """\
companyId: 0123456789abcdef0123456789abcdef
workers: {kubeContext: kind-gpu}
isolation: {quota: {gpus: 16}, network: {allow: [{namespace: gitea, ports: [3000]}]}}
"""


def test_the_example_is_valid_and_grants_what_it_shows(tmp_path: Path) -> None:
    assert _SHOWN
    stack = yaml.safe_load(STACK)
    settings = stack["config"]["clearml-tenants:stack"]
    settings |= yaml.safe_load(_SHOWN[1]) | {"isolation": {"quota": {"gpus": 8}}}
    named = {
        f"config/tenants/test/customer-{name}.yaml": text for name, text in (("acme", TENANT + _MORE), ("b", SECOND))
    }
    files = {STACK_FILE: yaml.safe_dump(stack), **named}
    root = project(tmp_path, {**files})
    for unnamed in (ACME, BETA):
        (root / unnamed).unlink()
    assert [tenant.name for tenant in load(root, "test").tenants] == ["customer-acme", "customer-b"]


def test_every_rule_is_on_the_page() -> None:
    section = _PAGE.partition("## What tenants' files may decide")[2].partition("\n## ")[0]
    rules = {*keys_of(Grants), *keys_of(TenantRules)}
    assert {rule for rule in rules if f"`{rule}`" not in section and f"{rule}:" not in section} == set()
