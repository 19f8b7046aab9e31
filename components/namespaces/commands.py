"""Pure: commands of kubectl and helm that messages propose. Each names its cluster: a shell's own may be another."""

from __future__ import annotations

from shlex import quote

from settings.models.cluster_ref import ClusterRef


def kubectl(arguments: str, place: ClusterRef | None) -> str:
    """A command as a person types it; where nobody knows the cluster, with a gap that no shell runs."""
    return f"kubectl {arguments}{cluster_options(place)}"


def helm(arguments: str, place: ClusterRef | None) -> str:
    """A command of helm, which calls the option for a context otherwise; else as `kubectl`."""
    return f"helm {arguments}{cluster_options(place, '--kube-context')}"


def cluster_options(place: ClusterRef | None, option: str = "--context") -> str:
    """What names the cluster, with a space before it.

    A kubeconfig that is a secret of the stack has no file, so the person says where one is.
    """
    if place is None:
        return f" {option} <its-cluster>"
    file = f" --kubeconfig <file-of-kubeconfigs.{place.kubeconfig}>" if place.kubeconfig else ""
    context = f" {option} {quote(place.kube_context)}" if place.kube_context else ""
    return f"{file}{context}"
