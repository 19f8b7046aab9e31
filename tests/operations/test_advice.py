"""What helm says raw, a person gets with the way out."""

from __future__ import annotations

import pytest

from operations.health.advice import with_remediation

SELECTOR = (
    'cannot patch "acme-agent" with kind Deployment: Deployment.apps "acme-agent" is invalid: spec.selector: Invalid '
    'value: {"matchLabels":{"a":"b"}}: field is immutable'
)
STATEFUL_SET = (
    'cannot patch "redis" with kind StatefulSet: StatefulSet.apps "redis" is invalid: spec: Forbidden: updates to '
    "statefulset spec for fields other than 'replicas' are forbidden"
)

# What the plugin puts behind whatever helm says of a chart.
_CHECK = "; check the chart name and repository configuration."


@pytest.mark.parametrize(
    ("said", "remediation"),
    [
        (SELECTOR, "kubectl delete deployment acme-agent --namespace"),
        (STATEFUL_SET, "kubectl delete statefulset redis --namespace"),
        ("another operation (install/upgrade/rollback) is in progress", "make heal"),
        ("cannot re-use a name that is still in use", "make heal"),
        (
            'Unable to continue with install: ServiceAccount "runner" in namespace "acme" exists and cannot be '
            "imported into the current release: invalid ownership metadata",
            "kubectl delete serviceaccount runner --namespace acme --context",
        ),
        (
            'IngressClass "nginx" in namespace "" exists and cannot be imported into the current release',
            "by extraValues; if nobody needs it: kubectl delete ingressclass nginx --context",
        ),
        (f'failed to download "oci://localhost:5000/charts/agent" at version "6.14.6"{_CHECK}', "--secret chartToken"),
        (f"failed to authorize: failed to fetch anonymous token: 401 Unauthorized{_CHECK}", "--secret chartToken"),
        (f"unexpected status from HEAD request to https://r.example/v2/x: 403 Forbidden{_CHECK}", "charts.registry"),
        (f"failed to fetch https://charts.example.com/index.yaml : 401 Unauthorized{_CHECK}", "charts.registry"),
        ("pull access denied, repository does not exist or may require authorization", "charts.registry"),
    ],
)
def test_a_known_refusal_comes_with_what_to_do(said: str, remediation: str) -> None:
    told = with_remediation(said)
    assert told.startswith(said)
    assert remediation in told
    assert "\n" not in told


@pytest.mark.parametrize(
    "said",
    [
        "context deadline exceeded",
        "Unauthorized (invalid credentials) (failed to locate provided credentials)",
        'secrets is forbidden: User "x" cannot list resource "secrets"',
        f"path ./charts/agent not found{_CHECK}",
    ],
)
def test_anything_else_is_told_as_it_is(said: str) -> None:
    assert with_remediation(said) == said
