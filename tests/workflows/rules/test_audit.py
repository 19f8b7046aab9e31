"""What the rules say of the workflows here, and that they say something of each that is worse."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.workflows.github.model import ROOT, Repository, read_yaml
from tests.workflows.github.official_actions import OFFICIAL
from tests.workflows.rules import trust
from tests.workflows.rules.audit import findings
from tests.workflows.rules.mutations import mutations

# What a person reads, and no run depends on; and how long something may take or is kept, within the rules' bounds.
_TASTE = {"name", "description"}
_AMOUNTS = {"timeout-minutes", "retention-days"}

_DEPLOY, _STACK = "workflows/deploy.yml", "workflows/deploy-stack.yml"
_CHECK, _COMMENT, _DRIFT = "workflows/check.yml", "workflows/comment.yml", "workflows/drift.yml"
_PREVIEW, _NIGHTLY, _PREPARE = "workflows/preview.yml", "workflows/nightly.yml", "actions/prepare/action.yml"
_CHECKOUT = "          persist-credentials: false\n"
_TAKE = (
    "      - run: make proposal\n        env:\n          PROPOSAL: ${{ github.event.pull_request.head.sha }}\n      #"
)
_HEAD_REF = "          ref: ${{ github.event.pull_request.head.sha }}\n"
_PASSED = "      PULUMI_ACCESS_TOKEN: ${{ secrets.PULUMI_ACCESS_TOKEN }}\n"
_TOKEN = "          PULUMI_ACCESS_TOKEN: ${{ secrets.PULUMI_ACCESS_TOKEN }}\n"
_EXCLUDE = "          exclude: ${{ steps.ring.outputs.waiting }}\n"
_HEAL = "      - run: make heal\n"
_OWN_BRANCH = "    if: github.event.pull_request.head.repo.full_name == github.repository\n"

# Faults of whole lines: the file, what stands there (its first place), what stands there instead.
FAULTS = {
    "the pull request's head where something can be written": (
        _COMMENT,
        _CHECKOUT,
        _CHECKOUT + "          ref: ${{ github.event.workflow_run.head_sha }}\n",
    ),
    "a stranger's repository where something can be written": (
        _COMMENT,
        _CHECKOUT,
        _CHECKOUT + "          repository: ${{ github.event.workflow_run.head_repository.full_name }}\n",
    ),
    "checkout's own guard put away": (_COMMENT, _CHECKOUT, _CHECKOUT + "          allow-unsafe-pr-checkout: true\n"),
    "a plan of another kind of run": (_COMMENT, "    if: github.event.workflow_run.event == 'pull_request'\n", ""),
    "a stranger's files over ours": (_COMMENT, "path: plans", "path: ."),
    "a stranger's files among ours": (_COMMENT, "path: plans", "path: operations"),
    "comments of a workflow that is not there": (_COMMENT, "workflows: [check]", "workflows: [checks]"),
    "comments for each state of a run": (_COMMENT, "    types: [completed]\n", ""),
    "a right to push": (_COMMENT, "contents: read", "contents: write"),
    "a right to push in a deploy": (_STACK, "      contents: read\n", "      contents: write\n"),
    "all rights": (_DRIFT, "permissions: {}", "permissions: write-all"),
    "all rights of a job": (
        _NIGHTLY,
        "    permissions:\n      contents: read\n      issues: write # the issue\n",
        "    permissions: write-all\n",
    ),
    "no word of rights": (_PREVIEW, "permissions: {}\n", ""),
    "a right that nobody uses": (_CHECK, "      contents: read\n", "      contents: read\n      id-token: write\n"),
    "a caller that grants less": (_DEPLOY, "      deployments: read # what each stack has\n", ""),
    "strangers with this repository's rights": (_CHECK, "  pull_request:\n", "  pull_request_target:\n"),
    "a preview for strangers": (_PREVIEW, _OWN_BRANCH, ""),
    "a preview that needs nobody": (_PREVIEW, "    needs: proposal\n", ""),
    "a preview by the branch's own workflow": (_PREVIEW, "  pull_request_target:", "  pull_request:"),
    "a preview for any branch that calls itself a base": (_PREVIEW, "    branches: [main]\n", ""),
    "the branch's code where the proposal is taken": (_PREVIEW, _CHECKOUT, _CHECKOUT + _HEAD_REF),
    "the branch's code where secrets are": (
        _PREVIEW,
        _CHECKOUT + "          fetch-depth: 0\n      - uses: ./",
        _CHECKOUT + _HEAD_REF + "          fetch-depth: 0\n      - uses: ./",
    ),
    "the merge commit where secrets are": (
        _PREVIEW,
        _CHECKOUT + "          fetch-depth: 0\n      - uses: ./",
        _CHECKOUT + "          ref: refs/pull/${{ github.event.pull_request.number }}/merge\n      - uses: ./",
    ),
    "a branch's artifact where secrets are": (
        _PREVIEW,
        _TAKE,
        "      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1\n"
        "        with:\n          path: plans\n      #",
    ),
    "a preview that takes nothing": (
        _PREVIEW,
        _TAKE,
        "      #",
    ),
    "a deploy of what a branch has": (
        _STACK,
        _CHECKOUT,
        _CHECKOUT + "          ref: ${{ github.head_ref }}\n",
    ),
    "a drift of what a branch has": (_DRIFT, "  workflow_dispatch:\n", "  pull_request:\n"),
    "a preview with the deploying environment": (
        _PREVIEW,
        "environment: ${{ matrix.stack }}-preview",
        "environment: ${{ matrix.stack }}",
    ),
    "a preview with another stack's environment": (
        _PREVIEW,
        "environment: ${{ matrix.stack }}-preview",
        "environment: dev-preview",
    ),
    "drift with the deploying environment": (
        _DRIFT,
        "environment: ${{ matrix.stack }}-drift",
        "environment: ${{ matrix.stack }}",
    ),
    "a deploy without environment": (_STACK, "    environment: ${{ inputs.stack }}\n", ""),
    "a deploy from every branch": (_DEPLOY, "    branches: [main]\n", "    branches: ['**']\n"),
    "a deploy of a pull request": (_DEPLOY, "  push:\n", "  pull_request:\n  push:\n"),
    "no secret passed": (
        _DEPLOY,
        "    secrets:\n      KUBECONFIG_CONTENT: ${{ secrets.KUBECONFIG_CONTENT }}\n" + _PASSED,
        "    secrets:\n",
    ),
    "all secrets passed": (
        _DEPLOY,
        "    secrets:\n      KUBECONFIG_CONTENT: ${{ secrets.KUBECONFIG_CONTENT }}\n"
        + _PASSED
        + "      PULUMI_CONFIG_PASSPHRASE: ${{ secrets.PULUMI_CONFIG_PASSPHRASE }}\n",
        "    secrets: inherit\n",
    ),
    "a secret passed under another's name": (_DEPLOY, _PASSED, _PASSED.replace("secrets.PULUMI_A", "secrets.PULUMI_B")),
    "a secret that is not declared": (_STACK, "      PULUMI_ACCESS_TOKEN:\n        required: false\n", ""),
    "a secret that a stack need not have": (
        _STACK,
        "      PULUMI_ACCESS_TOKEN:\n        required: false\n",
        "      PULUMI_ACCESS_TOKEN:\n        required: true\n",
    ),
    "a secret for every step": (_STACK, "    env:\n", "    env:\n" + _TOKEN.replace("          ", "      ")),
    "a secret for every job": (_DRIFT, "jobs:\n", "env:\n  TOKEN: ${{ secrets.PULUMI_ACCESS_TOKEN }}\njobs:\n"),
    "a secret for a step that has no use for it": (
        _STACK,
        "      - run: make check\n",
        "      - run: make check\n        env:\n" + _TOKEN,
    ),
    "a secret before the commit is looked at": (
        _STACK,
        "          COMMIT: ${{ github.sha }}\n",
        "          COMMIT: ${{ github.sha }}\n" + _TOKEN,
    ),
    "all secrets in one": (
        _STACK,
        _TOKEN,
        "          PULUMI_ACCESS_TOKEN: ${{ toJSON(secrets) }}\n",
    ),
    "a secret of a computed name": (
        _STACK,
        _TOKEN,
        _TOKEN.replace("secrets.PULUMI_ACCESS_TOKEN", "secrets[vars.NAME]"),
    ),
    "a secret for strangers": (
        _CHECK,
        "      - run: make test\n",
        "      - run: make test\n        env:\n" + _TOKEN,
    ),
    "a step without its secret": (_STACK, _TOKEN, ""),
    "a token that stays": (_STACK, "persist-credentials: false", "persist-credentials: true"),
    "a token that stays because nobody says": (_PREVIEW, "        with:\n" + _CHECKOUT, "        with:\n"),
    "an action by its tag": (
        _DRIFT,
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
        "actions/checkout@v7",
    ),
    "an action at another commit": (
        _DRIFT,
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
        "actions/checkout@4d3c42e5aac5ba805825da76410c181273ba90b1",
    ),
    "an action of somebody": (_DRIFT, "actions/checkout@", "somebody/checkout@"),
    "an input that the action has not": (_STACK, "expect-no-changes:", "expect-no-change:"),
    "an input that our action has not": (_STACK, "          kubeconfig:", "          kube-config:"),
    "outputs in a log": (_STACK, "          suppress-outputs: true\n", ""),
    "outputs in the drift's log": (_DRIFT, "suppress-outputs: true", "suppress-outputs: false"),
    "a gate that lets all through": (_STACK, "          expect-no-changes: true\n", ""),
    "a drift that nobody hears of": (_DRIFT, "          expect-no-changes: true\n", ""),
    "a drift that reads nothing": (_DRIFT, "          refresh: true\n", ""),
    "a drift that is told always": (
        _DRIFT,
        "      - if: failure()\n        run: make drift\n",
        "      - run: make drift\n",
    ),
    "a canary ring of everybody": (_STACK, _EXCLUDE, ""),
    "a canary ring of others": (_STACK, _EXCLUDE, "          exclude: ${{ vars.CANARY_TENANTS }}\n"),
    "a ring without its tenants": (_STACK, "          RING: ${{ vars.CANARY_TENANTS }}\n", ""),
    "a deploy that reads nothing back": (_STACK, "          refresh: true\n", ""),
    "a deploy that makes the stack": (
        _STACK,
        "          command: up\n",
        "          command: up\n          upsert: true\n",
    ),
    "a deploy that goes on": (
        _STACK,
        "          command: up\n",
        "          command: up\n          continue-on-error: true\n",
    ),
    "a removal": (_STACK, "          command: up\n", "          command: destroy\n"),
    "a gate that may fail": (
        _STACK,
        "      - name: health gate\n",
        "      - name: health gate\n        continue-on-error: true\n",
    ),
    "no healing": (_STACK, _HEAL, "      - run: make check\n"),
    "healing in the end": (_STACK, "        run: make ring\n", "        run: make heal\n"),
    "policies that nobody asks": (_STACK, "      - run: make policy\n", "      - run: make check\n"),
    "an older commit": (_STACK, "      - run: make newest\n", "      - run: make check\n"),
    "an older commit, if somebody likes": (
        _STACK,
        "      - run: make newest\n",
        "      - run: make newest\n        if: github.run_attempt == 1\n",
    ),
    "a failure that nobody explains": (_STACK, "if: failure() &&", "if: success() &&"),
    "a deploy that is ended": (_STACK, "cancel-in-progress: false", "cancel-in-progress: true"),
    "two deploys at a time": (_STACK, "group: stack-${{ inputs.stack }}", "group: stack-${{ github.run_id }}"),
    "one stack's drift hides another's": (_DRIFT, "fail-fast: false", "fail-fast: true"),
    "one stack's preview hides another's": (_PREVIEW, "      fail-fast: false\n", ""),
    "a stack whose drift nobody sees": (_DRIFT, "stack: [dev, staging, prod]", "stack: [dev, staging]"),
    "production before staging is done": (_DEPLOY, "    needs: staging\n", "    needs: dev\n"),
    "production after a failure": (_DEPLOY, "    needs: staging\n", "    needs: staging\n    if: always()\n"),
    "another stack under this name": (_DEPLOY, "      stack: staging\n", "      stack: prod\n"),
    "a job without end": (_COMMENT, "    timeout-minutes: 15\n", ""),
    "a deploy without end": (_STACK, "    timeout-minutes: 340\n", ""),
    "a night that ends before it is told": (_NIGHTLY, "        timeout-minutes: 150", "        timeout-minutes: 180"),
    "a text that GitHub puts into a command": (
        _CHECK,
        "      - run: make check\n",
        '      - run: echo "${{ github.event.pull_request.title }}"\n',
    ),
    "a text that GitHub puts into make": (_PREPARE, "run: make program", "run: make ${{ inputs.policies }}"),
    "a target that is not there": (_DRIFT, "run: make drift", "run: make drifted"),
    "all development tools with the secrets": (_PREPARE, "make program", "make packages"),
    "a cache that a pull request wrote": (
        _STACK,
        "      - run: make check\n",
        "      - uses: actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5\n        with:\n"
        "          path: ~/.cache/clearml-tenants\n          key: tools\n      - run: make check\n",
    ),
    "packages from a cache": (
        _PREPARE,
        '        python-version: "3.13"\n',
        '        python-version: "3.13"\n        cache: pip\n',
    ),
    "a plan from elsewhere": (_CHECK, "path: .rehearsal/${{ matrix.stack }}.json", "path: ."),
    "a plan that is left out": (_CHECK, "          include-hidden-files: true\n", ""),
    "a plan that the comment does not look for": (_CHECK, "name: plan-", "name: preview-"),
    "no plan of a wrong file": (_CHECK, "        if: ${{ !cancelled() }}\n", ""),
    "one commit to compare with": (_CHECK, "          fetch-depth: 0\n", ""),
    "a comparison with somebody's branch": (
        _CHECK,
        "BASE: ${{ github.event.pull_request.base.sha }}",
        "BASE: ${{ github.event.pull_request.base.ref }}",
    ),
    "an output that is not there": (_CHECK, "steps.affected.outputs.stacks", "steps.affected.outputs.stack"),
    "an output of a job that is not needed": (_CHECK, "    needs: affected\n", ""),
    "a variable that the event has not": (
        _COMMENT,
        "github.event.workflow_run.head_sha",
        "github.event.pull_request.head.sha",
    ),
    "the token of another": (_DRIFT, "GH_TOKEN: ${{ github.token }}", "GH_TOKEN: ${{ secrets.ADMIN }}"),
    "somebody's machine": (_CHECK, "runs-on: ubuntu-latest", "runs-on: self-hosted"),
    "a variable that changes a shell": (
        _STACK,
        "      STACK: ${{ inputs.stack }}\n",
        "      STACK: ${{ inputs.stack }}\n      BASH_ENV: /tmp/x\n",
    ),
    "another engine": (_PREPARE, "pulumi-version: 3.", "pulumi-version: 4."),
    "a kubeconfig before the packages": (_PREPARE, "    - run: make program\n", "    - run: make kubeconfig\n"),
}


def _faulty(folder: Path, file: str, old: str, new: str) -> Repository:
    shutil.copytree(ROOT / ".github", folder / ".github")
    path = folder / ".github" / file
    text = path.read_text()
    assert old in text, f"{file} has no such line any more"
    path.write_text(text.replace(old, new, 1))
    return Repository.of(folder / ".github", ROOT / "Makefile")


def test_the_workflows_here_are_right() -> None:
    assert list(findings(Repository.own())) == []


@pytest.mark.parametrize(("file", "old", "new"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_noticed(tmp_path: Path, file: str, old: str, new: str) -> None:
    assert any(findings(_faulty(tmp_path, file, old, new)))


@pytest.mark.parametrize(
    "fault",
    [
        "the pull request's head where something can be written",
        "a stranger's repository where something can be written",
        "checkout's own guard put away",
        "a preview by the branch's own workflow",
        "a preview for any branch that calls itself a base",
        "the branch's code where secrets are",
        "the merge commit where secrets are",
        "a branch's artifact where secrets are",
        "a deploy of what a branch has",
        "a deploy of a pull request",
        "a deploy from every branch",
        "a drift of what a branch has",
    ],
)
def test_a_branchs_code_where_secrets_are_breaks_one_rule_that_says_so(tmp_path: Path, fault: str) -> None:
    """Whatever else notices it."""
    assert list(trust.mains_alone(_faulty(tmp_path, *FAULTS[fault])))


def test_nothing_can_be_taken_out_added_or_changed_unseen() -> None:
    """One place after the other, in every workflow and action."""
    own = Repository.own()
    unseen = [each for each in mutations(own) if not any(findings(each.applied(own)))]
    left = [str(each) for each in unseen if each.path[-1] not in _TASTE]
    assert [
        each for each in left if not (each.endswith("is another") and each.split()[0].split(".")[-1] in _AMOUNTS)
    ] == []


def test_what_is_known_of_an_official_action_is_of_the_version_that_is_used() -> None:
    texts = [file.read_text() for file in (ROOT / ".github").rglob("*.yml")]
    used = {found for text in texts for found in re.findall(r"uses: ([\w-]+/[\w-]+)@\w+ # v(\d+)\.", text)}
    assert used == {(name, str(official.version)) for name, official in OFFICIAL.items()}


def test_a_file_is_read_as_github_reads_it() -> None:
    """`on` is a word there, not a truth, and so are `yes` and `off`."""
    assert read_yaml("on: {push: }\nmode: off\nfast: true\n") == {"on": {"push": None}, "mode": "off", "fast": True}
    with pytest.raises(Exception, match="stands twice"):
        read_yaml("on: push\njobs: {}\non: pull_request\n")
