"""Faults by which somebody's code runs, or may write, where it must not.

Each has the file, what stands there (its first place), and what stands there instead.
"""

from __future__ import annotations

from tests.workflows.rules.faults.places import (
    CHECK,
    CHECKOUT,
    COMMENT,
    DEPLOY,
    DRIFT,
    HEAD_REF,
    NIGHTLY,
    OWN_BRANCH,
    PREVIEW,
    STACK,
    TAKE,
)

TRUST = {
    "the pull request's head where something can be written": (
        COMMENT,
        CHECKOUT,
        CHECKOUT + "          ref: ${{ github.event.workflow_run.head_sha }}\n",
    ),
    "a stranger's repository where something can be written": (
        COMMENT,
        CHECKOUT,
        CHECKOUT + "          repository: ${{ github.event.workflow_run.head_repository.full_name }}\n",
    ),
    "checkout's own guard put away": (COMMENT, CHECKOUT, CHECKOUT + "          allow-unsafe-pr-checkout: true\n"),
    "a plan of another kind of run": (COMMENT, "    if: github.event.workflow_run.event == 'pull_request'\n", ""),
    "a stranger's files over ours": (COMMENT, "path: plans", "path: ."),
    "a stranger's files among ours": (COMMENT, "path: plans", "path: operations"),
    "comments of a workflow that is not there": (COMMENT, "workflows: [check]", "workflows: [checks]"),
    "comments for each state of a run": (COMMENT, "    types: [completed]\n", ""),
    "a right to push": (COMMENT, "contents: read", "contents: write"),
    "a right to push in a deploy": (STACK, "      contents: read\n", "      contents: write\n"),
    "all rights": (DRIFT, "permissions: {}", "permissions: write-all"),
    "all rights of a job": (
        NIGHTLY,
        "    permissions:\n      contents: read\n      issues: write # the issue\n",
        "    permissions: write-all\n",
    ),
    "no word of rights": (PREVIEW, "permissions: {}\n", ""),
    "a right that nobody uses": (CHECK, "      contents: read\n", "      contents: read\n      id-token: write\n"),
    "a caller that grants less": (DEPLOY, "      deployments: read # what each environment has\n", ""),
    "strangers with this repository's rights": (CHECK, "  pull_request:\n", "  pull_request_target:\n"),
    "a preview for strangers": (PREVIEW, OWN_BRANCH, ""),
    "a preview that needs nobody": (PREVIEW, "    needs: proposal\n", ""),
    "a preview by the branch's own workflow": (PREVIEW, "  pull_request_target:", "  pull_request:"),
    "a preview for any branch that calls itself a base": (PREVIEW, "    branches: [main]\n", ""),
    "the branch's code where the proposal is taken": (PREVIEW, CHECKOUT, CHECKOUT + HEAD_REF),
    "the branch's code where secrets are": (
        PREVIEW,
        CHECKOUT + "          fetch-depth: 0\n      - uses: ./",
        CHECKOUT + HEAD_REF + "          fetch-depth: 0\n      - uses: ./",
    ),
    "the merge commit where secrets are": (
        PREVIEW,
        CHECKOUT + "          fetch-depth: 0\n      - uses: ./",
        CHECKOUT + "          ref: refs/pull/${{ github.event.pull_request.number }}/merge\n      - uses: ./",
    ),
    "a branch's artifact where secrets are": (
        PREVIEW,
        TAKE,
        "      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1\n"
        "        with:\n          path: plans\n      #",
    ),
    "a preview that takes nothing": (
        PREVIEW,
        TAKE,
        "      #",
    ),
    "a deploy of what a branch has": (
        STACK,
        CHECKOUT,
        CHECKOUT + "          ref: ${{ github.head_ref }}\n",
    ),
    "a drift of what a branch has": (DRIFT, "  workflow_dispatch:\n", "  pull_request:\n"),
}
