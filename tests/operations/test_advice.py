"""What helm says raw, a person gets with the way out."""

from __future__ import annotations

import pytest

from operations.advice import with_way_out

SELECTOR = (
    'cannot patch "acme-agent" with kind Deployment: Deployment.apps "acme-agent" is invalid: spec.selector: Invalid '
    'value: {"matchLabels":{"a":"b"}}: field is immutable'
)
STATEFUL_SET = (
    'cannot patch "redis" with kind StatefulSet: StatefulSet.apps "redis" is invalid: spec: Forbidden: updates to '
    "statefulset spec for fields other than 'replicas' are forbidden"
)


@pytest.mark.parametrize(
    ("said", "way_out"),
    [
        (SELECTOR, "kubectl delete deployment acme-agent --namespace"),
        (STATEFUL_SET, "kubectl delete statefulset redis --namespace"),
        ("another operation (install/upgrade/rollback) is in progress", "make heal"),
        ("cannot re-use a name that is still in use", "make heal"),
    ],
)
def test_a_known_refusal_comes_with_what_to_do(said: str, way_out: str) -> None:
    told = with_way_out(said)
    assert told.startswith(said)
    assert way_out in told
    assert "\n" not in told


def test_anything_else_is_told_as_it_is() -> None:
    assert with_way_out("context deadline exceeded") == "context deadline exceeded"
