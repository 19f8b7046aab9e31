"""Names that a hostile server tells: they choose no path, no key of a file, and no link in the page."""

from __future__ import annotations

import pytest
import yaml

from components.clearml.api.models import UserInfo
from operations.adoption.file_texts import tenant_text
from operations.adoption.files import Files
from operations.adoption.reading.facts import Cluster, Company, Server
from operations.adoption.report import report
from operations.adoption.translation.plan import plan
from settings.types.kubernetes.names import tenant_name
from tests.operations.adoption.installation import STACK_FILE

_NAMES = (
    "../../../.github/workflows/deploy",
    "/etc/passwd",
    "acme\nprotect: false\n---\ncompany: Globex",
    "acme.yaml\x00.txt",
    "[Approved by security](https://evil.example/)",
    "![x](https://evil.example/x.png) | <img src=x> `",
    "*a",
    "..",
)


@pytest.mark.parametrize("name", _NAMES)
def test_a_companys_name_is_a_text_and_nothing_else(name: str) -> None:
    people = (UserInfo(id="1" * 32, email="admin@acme.example", name=name, role="admin"),)
    found = Server((Company("2" * 32, name, 1, people),))
    files = Files("prod", STACK_FILE.format(url="https://api.clearml.example.com"))
    drawn = plan(found, (Cluster("paper", (), namespaces={}),), files, ("key", "own-secret-of-the-api"))
    ((tenant, content),) = drawn.tenants.items()
    assert tenant_name(tenant) == tenant
    assert yaml.safe_load(tenant_text(content)) == content
    page = report(drawn, [f"{name}: identity providers"], [], [])
    assert "](http" not in page
    assert "<img" not in page
    rows = [line for line in page.splitlines() if line.startswith("|") and "company" in line]
    assert all(line.replace("\\\\", "").replace("\\|", "").count("|") == 4 for line in rows)
