"""Chart values that no public page names: they pass a rehearsal, are told, and count as a restart. Pure.

The stand-in charts refuse such a value, since most are misspelt. But the enterprise charts know more than their pages
say, and a rehearsal that ended there would tell nothing else of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from operations.preview.restarts.release_restarts import Pods, Render
from operations.preview.restarts.stand_ins import Inputs
from operations.preview.steps import Step
from operations.urns import RELEASE

Schema = Mapping[str, Any]
"""A chart's `values.schema.json`."""
Schemas = Mapping[str, Schema]
"""By the chart's name."""
_CLOSED = "additionalProperties"
_MISSING = object()


def opened(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """The schema without its word that there are no other keys; of what kind a known value is, it still says."""
    if isinstance(schema, Mapping):
        kept = {key: value for key, value in schema.items() if not (key == _CLOSED and value is False)}
        return {key: opened(value) for key, value in kept.items()}
    return [opened(each) for each in schema] if isinstance(schema, list) else schema


def unknown_in(schema: Schema, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values that the schema does not know, by their path like `agentk8sglue.debugMode`."""
    return dict(_unknown(schema, schema, values, ""))


def unknown_lines(steps: Iterable[Step], schemas: Schemas) -> Iterator[str]:
    """One warning for each such value that a step brings or changes."""
    for step in steps:
        schema = schemas.get(str(step.new.get("chart")))
        if step.token != RELEASE or schema is None:
            continue
        before = unknown_in(schema, _values(step.old))
        for path, value in unknown_in(schema, _values(step.new)).items():
            if before.get(path, _MISSING) != value:
                text = (
                    "is a chart value that no public page names; the rehearsal cannot tell whether the chart knows it"
                )
                yield f"{step.tenant or 'server'}: {path} of release {step.name} {text}, and counts it as a restart"


def unjudged_lines(steps: Iterable[Step], schemas: Schemas) -> Iterator[str]:
    """One line where a release of a stand-in chart is made or changed: what the real one makes, no policy saw here."""
    changed = (step for step in steps if step.token == RELEASE and step.operation not in ("same", "delete"))
    if any(str(step.new.get("chart")) in schemas for step in changed):
        yield (
            "charts are stand-ins here: rights, images and pods that the real ones make, and what policies only "
            "advise, no policy judged; the preview with secrets does"
        )


def counted(render: Render, schemas: Schemas) -> Render:
    """`render`, whose pods hold the unknown values that may shape them: another such value is another pod."""

    def pods(inputs: Inputs) -> Pods:
        made, schema = render(inputs), schemas.get(str(inputs.get("chart")))
        found = unknown_in(schema, _values(inputs)) if schema else {}
        return {name: _with(pod, {path: each for path, each in found.items() if _shapes(path, name, made)})
                for name, pod in made.items()}  # fmt: skip

    return pods


def _values(inputs: Inputs) -> Mapping[str, Any]:
    values = inputs.get("values")
    return values if isinstance(values, Mapping) else {}


def _with(pod: object, unknown: Mapping[str, Any]) -> object:
    return {"pod": pod, "unknown": unknown} if unknown else pod


def _shapes(path: str, name: str, pods: Pods) -> bool:
    """A value below a part's own name shapes that part's pods only; any other may shape all."""
    part = f"-{path.partition('.')[0]}"
    return name.endswith(part) or not any(each.endswith(part) for each in pods)


def _unknown(whole: Schema, schema: Schema, value: object, path: str) -> Iterator[tuple[str, Any]]:
    schema = _resolved(whole, schema)
    if isinstance(value, Mapping):
        known, others = schema.get("properties", {}), schema.get(_CLOSED, {})
        for key, each in value.items():
            here = f"{path}.{key}".removeprefix(".")
            if key in known:
                yield from _unknown(whole, known[key], each, here)
            elif others is False:
                yield here, each
            elif isinstance(others, Mapping):
                yield from _unknown(whole, others, each, here)
    elif isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        for index, each in enumerate(value):
            yield from _unknown(whole, schema["items"], each, f"{path}[{index}]")


def _resolved(whole: Schema, schema: Schema) -> Schema:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found: Any = whole
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(whole, found)
