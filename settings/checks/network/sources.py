"""Checks of who is let in to tenants' pods: never another tenant, by namespace or by address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from settings.checks.network.networks import not_outside_pods
from settings.models.network import Network, Source

_Found = Iterator[tuple[str, str]]


def check_sources(where: str, sources: Sequence[Source], network: Network, taken: Mapping[str, str]) -> _Found:
    """Key and text of every fault; `taken` are the namespaces that nothing may open, and whose they are."""
    for index, source in enumerate(sources):
        key = f"{where}[{index}]"
        if (source.cidr is None) == (source.namespace is None):
            yield key, "needs either cidr (addresses outside the cluster) or namespace; write one of the two"
        elif source.namespace and source.namespace in taken:
            text = "which reaches no tenant's pods; name one that is no tenant's and not the server's"
            yield f"{key}.namespace", f"{source.namespace!r} is {taken[source.namespace]}, {text}"
        elif source.cidr and source.labels:
            yield f"{key}.labels", "goes with namespace, and addresses have no labels; remove it"
        elif source.cidr and (text := not_outside_pods(source.cidr, network)):
            yield f"{key}.cidr", text
