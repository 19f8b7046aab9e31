"""What a reviewer reads under a pull request: its text, in full, for a change that has a bit of everything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from operations.preview.comment import LIMIT, comment_of, marker_of
from operations.preview.difference import Difference
from operations.preview.plan import Plan, TenantPlan, plan_of
from operations.preview.restarts.release_restarts import Restarts, changed_releases
from operations.preview.steps import Step
from tests.operations.recorded import preview

# The comment as GitHub gets it, differences and all.
_WHOLE = (Path(__file__).resolve().parents[1] / "recorded" / "pull_request.md").read_text()


def _cluster_object(kind: str, **inputs: object) -> Step:
    token = f"kubernetes:core/v1:{kind}"
    return Step("create", token, "x", "acme", {}, inputs)


def test_a_pull_request_with_a_bit_of_everything() -> None:
    """Three tenants changed, one added, one removed, one invalid, one that only moves a domain, one untouched."""
    fault = "config/tenants/local/zeta.yaml: zeta: company: 'Z' is not a company's name"
    steps = preview("pull_request")
    restarts = {step.urn: Restarts(step.name, parts=(step.name,)) for step in changed_releases(steps)}
    text = comment_of(plan_of("local", steps, faults=[fault], invalid={"zeta"}, restarts=restarts))
    assert text == _WHOLE


def test_a_change_for_everybody_and_a_renamed_file() -> None:
    """The file is called otherwise, so the company stays and no rule changes; every gateway learns another cookie."""
    plan = plan_of("local", preview("renamed_and_server"))
    happened = {tenant.name: tenant.happens for tenant in plan.tenants}
    assert happened.pop("erika") == ("renamed",)
    assert happened.pop("erin") == ("removed",)
    assert set(happened.values()) == {("changed",)}
    assert plan.rules == ()
    assert plan.warnings == ("erin becomes erika: tasks in its namespace end; company, users and sign-in rules stay",)


def test_nothing_to_do_is_one_short_table() -> None:
    text = comment_of(Plan("prod", (TenantPlan("acme", ("untouched",)), TenantPlan("beta", ("untouched",)))))
    assert text.splitlines()[:2] == [marker_of("prod"), "## `prod`: nothing changes"]
    assert "| _2 tenants_ | untouched | |" in text


def test_tenants_that_were_not_tried_are_counted() -> None:
    """A rehearsal that tried 51 of 1,001 said "51 of 51 tenants"."""
    changed = Plan("prod", (TenantPlan("acme", ("changed",)), TenantPlan("beta", ("untouched",))), untried=1_999)
    text = comment_of(changed)
    assert text.splitlines()[1] == "## `prod`: 1 of 2,001 tenants, and 1,999 are not tried"
    assert "| _1,999 other_ | not tried: see above | |" in text
    still = comment_of(Plan("prod", (TenantPlan("beta", ("untouched",)),), untried=1_999))
    assert still.splitlines()[1] == "## `prod`: nothing that was tried changes, and 1,999 tenants are not tried"


def test_a_stack_that_could_not_be_previewed_says_why_and_no_more() -> None:
    text = comment_of(plan_of("prod", (), faults=["config/Pulumi.prod.yaml: no such file"]))
    assert "## `prod`: nothing could be told" in text
    assert "| tenant |" not in text


@pytest.mark.parametrize("limit", [LIMIT, 2_000, 700])
def test_a_long_comment_is_cut_from_its_end(limit: int) -> None:
    plan = plan_of("local", preview("pull_request"), warnings=["a last warning"])
    many = tuple(Difference("acme", f"Release {number}: update", ("+ x" * 300,)) for number in range(200))
    text = comment_of(replace(plan, differences=many), limit)
    assert len(text) <= limit
    assert "a last warning" in text
    assert "more did not fit into a comment" in text
    assert text.count("<details>") == text.count("</details>")


def test_thousands_of_tenants_still_fit() -> None:
    names = [f"tenant-{number}" for number in range(5_000)]
    rules = tuple(f"new users of `{name}.example` land in {name} from now on" for name in names)
    text = comment_of(Plan("prod", tuple(TenantPlan(name, ("created",), ("company",)) for name in names), rules=rules))
    assert len(text) <= LIMIT
    assert "| tenant-0 | **created** | company |" in text


PLANTED = "PLANTED-secret-1"
_AS_THE_ENGINE_HIDES_IT = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    "ciphertext": PLANTED,
}


@pytest.mark.parametrize(
    "step",
    [
        _cluster_object("Secret", data={"key": PLANTED}, metadata={"name": "x"}),
        _cluster_object("Secret", stringData={"key": PLANTED}, metadata={"name": "x"}),
        _cluster_object("ConfigMap", data={"key": _AS_THE_ENGINE_HIDES_IT}),
        Step("create", "pulumi-python:dynamic/clearml:Sso", "x", "acme", {}, {"client_secret": PLANTED}),
    ],
)
def test_no_secret_reaches_the_comment(step: Step) -> None:
    whole = Step("same", "clearml:tenant:Tenant", "acme", "acme", {}, {})
    text = comment_of(plan_of("local", [whole, step]))
    assert "acme" in text
    assert PLANTED not in text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("'ann@partner.example' is no domain", "'ann@\u200bpartner.example' is no domain"),
        ("key <img src=x> [a](b)", r"key \<img src=x\> \[a\](b)"),
        ("one ` and <b>", r"one \` and \<b\>"),
        ("two `<b>` and\nmore", "two `<b>` and more"),
    ],
)
def test_what_a_stranger_wrote_stays_text(said: str, shown: str) -> None:
    assert f"> - {shown}\n" in comment_of(Plan("prod", (), faults=(said,)))


def test_a_fence_in_a_value_does_not_end_the_block() -> None:
    text = comment_of(Plan("prod", (), differences=(Difference("acme", "x <b>", ("+ ````", "+ <img>")),)))
    assert "\n`````diff\n+ ````\n+ <img>\n`````\n" in text
    assert "<summary>acme: x &lt;b&gt;</summary>" in text
