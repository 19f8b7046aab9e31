"""The files of the workflows, and lines in them that faults change."""

from __future__ import annotations

DEPLOY, STACK = "workflows/deploy.yml", "workflows/deploy-stack.yml"
SHARDS = "workflows/deploy-shards.yml"
CHECK, COMMENT, DRIFT = "workflows/check.yml", "workflows/comment.yml", "workflows/drift.yml"
PREVIEW, NIGHTLY, PREPARE = "workflows/preview.yml", "workflows/nightly.yml", "actions/prepare/action.yml"
CHECKOUT = "          persist-credentials: false\n"
TAKE = (
    "      - run: make proposal\n        env:\n          PROPOSAL: ${{ github.event.pull_request.head.sha }}\n      #"
)
HEAD_REF = "          ref: ${{ github.event.pull_request.head.sha }}\n"
PASSED = "      PULUMI_ACCESS_TOKEN: ${{ secrets.PULUMI_ACCESS_TOKEN }}\n"
TOKEN = "          PULUMI_ACCESS_TOKEN: ${{ secrets.PULUMI_ACCESS_TOKEN }}\n"
EXCLUDE = "          exclude: ${{ steps.ring.outputs.waiting }}\n"
HEAL = "      - run: make heal\n"
OWN_BRANCH = "    if: github.event.pull_request.head.repo.full_name == github.repository\n"
