"""Every policy over what a preview would make, where nothing runs a pack: in `make preview` and `make rehearse`."""

from __future__ import annotations

from typing import Any

import pytest

from local.engine.policies import violations_of
from operations.preview.steps import Step
from rendering.unknown import MARKS
from settings.types.naming import COMPANY, DEPARTURES, DOMAINS, NAMESPACE, NETWORK_POLICY, RELEASE, TENANT_LABEL

_PROVIDER = "urn:pulumi:prod::clearml-tenants::pulumi:providers:kubernetes::kubernetes::some-id"


def _step(kind: str, name: str, operation: str = "create", *, protect: bool = False, **props: Any) -> Step:
    urn = f"urn:pulumi:prod::clearml-tenants::{kind}::{name}"
    return Step(operation, kind, name, "acme", {}, props, urn=urn, provider=_PROVIDER, protect=protect)


_CHART: dict[str, Any] = {"chart": "oci://docker.io/clearml/agent", "version": "6.14.1"}
_DENY_ALL = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
_TENANTS = {"admin@acme.example": {"tenant": "acme", "protect": True}}
_SOUND = (
    _step(RELEASE, "acme-agent", values={"other": {"apiToken": "[secret]"}}, **_CHART),
    _step(COMPANY, "acme", protect=True, admin_email="admin@acme.example"),
    _step(DEPARTURES, "departures", tenants=_TENANTS),
    _step(DOMAINS, "acme-domains", "same", routes={"acme.example": ""}),
    _step(NAMESPACE, "acme", metadata={"name": "acme", "labels": {TENANT_LABEL: "acme"}}),
    _step(NETWORK_POLICY, "acme-default-deny", metadata={"namespace": "acme"}, spec=_DENY_ALL),
)


def test_a_sound_stack_violates_none_and_what_the_engine_hides_is_not_in_plain_text() -> None:
    assert violations_of(_SOUND) == []


@pytest.mark.parametrize(
    ("name", "step", "told"),
    [
        (
            "acme-agent",
            _step(RELEASE, "acme-agent", chart="oci://docker.io/clearml/agent", version="6"),
            "pinned-charts: release acme",
        ),
        (
            "acme-agent",
            _step(RELEASE, "acme-agent", values={"other": {"apiToken": "planted"}}, **_CHART),
            "no-plain-credentials: acme-agent: values.other.apiToken looks like a credential",
        ),
        ("", _step(COMPANY, "beta", admin_email="admin@acme.example"), "protected-companies: company of tenant beta"),
        ("acme-default-deny", None, "closed-namespaces: namespace acme: no network policy closes it"),
        ("", _step(DOMAINS, "beta-domains", routes={"acme.example": ""}), "unique-domains: beta-domains: 'acme."),
    ],
)
def test_each_policy_is_asked(name: str, step: Step | None, told: str) -> None:
    """`step` in place of the one of the name, or beside all."""
    steps = [each for each in _SOUND if each.name != name] + ([step] if step else [])
    (line,) = violations_of(steps)
    assert line.startswith(told)
    assert "planted" not in line


def test_what_goes_is_not_judged_and_what_is_not_known_yet_violates_nothing() -> None:
    gone = _step(RELEASE, "old", "delete", chart="oci://docker.io/clearml/agent", version="6")
    later = _step(RELEASE, "new", chart="oci://docker.io/clearml/agent", version=next(iter(MARKS)))
    assert violations_of([*_SOUND, gone, later]) == []
