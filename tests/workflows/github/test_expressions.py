"""GitHub's expressions mean here what they mean there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.github.evaluation import evaluate, fill, truth
from tests.workflows.github.expressions import ExpressionError, condition, parse, reads

_CONTEXTS: dict[str, Any] = {
    "github": {"event": {"number": 7, "title": "it's"}, "ref": "refs/heads/main"},
    "matrix": {"stack": "prod"},
    "steps": {"ring": {"outputs": {"waiting": ""}, "outcome": "success"}},
    "list": ["a", "b"],
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'it''s'", "it's"),
        ("github.event.title == 'IT''S'", True),
        ("github.event.number", 7),
        ("github.event.number == '7'", True),
        ("github.event.nothing.there", None),
        ("github.event.nothing == ''", True),
        ("github['event'].number >= 7 && !false", True),
        ("steps.ring.outputs.waiting != ''", False),
        ("steps.ring.outputs.waiting || 'nobody'", "nobody"),
        ("true && 'yes' || 'no'", "yes"),
        ("(false || true) && 'x' == 'y'", False),
        ("fromJSON('7') == github.event.number", True),
        ("format('{0}-{1}', matrix.stack, github.event.number)", "prod-7"),
        ("contains(list, 'A')", True),
        ("startsWith(github.ref, 'refs/heads/')", True),
        ("join(list, ' ')", "a b"),
        ("null == 0", True),
    ],
)
def test_values(expression: str, value: object) -> None:
    assert evaluate(parse(expression), _CONTEXTS, {}) == value


@pytest.mark.parametrize("text", ["a ==", "a b", "'open", "f(", "a..b", "%"])
def test_what_github_refuses_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_a_context_that_is_not_there_is_a_mistake_and_an_entry_that_is_not_is_nothing() -> None:
    with pytest.raises(ExpressionError, match="context 'secrets' cannot be read here"):
        evaluate(parse("secrets.X"), _CONTEXTS, {})


def test_a_text_keeps_a_values_type_only_if_it_is_nothing_else() -> None:
    def value_of(node: Any) -> object:
        return evaluate(node, _CONTEXTS, {})

    assert fill("${{ fromJSON('[1]') }}", value_of) == [1]
    assert (
        fill("plan-${{ matrix.stack }}-${{ github.event.number }}${{ github.event.none }}", value_of) == "plan-prod-7"
    )


@pytest.mark.parametrize(
    ("text", "failed", "runs"),
    [
        ("matrix.stack == 'prod'", False, True),
        ("matrix.stack == 'prod'", True, False),
        ("failure()", True, True),
        ("failure()", False, False),
        ("failure() && steps.ring.outcome == 'success'", True, True),
        ("!cancelled()", True, True),
        ("${{ always() && matrix.stack == 'dev' }}", True, False),
        (True, True, False),
    ],
)
def test_a_condition_is_of_success_unless_it_says_otherwise(text: object, failed: bool, runs: bool) -> None:
    functions = {
        "success": lambda: not failed,
        "failure": lambda: failed,
        "always": lambda: True,
        "cancelled": lambda: False,
    }
    assert truth(evaluate(condition(text), _CONTEXTS, functions)) is runs


def test_text_around_a_condition_is_refused_for_it_would_always_hold() -> None:
    with pytest.raises(ExpressionError, match="always true"):
        condition("${{ failure() }} && true")


def test_what_is_read_is_found_wherever_it_stands() -> None:
    node = parse("contains(github.event[inputs.name].x, format('{0}', !secrets.A)) && vars.B")
    assert [read.path for read in reads(node)] == ["github.event.*.x", "inputs.name", "secrets.A", "vars.B"]
