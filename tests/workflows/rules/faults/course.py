"""Faults in what a run does, and in which order: actions, gates, rings, order, ends, plans.

Each has the file, what stands there (its first place), and what stands there instead.
"""

from __future__ import annotations

from operations.checkpoints import SKIP
from tests.workflows.rules.faults.places import (
    CHECK,
    COMMENT,
    DEPLOY,
    DRIFT,
    EXCLUDE,
    HEAL,
    NIGHTLY,
    PREPARE,
    PREVIEW,
    STACK,
)

COURSE = {
    "an action by its tag": (
        DRIFT,
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
        "actions/checkout@v7",
    ),
    "an action at another commit": (
        DRIFT,
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
        "actions/checkout@4d3c42e5aac5ba805825da76410c181273ba90b1",
    ),
    "an action of somebody": (DRIFT, "actions/checkout@", "somebody/checkout@"),
    "an input that the action has not": (STACK, "expect-no-changes:", "expect-no-change:"),
    "an input that our action has not": (STACK, "          kubeconfig:", "          kube-config:"),
    "outputs in a log": (STACK, "          suppress-outputs: true\n", ""),
    "outputs in the drift's log": (DRIFT, "suppress-outputs: true", "suppress-outputs: false"),
    "a gate that lets all through": (STACK, "          expect-no-changes: true\n", ""),
    "a drift that nobody hears of": (DRIFT, "          expect-no-changes: true\n", ""),
    "a drift that reads nothing": (DRIFT, "          refresh: true\n", ""),
    "a drift that is told always": (
        DRIFT,
        "      - if: failure()\n        run: make drift\n",
        "      - run: make drift\n",
    ),
    "a canary ring of everybody": (STACK, EXCLUDE, ""),
    "a canary ring of others": (STACK, EXCLUDE, "          exclude: ${{ vars.CANARY_TENANTS }}\n"),
    "a ring without its tenants": (STACK, "          RING: ${{ vars.CANARY_TENANTS }}\n", ""),
    "a deploy that reads nothing back": (STACK, "          refresh: true\n", ""),
    "a deploy that makes the stack": (
        STACK,
        "          command: up\n",
        "          command: up\n          upsert: true\n",
    ),
    "a deploy that goes on": (
        STACK,
        "          command: up\n",
        "          command: up\n          continue-on-error: true\n",
    ),
    "an up that writes nothing until its end": (
        STACK,
        f"{EXCLUDE}          suppress-outputs: true\n        env:\n",
        f'{EXCLUDE}          suppress-outputs: true\n        env:\n          {SKIP}: "true"\n',
    ),
    "ups that write nothing until their end": (STACK, "    env:\n", f'    env:\n      {SKIP}: "true"\n'),
    "a preview that makes the state after each step": (DRIFT, f'{SKIP}: "true"', "STACK: prod"),
    "a removal": (STACK, "          command: up\n", "          command: destroy\n"),
    "a gate that may fail": (
        STACK,
        "      - name: health gate\n",
        "      - name: health gate\n        continue-on-error: true\n",
    ),
    "no healing": (STACK, HEAL, "      - run: make check\n"),
    "healing in the end": (STACK, "        run: make ring\n", "        run: make heal\n"),
    "policies that nobody asks": (STACK, "      - run: make policy\n", "      - run: make check\n"),
    "an older commit": (STACK, "      - run: make newest\n", "      - run: make check\n"),
    "an older commit, if somebody likes": (
        STACK,
        "      - run: make newest\n",
        "      - run: make newest\n        if: github.run_attempt == 1\n",
    ),
    "a failure that nobody explains": (STACK, "if: failure() &&", "if: success() &&"),
    "a deploy that is ended": (STACK, "cancel-in-progress: false", "cancel-in-progress: true"),
    "two deploys at a time": (STACK, "group: stack-${{ inputs.stack }}", "group: stack-${{ github.run_id }}"),
    "one stack's drift hides another's": (DRIFT, "fail-fast: false", "fail-fast: true"),
    "one stack's preview hides another's": (PREVIEW, "      fail-fast: false\n", ""),
    "a stack whose drift nobody sees": (DRIFT, "stack: [dev, staging, prod]", "stack: [dev, staging]"),
    "production before staging is done": (DEPLOY, "    needs: staging\n", "    needs: dev\n"),
    "production after a failure": (DEPLOY, "    needs: staging\n", "    needs: staging\n    if: always()\n"),
    "another stack under this name": (DEPLOY, "      stack: staging\n", "      stack: prod\n"),
    "a job without end": (COMMENT, "    timeout-minutes: 15\n", ""),
    "a deploy without end": (STACK, "    timeout-minutes: 340\n", ""),
    "a night that ends before it is told": (NIGHTLY, "        timeout-minutes: 150", "        timeout-minutes: 180"),
    "a text that GitHub puts into a command": (
        CHECK,
        "      - run: make check\n",
        '      - run: echo "${{ github.event.pull_request.title }}"\n',
    ),
    "a text that GitHub puts into make": (PREPARE, "run: make program", "run: make ${{ inputs.policies }}"),
    "a target that is not there": (DRIFT, "run: make drift", "run: make drifted"),
    "all development tools with the secrets": (PREPARE, "make program", "make packages"),
    "a cache that a pull request wrote": (
        STACK,
        "      - run: make check\n",
        "      - uses: actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5\n        with:\n"
        "          path: ~/.cache/clearml-tenants\n          key: tools\n      - run: make check\n",
    ),
    "packages from a cache": (
        PREPARE,
        '        python-version: "3.13"\n',
        '        python-version: "3.13"\n        cache: pip\n',
    ),
    "a plan from elsewhere": (CHECK, "path: .rehearsal/${{ matrix.stack }}.json", "path: ."),
    "a plan that is left out": (CHECK, "          include-hidden-files: true\n", ""),
    "a plan that the comment does not look for": (CHECK, "name: plan-", "name: preview-"),
    "no plan of a wrong file": (CHECK, "        if: ${{ !cancelled() }}\n", ""),
    "one commit to compare with": (CHECK, "          fetch-depth: 0\n", ""),
    "a comparison with somebody's branch": (
        CHECK,
        "BASE: ${{ github.event.pull_request.base.sha }}",
        "BASE: ${{ github.event.pull_request.base.ref }}",
    ),
    "an output that is not there": (CHECK, "steps.affected.outputs.stacks", "steps.affected.outputs.stack"),
    "an output of a job that is not needed": (CHECK, "    needs: affected\n", ""),
    "a variable that the event has not": (
        COMMENT,
        "github.event.workflow_run.head_sha",
        "github.event.pull_request.head.sha",
    ),
    "the token of another": (DRIFT, "GH_TOKEN: ${{ github.token }}", "GH_TOKEN: ${{ secrets.ADMIN }}"),
    "somebody's machine": (CHECK, "runs-on: ubuntu-latest", "runs-on: self-hosted"),
    "a variable that changes a shell": (
        STACK,
        "      STACK: ${{ inputs.stack }}\n",
        "      STACK: ${{ inputs.stack }}\n      BASH_ENV: /tmp/x\n",
    ),
    "another engine": (PREPARE, "pulumi-version: 3.", "pulumi-version: 4."),
    "a kubeconfig before the packages": (PREPARE, "    - run: make program\n", "    - run: make kubeconfig\n"),
}
