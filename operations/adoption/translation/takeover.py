"""Pure: which releases and namespaces of a tenant are taken over as they run, and what is said of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from components.namespaces.commands import helm, kubectl
from operations.adoption.reading.facts import Cluster, Note, Release
from operations.adoption.translation.companies.names import TenantInstallation
from settings.models.cluster_ref import ClusterRef
from settings.types.kubernetes.names import ReleaseName
from settings.types.naming import STACK_LABEL, is_gateway, release_name, worker_key

_COMMAND = "make takeover"
_NAME = TypeAdapter(ReleaseName)


@dataclass(frozen=True)
class TakeOver:
    """Of one tenant: what each release is used for, its namespace's labels (None without one), and the stack.

    `context`: of its cluster, by the kubeconfig. `is_ending`: whether the namespace is being deleted.
    """

    owned: TenantInstallation
    uses: Mapping[Release, str]
    labels: Mapping[str, str] | None
    stack: str
    context: str
    is_ending: bool = False

    @classmethod
    def of(cls, owned: TenantInstallation, uses: Mapping[Release, str], cluster: Cluster, stack: str) -> TakeOver:
        name = owned.tenant
        return cls(owned, uses, cluster.namespaces.get(name), stack, cluster.context, name in cluster.ending)

    @property
    def releases(self) -> dict[Release, str]:
        """Those in the tenant's own namespace whose key is the company's, with their use."""
        mark = (self.labels or {}).get(STACK_LABEL, self.stack)
        if self.labels is None or self.is_ending or mark != self.stack or not self.owned.by_key:
            return {}
        return {
            release: use
            for release, use in self.uses.items()
            if release.namespace == self.owned.tenant and can_be_taken(release)
        }

    def names(self) -> dict[str, str]:
        """By use, the names of those that this program would give another."""
        ours = self.owned.tenant
        return {use: each.name for each, use in self.releases.items() if each.name != release_name(ours, use)}

    def entries(self) -> list[str]:
        """For the stack's `takeOver`. A namespace with the stack's label needs none, and nor does what is in it."""
        if not self.releases or STACK_LABEL in (self.labels or {}):
            return []
        return [self.owned.tenant, *(each.entry for each in self.releases)]

    def notes(self) -> Iterator[Note]:
        yield from self._of_releases()
        yield from self._of_namespace()

    def _of_releases(self) -> Iterator[Note]:
        tenant = self.owned.tenant
        for release, use in self.uses.items():
            place = f"release {release} ({release.chart} {release.version}, {release.status})"
            ours = release_name(tenant, use)
            yield from of_running(tenant, worker_key(use), release, self.context)
            if release in self.releases:
                text = (
                    f"{place} is taken over by {_COMMAND}: the next deploy changes it in place, and gives it a new key"
                )
                yield Note(tenant, "change", worker_key(use), text)
                yield from of_storage(tenant, worker_key(use), release)
                continue
            if self.is_ending and release.namespace == tenant:
                text = f"{place} goes with its namespace, which is being deleted"
            elif (release.namespace, release.name) == (tenant, ours):
                text = f"{place} has the very name that this program gives: it is in the way, and make heal says why"
            elif is_gateway(use):
                text = (
                    f"{place} stays, and {tenant}/{ours} comes beside it with the same host: uninstall the first before"
                )
            else:
                text = (
                    f"{place} stays, and {tenant}/{ours} is installed beside it: two agents on one queue, until "
                    "somebody uninstalls the first"
                )
            yield Note(tenant, "decide", worker_key(use), text)

    def _of_namespace(self) -> Iterator[Note]:
        tenant = self.owned.tenant
        if self.labels is None:
            yield Note(tenant, "change", "namespace", "is made, with quota, limits and network policies")
        elif self.is_ending:
            wait = kubectl(f"wait --for=delete namespace/{tenant}", ClusterRef(kube_context=self.context))
            text = f"is being deleted, with all that is in it: runs stop until it is gone ({wait}), then make it anew"
            yield Note(tenant, "decide", "namespace", text)
        elif self.entries():
            text = f"is taken over by {_COMMAND}: the next deploy closes it, and removing the tenant deletes it"
            yield Note(tenant, "change", "namespace", text)
        elif (mark := self.labels.get(STACK_LABEL)) not in (None, self.stack):
            text = f"is of stack {mark}: call this tenant's file otherwise, or have that stack let go of it first"
            yield Note(tenant, "decide", "namespace", text)
        elif mark is None:
            place = ClusterRef(kube_context=self.context)
            label = kubectl(f"label namespace {tenant} {STACK_LABEL}={self.stack}", place)
            text = f"exists; this program takes it only with its label: {label}"
            yield Note(tenant, "decide", "namespace", text)


def can_be_taken(release: Release) -> bool:
    """Whether the files may name it, so that a deploy changes it in place."""
    return release.status == "deployed" and can_be_named(release) and not release.tool


def can_be_named(release: Release) -> bool:
    """Whether a file can say the name: Helm takes a dot in it, and objects that are called after it do not."""
    try:
        _NAME.validate_python(release.name)
    except ValidationError:
        return False
    return True


def of_running(tenant: str, key: str, release: Release, context: str) -> Iterator[Note]:
    """What a person has to know of a release that is not as its newest revision says, or that a tool looks after."""
    if release.running:
        back = f"rollback {release.name} {release.running} --namespace {release.namespace}"
        text = (
            f"release {release} is {release.status}, and revision {release.running} runs: the values here are that "
            f"one's; {_COMMAND} takes it over once it is deployed: {helm(back, ClusterRef(kube_context=context))}"
        )
        yield Note(tenant, "decide", key, text)
    if release.tool:
        text = (
            f"{release.tool} looks after release {release} and puts back what a deploy would change, so takeOver does "
            f"not name it: take it out of there without uninstalling it, then write {release.entry} into takeOver"
        )
        yield Note(tenant, "decide", key, text)


def of_storage(tenant: str, key: str, release: Release) -> Iterator[Note]:
    """What has to be done first with a release that Helm keeps where this program's runs do not look."""
    if release.storage != "Secret":
        text = (
            f"Helm keeps release {release} in ConfigMaps (HELM_DRIVER=configmap), and this program looks into Secrets: "
            f"move its record before {_COMMAND} (docs/adoption.md, Releases in ConfigMaps)"
        )
        yield Note(tenant, "decide", key, text)
