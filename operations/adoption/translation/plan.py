"""Pure: all files of a stack, from what was read of its server and its cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from operations.adoption.files import Files, context_of_workers
from operations.adoption.reading.facts import Cluster, Note, Release, Server, texts_at
from operations.adoption.translation.charts import CHART, charts, charts_of_tenant, other_charts
from operations.adoption.translation.companies.names import TenantInstallation, is_reserved, tenants_of
from operations.adoption.translation.companies.namesakes import Namesakes
from operations.adoption.translation.server import Draft, secret_texts, server_settings
from operations.adoption.translation.server_urls import common_urls, tenant_urls, usual_urls
from operations.adoption.translation.takeover import can_be_named, can_be_taken, of_running, of_storage
from operations.adoption.translation.tenant import tenant_settings
from operations.adoption.translation.values import is_long, secrets_in, without_secrets
from settings.types.naming import STACK_LABEL


@dataclass
class Plan:
    """The stack's settings, and each tenant's file by its name; `hidden` are secrets that no file may hold."""

    name: str
    stack: dict[str, Any]
    tenants: dict[str, dict[str, Any]]
    secrets: list[str]
    notes: list[Note]
    companies: tuple[TenantInstallation, ...] = ()
    hidden: frozenset[str] = field(default=frozenset(), repr=False)


def plan(server: Server, clusters: Sequence[Cluster], files: Files, own_pair: Iterable[str]) -> Plan:
    """What to write. `own_pair`: the key and secret of the API, by which the server's release is known."""
    pair = [each for each in own_pair if each]
    releases = [release for cluster in clusters for release in cluster.releases]
    release, notes = _server_release(clusters, files.api_host, pair)
    by_context = {cluster.context: cluster for cluster in clusters}
    own = by_context.get(release.context if release else "", clusters[0])
    draft = server_settings(release, server.configuration, files.api_host)
    platform = {each.namespace for each in releases if each.kind == "server"} | {"default"}
    alike = Namesakes.of(server, files.names_by_id())
    every, nobodys = tenants_of(alike.named, releases, alike.clear(files.companies()), platform)
    owned = [each for each in every if each.company.id not in alike.unclear]
    stacks = charts(release, releases, notes)
    usual = _usual_context(files.settings, own.context)
    urls = usual_urls(draft)
    common = common_urls([release for each in owned for release in each.releases], urls)
    tenants: dict[str, dict[str, Any]] = {}
    take_over = _of_server(release, own)
    for each in owned:
        cluster = by_context.get(each.context or usual, own)
        content, more, entries = tenant_settings(each, cluster, files.name, str(draft.stack["baseDomain"]), usual)
        beside = {
            "serverUrls": tenant_urls(each, {**urls, **common}, notes),
            "charts": charts_of_tenant(each.releases, stacks),
        }
        if each.company.id in alike.by_id:
            content["adopt"] = True
        tenants[each.tenant] = {**content, **{key: value for key, value in beside.items() if value}}
        notes += [*more, *other_charts(each.tenant, each.releases, stacks)]
        take_over += entries
    notes += [*(_of_a_grant(name, file) for name, file in tenants.items() if "workers" in file)]
    notes += [*alike.notes(every), *draft.notes, *map(_of_nobody, nobodys)]
    notes += [*_of_features(server), *_of_other_charts(clusters)]
    workers = {key: files.settings[key] for key in ("workers",) if key in files.settings}
    workers |= {"serverUrls": common} if common else {}
    stack = {**_stack(draft, own.context, stacks), **workers, **_grants(tenants, owned, take_over)}
    texts = [*pair[1:], *(text for each in releases if each.kind == "server" for text in secret_texts(each))]
    hidden = frozenset([*secrets_in([each.values for each in releases]), *filter(is_long, texts)])
    return _without_secrets(
        Plan(files.name, stack, tenants, [*files.missing(draft.secrets)], notes, tuple(every), hidden)
    )


def _usual_context(settings: Mapping[str, Any], own: str) -> str:
    """Where workers run whose tenant's file says nothing of it; empty where a kubeconfig leads there, not a context."""
    if not settings.get("workers"):
        return own
    return context_of_workers(settings)


def _stack(draft: Draft, context: str, from_where: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {
        "baseDomain": draft.stack["baseDomain"],
        "kubeContext": context,
        "charts": dict(from_where),
        "server": draft.server,
        **{key: draft.stack[key] for key in ("features", "groups", "uiFeaturesPerRole")},
    }


def _of_server(release: Release | None, cluster: Cluster) -> list[str]:
    """What `takeOver` has to name of the server, if anything."""
    if release is None or release.chart != CHART["server"] or not can_be_taken(release):
        return []
    if release.namespace in cluster.ending:
        return []
    labels = cluster.namespaces.get(release.namespace, {})
    return [] if STACK_LABEL in labels else [release.namespace, release.entry]


def _grants(
    tenants: Mapping[str, Mapping[str, Any]], owned: Iterable[TenantInstallation], take_over: Sequence[str]
) -> dict[str, Any]:
    """What only the stack's file can let tenants' files do."""
    rules: dict[str, Any] = {
        name: {"contexts": [file["workers"]["kubeContext"]]} if "workers" in file else {}
        for name, file in tenants.items()
        if "workers" in file or is_reserved(name)
    }
    adoptions = {each.tenant: each.company.id for each in owned if tenants[each.tenant].get("adopt")}
    return {
        **({"tenantRules": {"tenants": rules}} if rules else {}),
        **({"adoptions": adoptions} if adoptions else {}),
        **({"takeOver": [*take_over]} if take_over else {}),
    }


def _server_release(clusters: Sequence[Cluster], host: str, pair: list[str]) -> tuple[Release | None, list[Note]]:
    """The one with the key that the API takes; else the one at its host; else the only one."""
    found = [each for cluster in clusters for each in cluster.releases if each.kind == "server"]
    by_key = [each for each in found if pair and texts_at(each.values, "clearml", "apiserverKey") == pair[0]]
    by_host = [each for each in found if texts_at(each.values, "apiserver", "ingress", "hostName") == host]
    for chosen in (by_key, by_host, found):
        if len(chosen) == 1:
            release = chosen[0]
            is_ending = any(release in each.releases and release.namespace in each.ending for each in clusters)
            notes = [*_of_the_server(release, release.context or clusters[0].context, is_ending=is_ending)]
            if release.chart != CHART["server"]:
                text = f"release {release} is of chart {release.chart}, which this program does not know as its own"
                notes.append(Note("", "lost", "charts.server", text))
            return release, notes
    listed = ", ".join(map(str, found)) or "none"
    where = ", ".join(each.context for each in clusters)
    text = f"no release in context {where} is known to be this server's (there: {listed}); see what it says"
    taken = (
        f"no release says which cluster is the server's: context {clusters[0].context} is taken, the first that was "
        "read; write another if a deploy is to install the server there"
    )
    notes = [Note("", "decide", "server", text), Note("", "decide", "kubeContext", taken)]
    return None, [*notes, *_of_no_release(clusters, where)]


def _of_the_server(release: Release, context: str, *, is_ending: bool) -> Iterator[Note]:
    place = f"release {release} ({release.chart} {release.version}, {release.status}) is the server's"
    if is_ending:
        text = (
            f"{place}, and namespace {release.namespace} is being deleted, with all that is in it: save its data first"
        )
        yield Note("", "decide", "server", text)
    elif can_be_taken(release):
        text = f"{place}; make takeover takes it over, and the next deploy changes it in place"
        yield Note("", "change", "server", text)
    elif can_be_named(release):
        yield Note(
            "",
            "decide",
            "server",
            f"{place}, and takeOver does not name it: only a deployed one, that no tool keeps, is taken",
        )
    else:
        text = (
            f"{place}, and no file can say its name: a deploy would install another server beside it; move it to a "
            "release whose name has no dot, then run this again"
        )
        yield Note("", "decide", "server.release", text)
    yield from of_storage("", "server", release)
    yield from of_running("", "server", release, context)


def _of_no_release(clusters: Sequence[Cluster], where: str) -> Iterator[Note]:
    if not any(cluster.releases for cluster in clusters):
        text = (
            f"Helm has no release of ClearML's charts in Secrets or ConfigMaps of context {where}: another cluster may "
            "have them, a database (HELM_DRIVER=sql), or something that applies charts without Helm, as Argo CD does; "
            "nothing of those was read, and a deploy would install beside it"
        )
        yield Note("", "decide", "releases", text)


def _of_features(server: Server) -> Iterator[Note]:
    if server.companies and all(each.settings.features is None for each in server.companies):
        text = "no company shows features of its own: none has any, or this server does not show them; ask who knows"
        yield Note("", "decide", "features of tenants", text)


def _of_other_charts(clusters: Iterable[Cluster]) -> Iterator[Note]:
    for cluster in clusters:
        for line in cluster.others:
            yield Note(
                "", "lost", "releases", f"{line} is of a chart that this program does not read; it stays as it is"
            )


def _of_a_grant(tenant: str, file: Mapping[str, Any]) -> Note:
    context = file["workers"]["kubeContext"]
    text = (
        f"its workers are in context {context}, and its file may say so only where tenantRules of the stack's file has "
        f"tenants: {{{tenant}: {{contexts: [{context}]}}}}; leave it out if this tenant is not to run there"
    )
    return Note(tenant, "decide", "workers.kubeContext", text)


def _of_nobody(release: Release) -> Note:
    text = (
        f"release {release} ({release.chart} {release.version}) is no known company's: no key in its values says whose"
    )
    return Note("", "decide", release.kind, text)


def _without_secrets(made: Plan) -> Plan:
    stack, gone = without_secrets(made.stack, made.hidden)
    made.stack = stack
    made.notes += [Note("", "lost", key, _HIDDEN) for key in gone]
    for name, content in made.tenants.items():
        made.tenants[name], gone = without_secrets(content, made.hidden)
        made.notes += [Note(name, "lost", key, _HIDDEN) for key in gone]
    return made


_HIDDEN = (
    "is a secret, or looks like one, and is written into no file: declare a Secret with secrets, and name it with "
    "valueFrom (docs/how-to.md)"
)
