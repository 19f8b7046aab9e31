"""What the Pulumi Kubernetes Operator is given: the platform first, one commit, nothing destroyed, no secret."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from local.toolchain.catalogue import PULUMI
from operations.errors import OperationError
from operations.kubernetes_operator.manifests import manifests
from operations.kubernetes_operator.rollout import IMAGE, Rollout

_COMMIT = "0123456789abcdef0123456789abcdef01234567"
ROLLOUT = Rollout(
    ("acme/clearml-tenants/prod", "acme/clearml-tenants/prod-01", "acme/clearml-tenants/prod-02"),
    "https://github.com/acme/clearml-tenants.git",
    _COMMIT,
    backend="s3://acme-state/clearml?region=eu-central-1",
    has_passphrase=True,
)


def _specs(rollout: Rollout) -> dict[str, Any]:
    return {each["metadata"]["name"]: each["spec"] for each in manifests(rollout)}


def test_each_stack_has_one_and_shards_wait_for_the_platform() -> None:
    specs = _specs(ROLLOUT)
    assert list(specs) == ["prod", "prod-01", "prod-02"]
    assert [spec["stack"] for spec in specs.values()] == list(ROLLOUT.stacks)
    assert "prerequisites" not in specs["prod"]
    assert [specs[name]["prerequisites"] for name in ("prod-01", "prod-02")] == [[{"name": "prod"}]] * 2


def test_an_environment_without_shards_is_one_object_that_waits_for_nothing() -> None:
    (spec,) = _specs(replace(ROLLOUT, stacks=("prod",))).values()
    assert spec["stack"] == "prod"
    assert "prerequisites" not in spec


def test_all_are_deployed_from_one_commit_and_none_is_made_anew_or_destroyed() -> None:
    for spec in _specs(ROLLOUT).values():
        assert (spec["commit"], "branch" in spec) == (_COMMIT, False)
        assert (spec["useLocalStackOnly"], spec["destroyOnFinalize"], spec["refresh"]) == (True, False, True)
        assert "preview" not in spec
        assert not {"config", "secrets", "secretsRef", "secretsProvider", "targets"} & set(spec)


def test_with_preview_nothing_is_deployed() -> None:
    assert all(spec["preview"] is True for spec in _specs(replace(ROLLOUT, preview=True)).values())


def test_what_is_secret_is_named_in_one_secret_of_the_environment() -> None:
    for spec in _specs(ROLLOUT).values():
        references = [spec["gitAuth"]["accessToken"], spec["envRefs"]["PULUMI_CONFIG_PASSPHRASE"]]
        assert references == [
            {"type": "Secret", "secret": {"name": "clearml-tenants-prod", "key": key}}
            for key in ("gitToken", "PULUMI_CONFIG_PASSPHRASE")
        ]
        pod = spec["workspaceTemplate"]["spec"]["podTemplate"]["spec"]
        place = (
            f"{pod['containers'][0]['volumeMounts'][0]['mountPath']}/{pod['volumes'][0]['secret']['items'][0]['path']}"
        )
        assert spec["envRefs"]["KUBECONFIG"] == {"type": "Literal", "literal": {"value": place}}
        assert pod["volumes"][0]["secret"]["secretName"] == spec["serviceAccountName"] == "clearml-tenants-prod"


@pytest.mark.parametrize(
    ("backend", "has_passphrase", "expected"),
    [
        ("", False, {"PULUMI_ACCESS_TOKEN"}),
        ("https://pulumi.acme.example", True, {"PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"}),
        ("gs://acme-state", False, set()),
        ("azblob://state?storage_account=acme", True, {"PULUMI_CONFIG_PASSPHRASE"}),
    ],
)
def test_only_secrets_that_are_needed_are_asked_for(backend: str, has_passphrase: bool, expected: set[str]) -> None:
    rollout = replace(ROLLOUT, backend=backend, has_passphrase=has_passphrase)
    assert {*_specs(rollout)["prod"]["envRefs"]} - {"KUBECONFIG"} == expected


@pytest.mark.parametrize("address", ["git@github.com:acme/tenants.git", "ssh://git@git.acme.example/tenants.git"])
def test_a_repository_over_ssh_is_read_with_a_key(address: str) -> None:
    key = {"name": "clearml-tenants-prod", "key": "sshPrivateKey"}
    for spec in _specs(replace(ROLLOUT, repository=address, folder="clearml")).values():
        assert spec["gitAuth"] == {"sshAuth": {"sshPrivateKey": {"type": "Secret", "secret": key}}}
        assert spec["repoDir"] == "clearml"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"repository": ""}, "REPOSITORY is missing: write it like https"),
        ({"repository": "https://me:planted@github.com/acme/a.git"}, "REPOSITORY holds a login"),
        ({"repository": "https://planted@github.com/acme/a.git"}, "REPOSITORY holds a login"),
        ({"repository": "ssh://git:planted@github.com/acme/a.git"}, "REPOSITORY holds a login"),
        ({"repository": "../tenants"}, "REPOSITORY='../tenants': write it like"),
        ({"backend": "s3://me:planted@bucket"}, "PULUMI_BACKEND_URL holds a login"),
        ({"backend": "file:///srv/pulumi"}, "PULUMI_BACKEND_URL='file:///srv/pulumi': the operator's pods reach"),
        ({"backend": "postgres://me:planted@db/state"}, "PULUMI_BACKEND_URL holds a login"),
        ({"namespace": "Tenants"}, "NAMESPACE='Tenants': is no name of a namespace"),
        ({"image": ""}, "IMAGE: is no image's name (not shown)"),
        ({"stacks": ("prod_eu",)}, "stack prod_eu: the operator takes at most 42 small letters"),
        ({"stacks": ("prod", f"prod-{'x' * 40}")}, "the operator takes at most 42 small letters"),
        # The operator calls a Service so, and the API server takes none that begins with a digit.
        ({"stacks": ("2027",)}, "digits and - as a name, and a letter first: deploy it by make up"),
    ],
)
def test_what_the_operator_cannot_use_is_refused_in_one_line(change: dict[str, Any], message: str) -> None:
    with pytest.raises(OperationError, match=re.escape(message)) as refusal:
        replace(ROLLOUT, **change)
    assert "planted" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_the_image_has_the_engine_that_this_program_is_tried_with() -> None:
    assert f":{PULUMI}-nonroot" in IMAGE
