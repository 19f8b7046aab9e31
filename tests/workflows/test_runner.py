"""The runner of these tests keeps GitHub's rules, or what it shows of the jobs is worth nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.conftest import Origin
from tests.workflows.github.model import Repository, read_yaml
from tests.workflows.github.runner import Event, Result, Runner
from tests.workflows.github.site import Settings, Site, git

_WORKFLOW = """
on: push
permissions: {}
env: {A: workflow, B: workflow, C: workflow, D: workflow}
jobs:
  first:
    environment: there
    env: {B: job, C: job, D: job}
    outputs: {said: "${{ steps.say.outputs.many }}"}
    steps:
      - id: say
        run: |
          printf 'many<<END\\none\\ntwo\\nEND\\nlast=3\\n' >> "$GITHUB_OUTPUT"
          echo "D=set" >> "$GITHUB_ENV"
          mkdir "$HOME/more"; printf '#!/bin/sh\\necho of the path\\n' > "$HOME/more/tool"; chmod +x "$HOME/more/tool"
          echo "$HOME/more" >> "$GITHUB_PATH"
      - run: echo "$A $B $C $D ${{ steps.say.outputs.last }}"; tool
        env: {C: "step of ${{ vars.WHERE }}"}
      - run: 'false'
      - run: echo not run
      - if: failure()
        run: echo told of ${{ secrets.ONE }}
      - if: always() && steps.say.outcome == 'failure'
        run: echo not run
  second:
    needs: first
    steps: [{run: echo not run}]
  third:
    needs: first
    if: failure()
    steps: [{run: 'echo "third: $SAID"', env: {SAID: "${{ needs.first.outputs.said }}"}}]
"""
_CALLER = """
on: push
permissions: {}
jobs:
  call:
    uses: ./.github/workflows/called.yml
    with: {stack: prod}
    secrets: {ONE: "${{ secrets.ONE }}"}
"""
_CALLED = """
on: {workflow_call: {inputs: {stack: {}}, secrets: {ONE: {}, TWO: {}}}}
permissions: {}
jobs:
  own:
    environment: there
    steps: [{run: 'echo "${{ inputs.stack }}, ${{ secrets.ONE }}, ${{ secrets.TWO }}"'}]
  none:
    steps: [{run: 'echo "${{ inputs.stack }}, ${{ secrets.ONE }}, ${{ secrets.TWO }}"'}]
"""


def _run(tmp_path: Path, origin: Origin, *, fork: bool = False, **workflows: str) -> list[Result]:
    own = Settings({"ONE": "one of all"}, {"WHERE": "all"})
    there = Settings({"ONE": "one of there", "TWO": "two of there"}, {"WHERE": "there"})
    site = Site.new(tmp_path / "site", origin.folder, own, {"there": there})
    repository = Repository({name: read_yaml(text) for name, text in workflows.items()}, {}, "")
    return Runner(repository, site, tmp_path / "jobs").run(
        next(iter(workflows)), Event("push", origin.newest, fork=fork)
    )


def _logs(result: Result) -> list[str]:
    return [step.log for step in result.steps if step.outcome != "skipped"]


def test_variables_outputs_and_conditions(tmp_path: Path, origin: Origin) -> None:
    first, second, third = _run(tmp_path, origin, main=_WORKFLOW)
    assert _logs(first) == [
        "",
        "workflow job step of there set 3\nof the path\n",
        "exit code 1",
        "told of one of there\n",
    ]
    assert (first.result, second.result, third.result) == ("failure", "skipped", "success")
    assert first.outputs == {"said": "one\ntwo"}
    assert _logs(third) == ["third: one\ntwo\n"]


def test_a_called_workflow_has_what_is_passed_and_its_environments_value_of_that(
    tmp_path: Path, origin: Origin
) -> None:
    own, none = _run(tmp_path, origin, main=_CALLER, called=_CALLED)
    assert _logs(own) == ["prod, one of there, \n"]
    assert _logs(none) == ["prod, one of all, \n"]


def test_of_a_fork_there_is_no_secret(tmp_path: Path, origin: Origin) -> None:
    own, none = _run(tmp_path, origin, fork=True, main=_CALLER, called=_CALLED)
    assert _logs(own) == _logs(none) == ["prod, , \n"]


def test_an_input_that_an_official_action_has_not_is_a_failure(tmp_path: Path, origin: Origin) -> None:
    steps = "steps: [{uses: actions/checkout@v7, with: {persist-credential: false}}]"
    (job,) = _run(tmp_path, origin, main=f"on: push\npermissions: {{}}\njobs: {{one: {{{steps}}}}}")
    assert job.steps[0].log == "actions/checkout has no input persist-credential"


@pytest.mark.parametrize("depth", [0, 1])
def test_a_checkout_is_of_the_runs_commit_with_as_much_history_as_is_asked_for(
    tmp_path: Path, origin: Origin, depth: int
) -> None:
    with_ = f"with: {{persist-credentials: false, fetch-depth: {depth}}}"
    steps = f"steps: [{{uses: actions/checkout@v7, {with_}}}, {{run: git rev-list --count HEAD; git config --list}}]"
    (job,) = _run(tmp_path, origin, main=f"on: push\npermissions: {{}}\njobs: {{one: {{{steps}}}}}")
    whole = git(origin.folder, "rev-list", "--count", "main")
    assert int(whole) > 1
    assert job.steps[1].log.splitlines()[0] == (whole if depth == 0 else "1")
    assert "extraheader" not in job.steps[1].log
