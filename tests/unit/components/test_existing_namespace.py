"""A namespace that is there, and that this stack did not make, is not made: asked of a real HTTP server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pulumi
import pytest

from components.namespaces.existing import existing_namespace_hook
from components.namespaces.ownership import PROGRAM_LABEL
from settings.models.cluster_ref import ClusterRef
from settings.types.naming import STACK_LABEL
from tests.json_server import JsonServer, kubeconfig, serving_json

PLACE = ClusterRef(kubeconfig="gpu")
OURS = {**PROGRAM_LABEL, STACK_LABEL: "prod"}
_LONGEST = 30.0
NO_LABEL = dict(PROGRAM_LABEL)


@pytest.fixture
def api() -> Iterator[JsonServer]:
    with serving_json(lambda _: (404, {})) as server:
        yield server


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes namespace `acme` as the engine would; raises what the hook raises."""
    monkeypatch.setattr(pulumi.resource_hooks, "register_resource_hook", lambda _hook: None)

    def make(port: int, labels: dict[str, str], registrations: int = 0) -> None:
        hook = existing_namespace_hook(PLACE, kubeconfig(f"http://127.0.0.1:{port}", "gpu"))
        inputs = {"metadata": {"name": "acme", "labels": labels}}

        async def run() -> None:
            waiting = hook(pulumi.ResourceHookArgs(urn="", id="", name="acme", type="", new_inputs=inputs))
            assert waiting is not None
            await waiting

        # `asyncio.run` would leave the thread without a loop, which Pulumi's tests after this one ask for.
        loop = asyncio.new_event_loop()
        answered = Event()
        if registrations:
            loop.set_default_executor(ThreadPoolExecutor(registrations))
        try:
            for _ in range(registrations):
                loop.run_in_executor(None, answered.wait, _LONGEST)
            loop.run_until_complete(asyncio.wait_for(run(), _LONGEST))
        finally:
            answered.set()
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    return make


def test_many_namespaces_at_once_are_asked_about(api: JsonServer, made: Callable[..., None]) -> None:
    """Every thread of the event loop may wait in a registration, which the engine answers after the question alone."""
    made(api.server_port, OURS, registrations=4)
    assert api.asked == ["/api/v1/namespaces/acme"]


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (OURS, OURS),
        (NO_LABEL, NO_LABEL),
        ({**OURS, "team": "ml", "kubernetes.io/metadata.name": "acme"}, OURS),
        ({STACK_LABEL: "prod"}, OURS),
    ],
    ids=["half made by this stack", "a stack whose name is no label", "labels of others beside", "handed to it"],
)
def test_what_this_stack_began_is_gone_on_with(
    api: JsonServer, made: Callable[..., None], found: dict[str, str], wanted: dict[str, str]
) -> None:
    api.answer = lambda _: (200, {"metadata": {"name": "acme", "labels": found}})
    made(api.server_port, wanted)
    assert api.asked == ["/api/v1/namespaces/acme"]


def test_a_name_that_is_free_is_made(api: JsonServer, made: Callable[..., None]) -> None:
    made(api.server_port, OURS)
    assert api.asked == ["/api/v1/namespaces/acme"]


@pytest.mark.parametrize(
    ("found", "wanted", "whose"),
    [
        ({}, OURS, "made by hand or by another program"),
        ({"team": "ml"}, OURS, "made by hand or by another program"),
        ({STACK_LABEL: "prod"}, NO_LABEL, "made by stack prod"),
        ({**OURS, STACK_LABEL: "dev"}, OURS, "made by stack dev"),
        (NO_LABEL, OURS, "made by this program, for a stack that its labels do not name"),
        (OURS, NO_LABEL, "made by stack prod"),
        ({"app.kubernetes.io/managed-by": "Helm"}, NO_LABEL, "made by hand or by another program"),
    ],
)
def test_what_this_stack_did_not_make_is_refused_in_one_line(
    api: JsonServer, made: Callable[..., None], found: dict[str, str], wanted: dict[str, str], whose: str
) -> None:
    api.answer = lambda _: (200, {"metadata": {"name": "acme", "labels": found}})
    with pytest.raises(RuntimeError) as refused:
        made(api.server_port, wanted)
    said = str(refused.value)
    assert said.startswith(f"namespace acme (kubeconfig/gpu) is there, {whose}, and the state does not have it: ")
    assert "\n" not in said
    assert ("kubectl label --overwrite namespace acme clearml-tenants/stack=prod" in said) == (STACK_LABEL in wanted)


def test_an_account_that_may_not_ask_is_told(api: JsonServer, made: Callable[..., None]) -> None:
    api.answer = lambda _: (403, {"message": "forbidden"})
    with pytest.raises(RuntimeError, match=r"cannot be asked \(HTTP 403 Forbidden\): let the account"):
        made(api.server_port, OURS)


def test_a_cluster_that_does_not_answer_is_left_to_the_plugin(made: Callable[..., None]) -> None:
    made(1, OURS)
