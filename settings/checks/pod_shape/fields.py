"""Fields of a queue's pod template, as the API server reads them: a list or a mapping, texts where texts belong.

A template is text to the chart and to the agent, so nobody before the API server reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

Found = Iterator[tuple[str, str]]

_LISTS = (
    *("env", "envFrom", "volumes", "volumeMounts", "tolerations", "initContainers", "imagePullSecrets"),
    *("topologySpreadConstraints", "hostAliases", "fileMounts"),
)
_MAPPINGS = (
    *("labels", "annotations", "nodeSelector", "resources", "affinity", "securityContext"),
    *("podSecurityContext", "containerSecurityContext"),
)
_OTHERS = ("schedulerName", "priorityClassName", "runtimeClassName", "serviceAccountName", "hostNetwork", "dnsPolicy")
_KNOWN = (*_LISTS, *_MAPPINGS, *_OTHERS)
_MOST_PODS = "maxPods"
_TEXTS = ("labels", "annotations", "nodeSelector")
_TOLERATIONS = "tolerations"
# As charts call those of a pod, a Deployment or an ingress.
_OF_OBJECTS = ("Labels", "Annotations")
_LABEL = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_OPERATORS = ("Exists", "Equal")


def refused(template: Mapping[str, Any]) -> Found:
    """Path and why the API server takes no pod of this template."""
    for key in (*_LISTS, *_MAPPINGS):
        value, kind = template.get(key), "list" if key in _LISTS else "mapping"
        if value and not isinstance(value, list | tuple if kind == "list" else Mapping):
            example = "[{name: …, …}]" if kind == "list" else "{key: …}"
            yield key, f"has to be a {kind} in a pod; write it like {key}: {example}"
    for key in _TEXTS:
        yield from _texts(key, template.get(key))
    for path, entry in _entries(template, "env"):
        if "value" in entry and not isinstance(entry["value"], str) and entry["value"] is not None:
            yield f"{path}.value", "is no text, as a pod wants it; put it in quotes"
    for path, entry in _entries(template, _TOLERATIONS):
        yield from _toleration(path, entry)


def of_chart(values: Mapping[str, Any]) -> Found:
    """Path and what Kubernetes does not take of these values of a chart's, whatever the chart shapes a pod by.

    A text in the place of a list or a mapping is a template of the chart's.
    """
    for key, value in values.items():
        wants = list | tuple if key == _TOLERATIONS else Mapping if key in _TEXTS else object
        if value and not isinstance(value, str) and not isinstance(value, wants):
            example = "[{key: …, operator: Exists}]" if key == _TOLERATIONS else "{key: …}"
            kind = "list" if key == _TOLERATIONS else "mapping"
            yield key, f"has to be a {kind} in a pod; write it like {key}: {example}"
        if key in _TEXTS or key.endswith(_OF_OBJECTS):
            yield from _texts(key, value)
    for path, entry in _entries(values, _TOLERATIONS):
        yield from _toleration(path, entry)


def doubtful(template: Mapping[str, Any], base: Mapping[str, Any]) -> Found:
    """Path and what is told: keys that nobody reads, and mounts of volumes that are nowhere."""
    for key in template:
        near = get_close_matches(key, _KNOWN, n=1, cutoff=0.88) if key not in _KNOWN else []
        near = near or [each for each in _KNOWN if each.lower() == key.lower() and each != key]
        if near:
            yield key, f"is no key of a pod's template that is known here; did you mean {near[0]}?"
    known = {entry.get("name") for each in (template, base) for _, entry in _entries(each, "volumes")}
    for path, entry in _entries(template, "volumeMounts"):
        if entry.get("name") not in known and entry.get("name"):
            text = f"mounts {entry['name']!r}, which is none of the template's volumes; add it there"
            yield f"{path}.name", f"{text}, unless the chart makes it"


def queue_settings(given: Mapping[str, Any]) -> Found:
    """Key and what is told: the one that the guides name, in other letters."""
    for key in given:
        if key != _MOST_PODS and key.lower().replace("_", "").replace("-", "") == _MOST_PODS.lower():
            yield key, f"is no setting of a queue that is known here; did you mean {_MOST_PODS}?"


def _texts(key: str, value: object) -> Found:
    for name, each in value.items() if isinstance(value, Mapping) else ():
        if each is None:
            continue
        if not isinstance(each, str):
            yield f"{key}.{name}", "is no text, as a pod wants it; put it in quotes"
        elif not key.lower().endswith("annotations") and not _LABEL.fullmatch(each):
            text = f"{each!r} is no label's value: at most 63 letters, digits, - _ and . ; write it like"
            yield f"{key}.{name}", f"{text} {re.sub(r'[^A-Za-z0-9._-]+', '-', each).strip('-._')[:63] or 'research'}"


def _toleration(path: str, entry: Mapping[str, Any]) -> Found:
    operator, effect, value = entry.get("operator"), entry.get("effect"), entry.get("value")
    if operator and operator not in _OPERATORS:
        yield f"{path}.operator", f"{operator!r} is none: write Exists, or Equal with a value"
    if effect and effect not in _EFFECTS:
        yield f"{path}.effect", f"{effect!r} is none: write one of {', '.join(_EFFECTS)}"
    if value is not None and not isinstance(value, str):
        yield f"{path}.value", "is no text, as a pod wants it; put it in quotes"
    elif operator == "Exists" and value:
        yield f"{path}.value", "stands beside operator: Exists, which takes none; remove it, or write operator: Equal"
    if entry.get("tolerationSeconds") is not None and effect != "NoExecute":
        yield f"{path}.tolerationSeconds", "is for effect: NoExecute alone; remove it, or write that effect"


def _entries(template: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    listed = template.get(key)
    for index, entry in enumerate(listed if isinstance(listed, list | tuple) else ()):
        if isinstance(entry, Mapping):
            yield f"{key}[{index}]", entry
