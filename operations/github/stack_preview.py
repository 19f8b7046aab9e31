"""The preview with a stack's own secrets, as a comment of the pull request whose files it is of."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_hex

from operations.deployment.side_by_side import side_by_side
from operations.errors import OperationError
from operations.files.comparison import Comparison
from operations.github import client as github
from operations.github.merge import Merge
from operations.github.preview_scope import preview_scope
from operations.github.runner import kubeconfig_secrets
from operations.preview.comment import LIMIT, comparison_blocks, fitted, plan_blocks, title_of
from operations.preview.markdown import folded
from operations.preview.plan import Plan
from operations.preview.policy_preview import FAILURE, Outcome, recorded_preview
from operations.preview.stack_plan import effective_since, plan_of_stack
from operations.shards.first_run import first_run
from operations.shards.parts import raise_all, short
from settings.errors import ConfigurationError
from settings.loading.load import load

_MARKER = "<!-- clearml-tenants preview: {} -->"
_ROOM = 2_000
_MOST_ADVICE = 20
_UNENDED = "the preview did not end well: more may change, go or restart than is told here"
# What is checked out: main's own commit, over which the branch's files are laid.
_MAIN = "HEAD"


def publish_preview(root: Path, run: Mapping[str, str], secrets: Collection[str], token: str) -> None:
    """Preview `STACK` as the files in `root` are, print it, and put it under the pull request `NUMBER`.

    Of an environment with shards those that the commit touches are in the same comment.
    `run` has `REPOSITORY` and `PROPOSAL`, too, and the variables named by `secrets`, whose values are not shown; the
    one named by `token` is kept from the engine. Raises OperationError if the preview fails or a policy is violated.
    """
    merge = Merge.of(root, run["PROPOSAL"], run[token])
    comparison = merge.comparison(root, run["STACK"].rpartition("/")[2])
    hidden = [*(run[name] for name in (*secrets, token) if run.get(name)), *kubeconfig_secrets(os.environ)]
    stacks = preview_scope(root, run["STACK"], merge)
    # Before any of it is written as Markdown, which writes a secret's own characters otherwise.
    said = side_by_side(stacks, partial(_previewed, root, token), os.cpu_count() or 1)
    outcomes = {stack: _hiding(hidden, outcome) for stack, outcome in zip(stacks, said, strict=True)}
    text = "\n".join(line for stack, outcome in outcomes.items() for line in (*_title(stacks, stack), outcome.text))
    _print(text)
    words = [
        block
        for stack, outcome in outcomes.items()
        for block in (*_title(stacks, stack), *words_of(root, stack, outcome, {token}))
    ]
    wrong = [stack for stack, outcome in outcomes.items() if not outcome.right]
    comment = _without(hidden, comment_of(run["STACK"], run["PROPOSAL"], text, comparison, words, right=not wrong))
    github.put_comment(run["REPOSITORY"], int(run["NUMBER"]), _MARKER.format(run["STACK"]), comment)
    raise_all([OperationError(FAILURE.format(stack)) for stack in wrong])


def _title(stacks: Collection[str], stack: str) -> Iterator[str]:
    """One alone needs none."""
    if len(stacks) > 1:
        yield f"\n## Stack `{short(stack)}`"


def _previewed(root: Path, token: str, stack: str) -> Outcome:
    """Of a preview that cannot even start, why: what differs in the files is to be read all the same."""
    try:
        missing = first_run(root, stack, (token,))
        return Outcome(missing, right=True) if missing else recorded_preview(root, stack, {token})
    except (OperationError, ConfigurationError) as error:
        return Outcome(str(error), right=False)


def words_of(root: Path, stack: str, outcome: Outcome, hidden: Collection[str]) -> Iterator[str]:
    """What is violated, what changes and restarts, and what people can use in the end; of files that are not valid the
    engine says it."""
    name = short(stack)
    try:
        environment = load(root, name)
    except ConfigurationError:
        return
    if outcome.steps is None:
        plan = Plan(name, (), features=tuple(effective_since(root, environment, _MAIN)))
    else:
        try:
            plan, _ = plan_of_stack(root, stack, environment, outcome.steps, _MAIN, hidden=hidden)
        except OperationError as error:
            plan = Plan(name, (), warnings=(f"the plan is not told in words: {error}",))
    plan = replace(plan, warnings=(*_advised(outcome.advice), *plan.warnings))
    yield from plan_blocks(plan if outcome.right else _as_far_as_known(plan, outcome))


def _advised(advice: Sequence[str]) -> Iterator[str]:
    """What policies advise, the first of it: one may speak of each of a thousand releases."""
    yield from advice[:_MOST_ADVICE]
    if len(advice) > _MOST_ADVICE:
        yield f"policies advise {len(advice) - _MOST_ADVICE} more, which the engine's own text has"


def _as_far_as_known(plan: Plan, outcome: Outcome) -> Plan:
    """Without who is untouched: that nobody knows of a preview that did not reach its end."""
    return replace(
        plan,
        tenants=tuple(each for each in plan.tenants if not each.untouched),
        faults=(*outcome.violations, *plan.faults),
        warnings=(_UNENDED, *plan.warnings),
    )


def comment_of(
    stack: str, commit: str, text: str, comparison: Comparison, words: Iterable[str] = (), *, right: bool
) -> str:
    """What differs in the files, which this program compared itself; the plan's `words`; then what the engine printed
    as code, which no text of a tenant ends; of one that is too long, the end."""
    result = "previewed" if right else "**the preview failed, or a policy is violated**"
    head = (
        f"{_MARKER.format(stack)}\n## `{stack}` with its own secrets: {result}; {title_of(comparison)}\n\n"
        f"Main's program, on the files that commit {commit[:8]} has below `config/`. Its texts and names are the "
        "branch's."
    )
    files = fitted([head, *comparison_blocks(comparison), *words], LIMIT - _ROOM)
    room = LIMIT - _ROOM // 2 - len(files)
    block = folded("what the engine says", text, "diff")
    while text and len(block) > room:
        text = text[max(1, len(text) // 8) :]
        block = folded("the end of what the engine says; the log of the run has all of it", text, "diff")
    return f"{files}\n{block}\n"


def _print(text: str) -> None:
    """A runner takes no line in between as a command to itself, which a tenant's text may look like."""
    end = f"end-{token_hex(16)}"
    print(f"::stop-commands::{end}\n{text}\n::{end}::", flush=True)


def _hiding(values: Collection[str], outcome: Outcome) -> Outcome:
    said, advised = (tuple(_without(values, each) for each in told) for told in (outcome.violations, outcome.advice))
    return replace(outcome, text=_without(values, outcome.text), violations=said, advice=advised)


def _without(values: Collection[str], text: str) -> str:
    """GitHub hides secrets in a log, and in no comment."""
    # The longest first: one may be the beginning of another.
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, "***")
    return text
