"""Every policy of this project, each mandatory: its name, what it holds, and the function that finds violations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from policy.charts import unpinned_chart
from policy.companies import unprotected_companies
from policy.credentials import plain_credentials
from policy.declaration import Declaration, Violation
from policy.domains import shared_domains
from policy.network import open_namespaces
from policy.registries import unlisted_registries
from policy.rights import cluster_rights, shared_clusters

# Asked of every resource, before it is made.
EACH: Mapping[str, tuple[str, Callable[[Declaration], Iterator[Violation]]]] = {
    "pinned-charts": ("Every chart outside the local stack is one exact version.", unpinned_chart),
    "listed-registries": ("Charts and images come from the stack's registries.", unlisted_registries),
    "no-plain-credentials": ("No credential is sent to a cluster in plain text.", plain_credentials),
    "no-cluster-rights": ("No tenant's release has rights in the whole cluster.", cluster_rights),
}
# Asked once, of all that the program declared: in an `up`, after it; so preview first.
ALL: Mapping[str, tuple[str, Callable[[Sequence[Declaration]], Iterator[Violation]]]] = {
    "protected-companies": ("A company is protected unless its file says otherwise.", unprotected_companies),
    "closed-namespaces": ("Every tenant's namespace is closed by a network policy.", open_namespaces),
    "own-clusters": ("Who has rights in a whole cluster has it alone.", shared_clusters),
    "unique-domains": ("Every e-mail domain leads to one tenant.", shared_domains),
}


def violations(stack: Sequence[Declaration]) -> Iterator[str]:
    """One line each, the policy's name first."""
    for name, (_, judge_each) in EACH.items():
        yield from (f"{name}: {found.text}" for declared in stack for found in judge_each(declared))
    for name, (_, judge_all) in ALL.items():
        yield from (f"{name}: {found.text}" for found in judge_all(stack))
