"""Asks, before a namespace is made, whether one is there that this stack did not make.

The official plugin applies a namespace over one that exists, without a word, and later deletes it with all that is in
it. `make up` and `make heal` look beforehand (`operations.releases.obstacles`); whoever runs plain `pulumi` is asked
here. A namespace that the state has, and any run that changes nothing, is not asked about.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi

from components.namespaces.api_server import ApiServer, ClusterError, StatusError
from components.namespaces.ownership import by_program, label_command, namespace_maker
from settings.models.cluster_ref import ClusterRef
from settings.types.naming import STACK_LABEL

_SECONDS = 10
# Threads of their own. Those of the event loop are as many as the engine's `--parallel`; where many tenants come at
# once, each of them waits in a registration, which the engine answers only after this question.
_QUESTIONS = ThreadPoolExecutor(8, "existing-namespace")


def existing_namespace_hook(place: ClusterRef, kubeconfig: pulumi.Input[str] | None) -> pulumi.ResourceHook:
    """The hook for every namespace in `place`; `kubeconfig` is a content, and KUBECONFIG's files are read without it.

    It runs in previews and updates. It raises RuntimeError, whose words the engine shows; the namespace is not made.
    """

    async def refuse(arguments: pulumi.ResourceHookArgs) -> None:
        metadata: Mapping[str, Any] = (arguments.new_inputs or {}).get("metadata", {})
        name, labels = str(metadata.get("name")), metadata.get("labels", {})
        content = None if kubeconfig is None else await pulumi.Output.from_input(kubeconfig).future()
        found = await asyncio.get_running_loop().run_in_executor(_QUESTIONS, _labels_of, name, content, place)
        if found is not None and not _own(found, labels):
            raise RuntimeError(_refusal(name, place, found, labels.get(STACK_LABEL)))

    name = f"existing-namespace/{place}"
    return pulumi.ResourceHook(name, refuse, pulumi.ResourceHookOptions(on_dry_run=True))


def _own(found: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """A stack whose name is no label writes none; then there is only the program's own label to go by."""
    if STACK_LABEL in wanted:
        return found.get(STACK_LABEL) == wanted[STACK_LABEL]
    return by_program(found) and STACK_LABEL not in found


def _refusal(name: str, place: ClusterRef, found: Mapping[str, str], stack: str | None) -> str:
    handed = ""
    if stack:
        handed = f"; or, if this stack may change and delete all that is in it: {label_command(name, stack, place)}"
    return (
        f"namespace {name} ({place}) is there, {namespace_maker(found)}, and the state does not have it: use another "
        f'name for ours{handed}; see docs/runbooks.md, "Something is there already"'
    )


def _labels_of(name: str, kubeconfig: str | None, place: ClusterRef) -> Mapping[str, str] | None:
    """None if there is no such namespace, or no cluster to ask: then the plugin says by itself what is wrong."""
    context = place.kube_context
    try:
        if kubeconfig is None:
            cluster = ApiServer.of_file(None, context, _SECONDS)
        else:
            cluster = ApiServer.of_content(kubeconfig, context, _SECONDS)
        return cluster.namespace(name).get("labels") or {}
    except ClusterError:
        return None
    except StatusError as error:
        if error.status == 404:
            return None
        raise RuntimeError(_not_asked(name, place, f"HTTP {error.status} {error.reason}")) from None


def _not_asked(name: str, place: ClusterRef, reason: str) -> str:
    return (
        f"namespace {name} ({place}): whether it is there cannot be asked ({reason}): let the account of this "
        "kubeconfig get namespaces, then run this again"
    )
