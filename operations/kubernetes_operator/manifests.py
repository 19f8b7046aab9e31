"""A `Stack` of the Pulumi Kubernetes Operator for each stack of an environment. Pure; secrets are named, never held.

Fields: the operator's own API reference, https://github.com/pulumi/pulumi-kubernetes-operator/blob/v2.9.0/docs/stacks.md
"""

from __future__ import annotations

from typing import Any

from operations.kubernetes_operator.rollout import Rollout, object_name
from settings.models.stack_file import PROJECT

Manifest = dict[str, Any]
_MOUNT = f"/etc/{PROJECT}"
_KUBECONFIG = "kubeconfig"


def manifests(rollout: Rollout) -> list[Manifest]:
    """The platform's first: once it is there with its new commit, the operator holds the shards back until it ran."""
    return [_stack(name, rollout) for name in rollout.stacks]


def _stack(name: str, rollout: Rollout) -> Manifest:
    platform = object_name(rollout.stacks[0])
    shared = f"{PROJECT}-{platform}"
    return {
        "apiVersion": "pulumi.com/v1",
        "kind": "Stack",
        "metadata": {
            "name": object_name(name),
            "namespace": rollout.namespace,
            "labels": {"app.kubernetes.io/part-of": PROJECT, "app.kubernetes.io/instance": platform},
        },
        "spec": {
            "stack": name,
            **_source(rollout, shared),
            **({"backend": rollout.backend} if rollout.backend else {}),
            "envRefs": _variables(rollout, shared),
            # A stack that is not there is a mistake in the backend's address: an empty one would begin all anew.
            "useLocalStackOnly": True,
            "refresh": True,
            # Who deletes this object ends deploys from it, and nothing else.
            "destroyOnFinalize": False,
            **({"preview": True} if rollout.preview else {}),
            **({"prerequisites": [{"name": platform}]} if name != rollout.stacks[0] else {}),
            "serviceAccountName": shared,
            # A pod that failed stays, to be looked at.
            "workspaceReclaimPolicy": "Delete",
            "workspaceTemplate": {"spec": _workspace(rollout, shared)},
        },
    }


def _source(rollout: Rollout, shared: str) -> Manifest:
    """One commit for all, so that no shard runs with newer files than the platform."""
    login = (
        {"sshAuth": {"sshPrivateKey": _secret(shared, "sshPrivateKey")}}
        if rollout.is_over_ssh
        else {"accessToken": _secret(shared, "gitToken")}
    )
    return {
        "projectRepo": rollout.repository,
        "commit": rollout.commit,
        **({"repoDir": rollout.folder} if rollout.folder else {}),
        "gitAuth": login,
    }


def _variables(rollout: Rollout, shared: str) -> Manifest:
    names = {
        "PULUMI_ACCESS_TOKEN": rollout.is_in_pulumi_cloud,
        "PULUMI_CONFIG_PASSPHRASE": rollout.has_passphrase,
    }
    place = {"type": "Literal", "literal": {"value": f"{_MOUNT}/{_KUBECONFIG}"}}
    return {"KUBECONFIG": place, **{name: _secret(shared, name) for name, needed in names.items() if needed}}


def _workspace(rollout: Rollout, shared: str) -> Manifest:
    """The pod that runs the engine; the operator calls its container `pulumi`."""
    mount = {"name": _KUBECONFIG, "mountPath": _MOUNT, "readOnly": True}
    items = [{"key": _KUBECONFIG, "path": _KUBECONFIG}]
    return {
        "image": rollout.image,
        "resources": {"requests": {"cpu": "1", "memory": "1Gi"}},
        "podTemplate": {
            "spec": {
                "containers": [{"name": "pulumi", "volumeMounts": [mount]}],
                "volumes": [{"name": _KUBECONFIG, "secret": {"secretName": shared, "items": items}}],
            }
        },
    }


def _secret(name: str, key: str) -> Manifest:
    return {"type": "Secret", "secret": {"name": name, "key": key}}
