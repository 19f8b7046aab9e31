"""Which of the many things that a preview says are worth a reviewer's second look."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from operations.preview.plan import plan_of
from operations.preview.restarts.release_restarts import Restarts
from operations.preview.steps import Step
from operations.preview.tenant_changes.feature_changes import feature_changes
from operations.preview.tenant_changes.revocations import revocations_of
from operations.preview.tenant_changes.rotation import rotations_of
from operations.preview.tenant_changes.rule_changes import rule_changes
from rendering.unknown import MARKS

_RELEASE = "kubernetes:helm.sh/v3:Release"


def _variable(features: str) -> dict[str, Any]:
    """A Server release whose group `users` has these features."""
    entry = {"name": "CLEARML__services__auth__default_groups__users__features", "value": features}
    return {"values": {"apiserver": {"extraEnvs": [entry]}, "webserver": {}}}


def _whole(operation: str = "same") -> Step:
    return Step(operation, "clearml:tenant:Tenant", "acme", "acme", {}, {})


def _key(operation: str, generation: int) -> Step:
    inputs = {"label": f"prod/acme/agent-gpu/{generation}"}
    token = "pulumi-python:dynamic/clearml:Credentials"
    old, new = ({}, inputs) if operation == "create" else (inputs, {})
    return Step(operation, token, f"acme-agent-gpu-{generation}", "acme", old, new)


def _rules(tenant: str, protect: bool = False, **rules: dict[str, str]) -> dict[str, Any]:
    return {"tenant": tenant, "protect": protect, "domains": {}, "entries": {}, **rules}


@pytest.mark.parametrize(
    ("step", "warning"),
    [
        (
            Step("replace", "pulumi-python:dynamic/clearml:Company", "acme", "acme", {}, {}),
            "acme: its company would be given up (replace); do not merge this",
        ),
        (
            Step("replace", "kubernetes:core/v1:Namespace", "acme", "acme", {}, {}),
            "acme: namespace acme is made anew; everything in it is lost",
        ),
        (
            Step("delete", "clearml:tenant:Agent", "acme-agent-gpu", "acme", {}, {}),
            "acme: agent acme-agent-gpu is removed; its tasks end",
        ),
        (
            Step("delete", "clearml:tenant:Gateway", "acme-gateway-lab", "acme", {}, {}),
            "acme: gateway acme-gateway-lab is removed; sessions behind it are no longer reached by it",
        ),
        (
            Step(
                "update",
                _RELEASE,
                "acme-agent",
                "acme",
                {"version": "6.14.1"},
                {"chart": "oci://x/agent", "version": "6.15.0"},
            ),
            "chart agent goes from 6.14.1 to 6.15.0 for acme-agent",
        ),
        (
            Step("update", _RELEASE, "clearml-enterprise", "", _variable("[]"), _variable('["reports"]')),
            "server: clearml-enterprise changes; what restarts, for every tenant: apiserver",
        ),
    ],
)
def test_what_must_not_be_overlooked_is_a_warning(step: Step, warning: str) -> None:
    restarts = {step.urn: Restarts(step.name, parts=("apiserver",))}
    assert plan_of("prod", [_whole(), step], restarts=restarts).warnings == (warning,)


def _gateway(operation: str, name: str, host: str) -> Step:
    inputs = {"values": {"ingress": {"enabled": True, "hostName": host}}}
    old, new = ({}, inputs) if operation == "create" else (inputs, {})
    return Step(operation, _RELEASE, name, "acme", old, new, urn=name)


def test_a_gateway_that_is_called_otherwise_at_one_host_is_a_warning() -> None:
    """Two ingresses of a host: the second one's release would fail in the middle of a run."""
    host = "lab.acme.example"
    steps = [_whole(), _gateway("delete", "acme-gateway-lab", host), _gateway("create", "acme-gateway-attic", host)]
    assert plan_of("prod", steps).warnings == (
        "acme: acme-gateway-attic is made at lab.acme.example before acme-gateway-lab goes from there, which an "
        "ingress controller may refuse; take the old one out in a run of its own",
    )
    elsewhere = [*steps[:2], _gateway("create", "acme-gateway-attic", "attic.acme.example")]
    assert plan_of("prod", elsewhere).warnings == ()


def test_what_nobody_rendered_is_assumed_to_restart() -> None:
    server = Step("update", _RELEASE, "clearml-enterprise", "", _variable("[]"), _variable('["reports"]'), urn="server")
    agent = Step("update", _RELEASE, "acme-agent", "acme", {}, {}, urn="agent")
    plan = plan_of("prod", [_whole(), server, agent])
    assert plan.warnings == (
        "server: clearml-enterprise changes; what restarts, for every tenant: cannot be seen, assume it restarts: "
        "clearml-enterprise",
    )
    assert plan.restarts == ("cannot be seen, assume it restarts: acme-agent",)


def test_what_restarts_is_told_of_every_tenants_release() -> None:
    steps = [
        _whole(),
        *(Step("update", _RELEASE, f"t{each:03}-agent", f"t{each:03}", {}, {}, urn=f"{each}") for each in range(25)),
        Step("update", _RELEASE, "acme-gateway", "acme", {}, {}, urn="gateway"),
    ]
    told = {f"{each}": Restarts(f"t{each:03}-agent", parts=(f"t{each:03}-agent",)) for each in range(25)}
    plan = plan_of("prod", steps, restarts={**told, "gateway": Restarts("acme-gateway")})
    restarting = ", ".join(f"t{each:03}-agent" for each in range(20))
    assert plan.restarts == (f"restart: {restarting} and 5 more", "change without a restart: acme-gateway")


def test_protection_taken_off_is_a_warning() -> None:
    before, after = ({"tenants": {"admin@a.example": _rules("acme", protect=on)}} for on in (True, False))
    departures = Step("update", "pulumi-python:dynamic/clearml:Departures", "departures", "", before, after)
    (warning,) = plan_of("prod", [departures, _whole()]).warnings
    assert warning == "acme: protection is taken off, so that the tenant can be removed"


@pytest.mark.parametrize(
    ("mind", "part", "told"),
    [
        ({"on_remove": "delete"}, "its company is deleted", "its company is deleted where the server offers that"),
        ({}, "its company and data stay", "company and data stay"),
    ],
)
def test_a_company_that_goes_with_its_file_is_not_said_to_stay(mind: dict[str, Any], part: str, told: str) -> None:
    company = Step("delete", "pulumi-python:dynamic/clearml:Company", "acme", "acme", {"name": "Acme", **mind}, {})
    plan = plan_of("prod", [_whole("delete"), company])
    assert [each.parts for each in plan.tenants] == [(part,)]
    assert plan.warnings == (f"acme is removed: its keys, sign-in rules, releases and namespace go, {told}",)


def test_a_rotation_with_another_change_of_the_same_release_is_both() -> None:
    """A queue that is added while the key is rotated is not passed over."""
    steps = [_whole(), _key("create", 2), _key("delete", 1)]
    values = {"queues": {"gpu": {}}, "extraEnvs": [{"name": "CLEARML_TENANTS_ACCESS_KEY", "value": "OLD"}]}
    later = {"queues": {"gpu": {}}, "extraEnvs": [{"name": "CLEARML_TENANTS_ACCESS_KEY", "value": "NEW"}]}
    more = {**later, "queues": {"gpu": {}, "big": {}}}
    release = [Step("update", _RELEASE, "acme-agent-gpu", "acme", {"values": values}, {"values": to})
               for to in (later, more)]  # fmt: skip
    (only,) = plan_of("prod", [*steps, release[0]]).tenants
    (both,) = plan_of("prod", [*steps, release[1]]).tenants
    assert (only.happens, only.parts) == (("rotated",), ("agent-gpu key 1 → 2",))
    assert (both.happens, both.parts) == (("rotated", "changed"), ("agent-gpu key 1 → 2", "agent-gpu release"))


def test_another_agents_first_key_is_no_rotation() -> None:
    assert rotations_of([_key("create", 1)]) == ()


def test_a_key_beside_the_one_in_use_is_told_of_its_use() -> None:
    token = "pulumi-python:dynamic/clearml:SurplusKeys"
    (told,) = plan_of("prod", [_whole(), Step("create", token, "acme-agent-gpu-surplus", "acme", {}, {})]).tenants
    assert (told.happens, told.parts) == (("changed",), ("surplus agent-gpu key",))


def _revocations(operation: str, before: list[str], after: list[str]) -> Step:
    token = "pulumi-python:dynamic/clearml:KeyRevocations"
    old, new = ({"keys": before} if before else {}), {"keys": after, "company_id": "c0ffee"}
    return Step(operation, token, "acme-revocations", "acme", old, new)


def test_a_key_that_is_revoked_is_told_with_what_is_known_of_it() -> None:
    """Only what is new in the list: the others are revoked already."""
    steps = [_whole(), _revocations("update", ["GONE"], ["GONE", "HAND", "MORE"])]
    goes = "is revoked in this run, after those of the tenant's releases that change in it are healthy"
    plan = plan_of("prod", steps, keys={"HAND": "of Ann, label laptop, last used 2026-11-25"})
    assert plan.warnings == (
        f"acme: key HAND (of Ann, label laptop, last used 2026-11-25) {goes}",
        f"acme: key MORE (its label and last use are not known here: see make status) {goes}",
    )
    (told,) = plan.tenants
    assert (told.happens, told.parts) == (("changed",), ("keys made by hand",))
    assert revocations_of(steps) == {"HAND": "c0ffee", "MORE": "c0ffee"}


@pytest.mark.parametrize("company", [*sorted(MARKS), None])
def test_a_company_that_is_not_known_yet_is_no_company(company: str | None) -> None:
    """It is made, or adopted, by the same run; the engine tells a mark in its place, or nothing."""
    step = _revocations("create", [], ["HAND"])
    assert revocations_of([replace(step, new={**step.new, "company_id": company})]) == {"HAND": ""}


@pytest.mark.parametrize("operation", ["same", "delete"])
def test_a_list_that_stays_or_goes_revokes_nothing(operation: str) -> None:
    step = _revocations(operation, ["GONE"], ["GONE"])
    assert plan_of("prod", [_whole(), step]).warnings == ()


def test_rules_in_words() -> None:
    before = {"admin@a.example": _rules("acme", domains={"gone.example": ""}, entries={"x@y.example": "user"})}
    after = {
        "admin@a.example": _rules("acme", entries={"x@y.example": "admin", "new@y.example": "user"}),
        "admin@b.example": _rules("beta", domains={"b.example": ""}),
    }
    assert rule_changes(before, after) == [
        "new users of `b.example` land in beta from now on",
        "new users of `gone.example` do not land in acme any more",
        "`new@y.example` is let into acme as a plain user",
        "`x@y.example` becomes an admin of acme instead of a plain user",
    ]
    moved = {"admin@b.example": _rules("beta", entries={"x@y.example": "user"})}
    assert "`x@y.example` moves from acme to beta as a plain user, unless signed in already" in rule_changes(
        before, moved
    )


def test_a_domain_in_punycode_is_told_with_the_letters_that_people_see() -> None:
    after = {"a@a.example": _rules("acme", domains={"xn--mnchen-3ya.example": ""}, entries={"x@xn--a.example": "user"})}
    assert rule_changes({}, after) == [
        "new users of `xn--mnchen-3ya.example` (shown as m\u00fcnchen.example) land in acme from now on",
        "`x@xn--a.example` is let into acme as a plain user",
    ]


def test_features_in_words() -> None:
    old = {"features": {"a": "granted", "b": "excluded", "c": "granted"}, "allowed_users": 10.0}
    assert feature_changes(old, {"features": {"c": "excluded"}, "allowed_users": 20.0}) == [
        "`a` is not granted by the tenant any more",
        "`b` is not excluded any more",
        "`c` is excluded",
        "at most 20 users instead of 10",
    ]
    assert feature_changes(old, old) == []
    assert feature_changes(old, {"features": old["features"]}) == ["the limit of 10 users stays: no call lifts it"]
