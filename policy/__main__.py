"""The policy pack, as `pulumi preview --policy-pack policy` runs it; each policy is a function of plain values."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

# The engine runs this folder, not the project that it belongs to.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from policy.declaration import Declaration, Violation, known
from policy.policies import ALL, EACH
from policy.registries import rendered_images
from policy.render import is_servers, is_tenants, objects_of
from policy.rights import rendered_rights
from policy.selectors import unselected_pods
from policy.server import foreign_rights, wide_objects
from rendering.helm import NotRenderedError


def _declared(resource: ResourceValidationArgs | PolicyResource) -> Declaration:
    return Declaration(
        type=resource.resource_type,
        urn=resource.urn,
        props=known(resource.props, UnknownValueError),
        protect=resource.opts.protect,
        provider=resource.provider.urn if resource.provider else "",
        depends_on=frozenset(each.urn for each in getattr(resource, "dependencies", ())),
    )


def _each(name: str, description: str, judge: Callable[[Declaration], Iterator[Violation]]) -> ResourceValidationPolicy:
    """Asked of every resource, before it is made."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        for violation in judge(_declared(args)):
            report(violation.text, None)

    return ResourceValidationPolicy(name, description, validate)


def _rendered(
    name: str,
    description: str,
    judge: Callable[[Declaration], Iterator[Violation]],
    level: EnforcementLevel = EnforcementLevel.MANDATORY,
) -> ResourceValidationPolicy:
    """Asked of what a release's chart makes, where it can be rendered; `rendered-charts` says where it cannot."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        with suppress(NotRenderedError):
            for violation in judge(_declared(args)):
                report(violation.text, None)

    return ResourceValidationPolicy(name, description, validate, enforcement_level=level)


def _unrendered(args: ResourceValidationArgs, report: ReportViolation) -> None:
    """Only advised: where helm or the registry is not reached, the values are judged all the same."""
    declared = _declared(args)
    if not (is_tenants(declared) or is_servers(declared)):
        return
    try:
        objects_of(declared)
    except NotRenderedError as error:
        report(f"release {args.name}: what its chart makes was not judged, as {error}", None)


def _all(
    name: str, description: str, judge: Callable[[Sequence[Declaration]], Iterator[Violation]]
) -> StackValidationPolicy:
    """Asked once, of all that the program declared: in an `up`, after it; so preview first."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        for violation in judge([_declared(each) for each in args.resources]):
            report(violation.text, violation.urn)

    return StackValidationPolicy(name, description, validate)


PolicyPack(
    name="clearml-tenants",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        *(_each(name, description, judge) for name, (description, judge) in EACH.items()),
        _rendered("rights-of-the-chart", "No tenant's release makes objects beyond its own.", rendered_rights),
        _rendered("images-of-the-chart", "A tenant's images come from the stack's registries.", rendered_images),
        _rendered("selected-pods", "A tenant's network policies know its agents and gateways.", unselected_pods),
        _rendered("rights-of-the-server", "The server's release gives no rights to others.", foreign_rights),
        _rendered(
            "objects-of-the-server",
            "What the server's release makes for the whole cluster is told.",
            wide_objects,
            EnforcementLevel.ADVISORY,
        ),
        ResourceValidationPolicy(
            "rendered-charts",
            "What each chart makes is judged.",
            _unrendered,
            enforcement_level=EnforcementLevel.ADVISORY,
        ),
        *(_all(name, description, judge) for name, (description, judge) in ALL.items()),
    ],
)
