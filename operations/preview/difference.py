"""What differs in one object of the cluster, as lines that a person reads: its manifest, or its release's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff

import yaml
from pulumi.runtime import rpc

from operations.preview.release_values import comparable
from operations.preview.steps import Step
from rendering.unknown import MARKS

# What is shown instead.
HIDDEN = "(secret)"
LATER = "(known when it is deployed)"


@dataclass(frozen=True)
class Difference:
    """`title` names the object, `lines` are a unified difference of YAML, without secrets."""

    tenant: str
    title: str
    lines: tuple[str, ...]


def difference_of(step: Step) -> Difference | None:
    """None if it is no object of the cluster, or nothing of it can be shown to differ."""
    if not step.token.startswith("kubernetes:"):
        return None
    before, after = step.old, step.new if step.operation != "delete" else {}
    if step.kind == "Release":
        before, after = comparable(before, after)
    old, new = _lines(step, before), _lines(step, after)
    differing = [line.rstrip("\n") for line in unified_diff(old, new, lineterm="", n=2)][2:]
    title = f"{step.kind} {step.name}: {step.operation}"
    return Difference(step.tenant, title, tuple(differing)) if differing else None


def _lines(step: Step, inputs: Mapping[str, object]) -> list[str]:
    if not inputs:
        return []
    secret = ("data", "stringData") if step.kind == "Secret" else ()
    told = _declared(inputs) if step.kind == "Release" else inputs
    shown = {name: HIDDEN if name in secret else shown_of(value) for name, value in told.items()}
    return yaml.safe_dump(shown, allow_unicode=True, width=200).splitlines()


def _declared(release: Mapping[str, object]) -> dict[str, object]:
    """Without the options that the official plugin fills in with nothing; values are shown as they are."""
    plain: dict[str, object] = {}
    for name, value in release.items():
        kept = _declared(value) if isinstance(value, dict) and name != "values" else value
        if kept or name == "values":
            plain[name] = kept
    return plain


def shown_of(value: object) -> object:
    """The value without what the engine holds as a secret, and with a word for what it does not know yet."""
    if isinstance(value, dict):
        if rpc._special_sig_key in value:
            return HIDDEN
        return {str(name): shown_of(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shown_of(each) for each in value]
    if value == "[secret]":
        return HIDDEN
    return LATER if isinstance(value, str) and value in MARKS else value
