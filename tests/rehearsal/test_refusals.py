"""Whatever a preview refuses is told of who asks for it, beside all that the change does otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.clearml.run.company_refusals import CompanyMistaken, NamePassedOn
from components.clearml.run.refusals import AdminChanged, TenantProtected
from local.errors import Cause
from rehearsal.faulty import without_faults
from rehearsal.refusals import preview_without_refused, tenants_of
from tests.unit.asked import STACK_FILE

_TYPES = "urn:pulumi:prod::clearml-tenants::clearml:tenant:Tenant"
_COMPANY = f"{_TYPES}$pulumi-python:dynamic/clearml:Company"
_AGENT = f"{_TYPES}$clearml:tenant:Agent$kubernetes:helm.sh/v3:Release"
_DEPARTURES = "urn:pulumi:prod::clearml-tenants::pulumi-python:dynamic/clearml:Departures::departures"
_FILE = "config/tenants/prod/{}.yaml".format
_STACK = "config/Pulumi.prod.yaml"
_STEP: Mapping[str, Any] = {
    "operation": "create", "token": "clearml:tenant:Tenant", "name": "honest", "tenant": "honest", "old": {}, "new": {},
}  # fmt: skip
# Of each kind of refusal: what is told, and whose it is.
_KINDS = {
    "an admin's e-mail": (Cause(str(AdminChanged("acme", "a@acme.example")), _DEPARTURES), {"acme"}),
    "protected tenants": (Cause(str(TenantProtected(["acme", "acme-eu"])), _DEPARTURES), {"acme", "acme-eu"}),
    "a name passed on": (Cause(str(NamePassedOn("Acme")), f"{_COMPANY}::acme"), {"acme"}),
    "another company": (Cause(str(CompanyMistaken("Acme", "1", "2")), f"{_COMPANY}::acme-eu"), {"acme-eu"}),
    "a chart": (Cause("values don't meet the schema", f"{_AGENT}::acme-eu-agent"), {"acme-eu"}),
    "a Secret": (Cause("invalid", f"{_TYPES}$kubernetes:core/v1:Secret::acme/git-login"), {"acme"}),
    "files": (Cause(f"{_FILE('acme')}: acme: x: y {_FILE('acme-eu')}: acme-eu: x: y"), {"acme", "acme-eu"}),
    "the server's release": (Cause("invalid", "urn:pulumi:prod::p::kubernetes:helm.sh/v3:Release::acme"), set()),
    "a group's id": (Cause("group 'acme' would lose its id", "urn:pulumi:prod::p::x:GroupIds::group-ids"), set()),
}


@pytest.mark.parametrize(("cause", "tenants"), _KINDS.values(), ids=_KINDS)
def test_each_kind_of_refusal_is_its_tenants(cause: Cause, tenants: set[str]) -> None:
    assert tenants_of(cause, "prod", ["acme", "acme-eu", "honest"]) == tenants


class Copies:
    """Two copies of a project; the preview refuses each file of the later one that says so."""

    def __init__(self, folder: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        self.before, self.after = folder / "before", folder / "after"
        for root, files in ((self.before, before), (self.after, after)):
            for name, text in {STACK_FILE.replace("test", "prod"): "config: {}\n", **files}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)

    def preview(self) -> Mapping[str, Any]:
        """As `rehearsal.program` writes it."""
        errors = [
            {"text": "no", "urn": f"{_COMPANY}::{file.stem}" if file.parent.name == "prod" else ""}
            for file in sorted(self.after.rglob("*.yaml"))
            if "refused" in file.read_text()
        ]
        return {"errors": errors, "steps": [] if errors else [_STEP]}

    def previewed(self) -> Any:
        return preview_without_refused(self.preview, self.before, self.after, "prod")


def _admin(email: str, more: str = "") -> str:
    return f"admin: {{email: {email}}}\n{more}"


def test_the_rest_is_told_as_if_a_refused_file_had_not_been_edited(tmp_path: Path) -> None:
    """The incident: "nothing could be told", for one tenant's mistake."""
    before = {_FILE("acme"): _admin("a@x"), _FILE("was"): _admin("w@x"), _FILE("honest"): "x: 1\n"}
    after = {
        _FILE("acme"): _admin("a@x", "refused: 1\n"), _FILE("now"): _admin("w@x", "refused: 1\n"),
        _FILE("new"): "refused: 1\n", _FILE("honest"): "x: 2\n",
    }  # fmt: skip
    copies = Copies(tmp_path, before, after)
    told = copies.previewed()
    assert [step.name for step in told.steps] == ["honest"]
    assert told.tenants == {"acme", "now", "new"}
    assert list(told.refusals) == [f"{_FILE(name)}: {name}: no" for name in ("acme", "new", "now")]
    files = sorted(path.stem for path in (copies.after / "config/tenants/prod").iterdir())
    assert files == ["acme", "honest", "was"]
    assert (copies.after / _FILE("honest")).read_text() == "x: 2\n"


def test_what_hangs_on_a_refused_change_is_told_as_that(tmp_path: Path) -> None:
    """A domain moves from acme to beta, and acme's file is refused: with acme as it was, the domain is in both."""
    before = {_FILE("acme"): "domain: 1\n", _FILE("beta"): "x: 1\n", _FILE("beta-eu"): "x: 1\n"}
    after = {_FILE("acme"): "refused: 1\n", _FILE("beta"): "domain: 1\n", _FILE("beta-eu"): "x: 2\n"}
    copies = Copies(tmp_path, before, after)

    def preview() -> Mapping[str, Any]:
        both = [name for name in ("acme", "beta") if "domain" in (copies.after / _FILE(name)).read_text()]
        twice = {"text": f"{_FILE('acme')}: acme: domain: is already at tenant beta; keep it in one place", "urn": ""}
        return copies.preview() if len(both) < 2 else {"errors": [twice], "steps": []}

    told = preview_without_refused(preview, copies.before, copies.after, "prod")
    assert told.steps
    assert told.tenants == {"acme", "beta"}
    assert list(told.refusals) == [
        f"{_FILE('acme')}: acme: no",
        f"{_FILE('beta')}: beta: goes together with the change of acme alone, which is refused",
    ]


def test_a_refusal_of_nobodys_is_told_of_the_stacks_file(tmp_path: Path) -> None:
    copies = Copies(tmp_path, {_FILE("honest"): "x: 1\n"}, {_FILE("honest"): "x: 2\n", _STACK: "refused: 1\n"})
    told = copies.previewed()
    assert told.steps
    assert told.tenants == frozenset()
    assert list(told.refusals) == [
        "no", f"{_STACK}: a change of this file is refused; the rest is told as if it had not been edited"
    ]  # fmt: skip


def test_what_was_refused_before_the_change_leaves_nothing_to_tell(tmp_path: Path) -> None:
    same = {_STACK: "refused: 1\n", _FILE("acme"): "refused: 1\n"}
    told = Copies(tmp_path, same, same).previewed()
    assert told.steps == ()
    assert told.tenants == frozenset()
    assert set(told.refusals) == {"no", f"{_FILE('acme')}: acme: no"}


def test_a_fault_of_the_stacks_file_hides_no_tenants_change(tmp_path: Path) -> None:
    copies = Copies(tmp_path, {}, {_STACK: "config: []\n"})
    faults = [str(fault) for fault in without_faults(copies.after, copies.before, "prod")]
    assert f"{_STACK}: a change of this file is refused; the rest is told as if it had not been edited" in faults
