"""Reads clusters by lists alone: releases from Helm's own records, and of all other Secrets nothing but the names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from components.namespaces.api_server import ApiServer, ClusterError, StatusError
from operations.adoption.reading.facts import Cluster
from operations.adoption.reading.releases import read_releases
from operations.errors import OperationError

_SECONDS = 30
_HELM_TYPE = "type!=helm.sh/release.v1"
_T = TypeVar("_T")
_FORBIDDEN = 403
_SYSTEM = "kube-system"


def read_clusters(kubeconfig: str | None, contexts: Sequence[str]) -> tuple[Cluster, ...]:
    """All that is of interest in each.

    Raises OperationError if one does not answer, if two contexts are one cluster, or if nobody can say so.
    """
    found: dict[str, Cluster] = {}
    for context in contexts:
        cluster = _cluster(kubeconfig, context, is_one_of_several=len(contexts) > 1)
        other = found.setdefault(cluster.uid, cluster)
        if other is not cluster:
            raise OperationError(f"CONTEXT: {other.context} and {context} are the same cluster: name one of the two")
    return tuple(found.values())


def _cluster(kubeconfig: str | None, context: str, *, is_one_of_several: bool) -> Cluster:
    unread: list[str] = []
    others: dict[str, str] = {}
    secrets = {"metadata_only": True, "fieldSelector": _HELM_TYPE}
    try:
        api = ApiServer.of_file(kubeconfig, context, _SECONDS)
        none: tuple[Mapping[str, Any], ...] = ()
        spaces = _or_nothing(unread, "namespaces", lambda: _metadata(api, "/api/v1/namespaces"), none)
        return Cluster(
            context,
            read_releases(api, context if is_one_of_several else "", unread, others),
            {str(each["name"]): each.get("labels") or {} for each in spaces},
            _or_nothing(unread, "quotas", lambda: _specs(api, "/api/v1/resourcequotas"), {}),
            _or_nothing(unread, "limits", lambda: _specs(api, "/api/v1/limitranges"), {}),
            _or_nothing(
                unread,
                "network policies",
                lambda: _names(api, "/apis/networking.k8s.io/v1/networkpolicies", metadata_only=True),
                {},
            ),
            _or_nothing(unread, "names of Secrets", lambda: _names(api, "/api/v1/secrets", **secrets), {}),
            tuple(f"context {context}: {each}" if is_one_of_several else each for each in unread),
            _uid(api, context) if is_one_of_several else "",
            tuple(others.values()),
            frozenset(str(each["name"]) for each in spaces if each.get("deletionTimestamp")),
        )
    except StatusError as error:
        fix = "let the account of this kubeconfig list Secrets, where Helm keeps its releases, then run this again"
        raise OperationError(f"context {context}: releases cannot be listed: HTTP {error.status}: {fix}") from None
    except ClusterError as error:
        raise OperationError(f"context {context}: {error.reason}: mend that, then run this again") from None


def _uid(api: ApiServer, context: str) -> str:
    """What tells clusters apart. Raises OperationError where the account may look nowhere: two might be one."""
    ways: tuple[Callable[[str], Mapping[str, Any]], ...] = (api.namespace, partial(_listed, api))
    for ask in ways:
        try:
            if uid := ask(_SYSTEM).get("uid"):
                return str(uid)
        except StatusError:
            continue
    raise OperationError(
        f"CONTEXT: whether {context} is a cluster of its own is not known: let its account get namespace {_SYSTEM}, or "
        "name one context alone, then run this again"
    )


def _listed(api: ApiServer, name: str) -> Mapping[str, Any]:
    """A namespace's metadata, for who may list namespaces and not get one."""
    return next((each for each in _metadata(api, "/api/v1/namespaces") if each["name"] == name), {})


def _or_nothing(unread: list[str], what: str, ask: Callable[[], _T], nothing: _T) -> _T:
    """What is listed; without the right to list it, nothing, and a line that says so. Raises as the question does."""
    try:
        return ask()
    except StatusError as error:
        if error.status != _FORBIDDEN:
            raise
        unread.append(f"{what}: the account of this kubeconfig may not list them")
        return nothing


def _metadata(api: ApiServer, path: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(each["metadata"] for each in api.items(path, metadata_only=True))


def _specs(api: ApiServer, path: str) -> dict[str, dict[str, Any]]:
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for each in api.items(path):
        found[each["metadata"]["namespace"]][each["metadata"]["name"]] = each.get("spec") or {}
    return dict(found)


def _names(api: ApiServer, path: str, **how: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 - a list's parameters
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in api.items(path, **how):
        found[each["metadata"]["namespace"]].append(each["metadata"]["name"])
    return {namespace: tuple(sorted(names)) for namespace, names in found.items()}
