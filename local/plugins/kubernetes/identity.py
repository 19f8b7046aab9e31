"""When another provider means another cluster, so that the engine makes everything anew: the official plugin's rules.

They are those of its `DiffConfig` (4.34.2), which the engine asks for a changed provider, and for a resource whose
provider is now another one. Written here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from local.plugins.properties import UNKNOWN, Properties

IDENTIFIER = "clusterIdentifier"
CLUSTER_INPUTS = ("kubeconfig", "context", "cluster")


def replaced_by(olds: Properties, news: Properties, same_cluster: Callable[[], bool]) -> Sequence[str]:
    """The inputs by which the cluster is another one.

    The same identifier is the same cluster, whatever way leads to it; another one is another. Where it is new, or taken
    out, it says nothing: then `same_cluster` decides, and an unknown input is another cluster.
    """
    before, after = olds.get(IDENTIFIER), news.get(IDENTIFIER)
    if after is not None and after == before:
        return ()
    named = (IDENTIFIER,) if before is not None and after is not None else ()
    unknown = any(news.get(name) is UNKNOWN for name in CLUSTER_INPUTS)
    return named if not unknown and same_cluster() else (*named, *CLUSTER_INPUTS)
