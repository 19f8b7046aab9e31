"""`make ready`: the questions one after another, each with a deadline, so that one that hangs hides no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from components.namespaces.commands import kubectl
from operations.engine import EngineStack
from operations.readiness.answer import Answer, answered
from operations.readiness.cluster_questions import clusters, hosts, reachable
from operations.readiness.engine_questions import decrypted, initialised, placeholders
from operations.readiness.server_questions import api, charts
from operations.readiness.takeover_questions import taken_over
from settings.errors import ConfigurationError
from settings.loading.load import Environment, load

# The engine's command ends before the question does, so that its reason is told.
_COMMAND_SECONDS = 15


def checklist(root: Path, name: str) -> Iterator[Answer]:
    """What is there and what is missing of the stack `name`, as each is known. It writes nothing anywhere.

    Raises ConfigurationError in a shell that is set to another stack.
    """
    stack = EngineStack(root, name, seconds=_COMMAND_SECONDS)
    check = f"make check STACK={name.rpartition('/')[2]}"
    try:
        environment = load(root, name.rpartition("/")[2])
    except ConfigurationError as error:
        yield Answer("files", f"{len(error.findings)} mistakes, the first: {error.findings[0]}", check)
        return
    yield from placeholders(environment)
    yield from _of_stack(root, environment, stack)


def _of_stack(root: Path, environment: Environment, stack: EngineStack) -> Iterator[Answer]:
    outputs: Mapping[str, object] = {}
    values: Mapping[str, str] | None = None

    def of_backend() -> list[Answer]:
        nonlocal outputs
        answers, outputs = initialised(stack)
        return answers

    def of_secrets() -> list[Answer]:
        nonlocal values
        answers, values = decrypted(stack)
        return answers

    yield from answered("stack", of_backend, f"pulumi stack select {stack.name}")
    yield from answered("secrets", of_secrets, f"pulumi config --stack {stack.name}")
    for place in clusters(environment):
        subject = f"cluster {place}"
        yield from answered(subject, partial(reachable, place, stack), "kubectl config get-contexts")
    if environment.stack.take_over:
        yield from answered("takeOver", lambda: taken_over(environment, stack), "kubectl config get-contexts")
    again = f"make status STACK={environment.name}"
    yield from answered("API", lambda: api(environment, values, is_deployed=bool(outputs)), again)
    yield from answered("charts", lambda: charts(root, environment, values), "make check, then helm pull by hand")
    look = kubectl("get ingress --all-namespaces", environment.stack.own_cluster)
    yield from answered("hosts", lambda: hosts(environment, stack), look)
