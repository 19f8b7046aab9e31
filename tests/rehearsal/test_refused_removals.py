"""One protected tenant that is removed hides nothing else of a change."""

from __future__ import annotations

from pathlib import Path

from rehearsal.refused_removals import refused_removals, unprotected

_TENANT = "company: {0}\nadmin: {{name: A, email: Admin@{0}.example}}\n"


def _copy(folder: Path, tenants: dict[str, str]) -> Path:
    (folder / "config" / "tenants" / "prod").mkdir(parents=True)
    for name, text in tenants.items():
        (folder / "config" / "tenants" / "prod" / f"{name}.yaml").write_text(text)
    return folder


def test_a_protected_tenant_may_not_go_and_one_that_is_let_go_or_renamed_may(tmp_path: Path) -> None:
    before = {name: _TENANT.format(name) for name in ("acme", "beta", "old", "stays")}
    before["beta"] += "protect: false\n"
    before["broken"] = "["
    after = {"stays": before["stays"], "new": before["old"].replace("Admin@", "admin@")}
    found = refused_removals(_copy(tmp_path / "before", before), _copy(tmp_path / "after", after), "prod")
    assert [str(each) for each in found] == [
        "config/tenants/prod/acme.yaml: acme: is protected, so its removal is refused; put its file back, or write "
        "protect: false into it and deploy that first"
    ]


def test_it_is_previewed_as_if_it_were_let_go() -> None:
    assert unprotected({"company": "Acme", "protect": True}) == {"company": "Acme", "protect": False}
