"""Whether what `takeOver` names is there: only the cluster knows, and an entry for what is not there is left over."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from components.namespaces.api_server import ClusterError, StatusError
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.readiness.answer import Answer
from operations.readiness.cluster_questions import api_server
from operations.takeover.targets import Target, targets
from settings.errors import ConfigurationError
from settings.facts import stack_file_of
from settings.loading.load import Environment
from settings.models.cluster_ref import ClusterRef

_HELM = "owner=helm"


def named_targets(environment: Environment) -> list[Target]:
    """What the files ask for, and `takeOver` names."""
    entries = environment.stack.take_over
    return [each for each in targets(environment) if each.entry in entries]


def taken_over(environment: Environment, stack: EngineStack) -> list[Answer]:
    """A line for each that is not there; one line if all are."""
    named, answers = named_targets(environment), list[Answer]()
    for place in dict.fromkeys(each.spot.place for each in named):
        here = [each for each in named if each.spot.place == place]
        try:
            there = frozenset(_entries(place, stack, releases=any(each.use for each in here)))
        except (StatusError, ClusterError, OperationError, ConfigurationError):
            answers.append(Answer("takeOver", f"cluster {place} does not say what is there"))
        else:
            answers += _missing(here, there, environment)
    return answers or [Answer("takeOver", f"all {len(named)} that it names are there")]


def _entries(place: ClusterRef, stack: EngineStack, *, releases: bool) -> Iterator[str]:
    """Namespaces, and releases that Helm keeps in Secrets; as `takeOver` names them. Raises as the cluster does."""
    api = api_server(place, stack)
    yield from api.namespaces()
    kept = api.items("/api/v1/secrets", metadata_only=True, labelSelector=_HELM) if releases else ()
    for each in kept:
        metadata = each["metadata"]
        yield f"{metadata['namespace']}/{(metadata.get('labels') or {}).get('name')}"


def _missing(named: Collection[Target], there: Collection[str], environment: Environment) -> Iterator[Answer]:
    file = stack_file_of(environment.name)
    for target in named:
        if target.entry not in there:
            text = f"{target.what} is not in {target.spot.place}"
            yield Answer("takeOver", text, f"mend its name, or take {target.entry} out of takeOver in {file}")
