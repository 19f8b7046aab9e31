"""All rules, asked of a repository's workflows; a finding is a line."""

from __future__ import annotations

from collections.abc import Iterator

from tests.workflows.github.expressions import ExpressionError
from tests.workflows.github.model import Repository
from tests.workflows.rules import meaning, order, outputs, references, rights, shape, tasks, trust

RULES = (
    *shape.RULES,
    *tasks.RULES,
    *rights.RULES,
    *meaning.RULES,
    *trust.RULES,
    *references.RULES,
    *order.RULES,
    *outputs.RULES,
)


def findings(repository: Repository) -> Iterator[str]:
    """What is wrong, rule by rule; also where a workflow is too broken for a rule to read."""
    for rule in RULES:
        try:
            yield from rule(repository)
        except (ExpressionError, KeyError, TypeError, AttributeError, IndexError) as error:
            yield f"{rule.__name__}: cannot be read: {error!r}"
