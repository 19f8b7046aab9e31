"""Faults by which a secret goes where it must not, or does not come where it must.

Each has the file, what stands there (its first place), and what stands there instead.
"""

from __future__ import annotations

from tests.workflows.rules.faults.places import CHECK, CHECKOUT, DEPLOY, DRIFT, PASSED, PREVIEW, SHARDS, STACK, TOKEN

_KUBECONFIG = "      KUBECONFIG_CONTENT: ${{ secrets.KUBECONFIG_CONTENT }}\n"
_PASSPHRASE = "      PULUMI_CONFIG_PASSPHRASE: ${{ secrets.PULUMI_CONFIG_PASSPHRASE }}\n"
SECRETS = {
    "a preview with the deploying environment": (
        PREVIEW,
        "environment: ${{ matrix.stack }}-preview",
        "environment: ${{ matrix.stack }}",
    ),
    "a preview with another stack's environment": (
        PREVIEW,
        "environment: ${{ matrix.stack }}-preview",
        "environment: dev-preview",
    ),
    "drift with the deploying environment": (
        DRIFT,
        "environment: ${{ matrix.stack }}-drift",
        "environment: ${{ matrix.stack }}",
    ),
    "a deploy without environment": (STACK, "    environment: ${{ inputs.environment }}\n", ""),
    "a shard with an environment of its own, which nobody protects": (
        STACK,
        "    environment: ${{ inputs.environment }}\n",
        "    environment: ${{ inputs.stack }}\n",
    ),
    "a shard with another environment's secrets": (
        SHARDS,
        "      environment: ${{ inputs.environment }}\n",
        "      environment: dev\n",
    ),
    "a shard with all secrets": (
        SHARDS,
        "    secrets:\n" + _KUBECONFIG + PASSED + _PASSPHRASE,
        "    secrets: inherit\n",
    ),
    "a deploy from every branch": (DEPLOY, "    branches: [main]\n", "    branches: ['**']\n"),
    "a deploy of a pull request": (DEPLOY, "  push:\n", "  pull_request:\n  push:\n"),
    "no secret passed": (
        DEPLOY,
        "    secrets:\n      KUBECONFIG_CONTENT: ${{ secrets.KUBECONFIG_CONTENT }}\n" + PASSED,
        "    secrets:\n",
    ),
    "all secrets passed": (
        DEPLOY,
        "    secrets:\n      KUBECONFIG_CONTENT: ${{ secrets.KUBECONFIG_CONTENT }}\n"
        + PASSED
        + "      PULUMI_CONFIG_PASSPHRASE: ${{ secrets.PULUMI_CONFIG_PASSPHRASE }}\n",
        "    secrets: inherit\n",
    ),
    "a secret passed under another's name": (DEPLOY, PASSED, PASSED.replace("secrets.PULUMI_A", "secrets.PULUMI_B")),
    "a secret that is not declared": (STACK, "      PULUMI_ACCESS_TOKEN:\n        required: false\n", ""),
    "a secret that a stack need not have": (
        STACK,
        "      PULUMI_ACCESS_TOKEN:\n        required: false\n",
        "      PULUMI_ACCESS_TOKEN:\n        required: true\n",
    ),
    "a secret for every step": (STACK, "    env:\n", "    env:\n" + TOKEN.replace("          ", "      ")),
    "a secret for every job": (DRIFT, "jobs:\n", "env:\n  TOKEN: ${{ secrets.PULUMI_ACCESS_TOKEN }}\njobs:\n"),
    "a secret for a step that has no use for it": (
        STACK,
        "      - run: make check\n",
        "      - run: make check\n        env:\n" + TOKEN,
    ),
    "a secret before the commit is looked at": (
        STACK,
        "          COMMIT: ${{ github.sha }}\n",
        "          COMMIT: ${{ github.sha }}\n" + TOKEN,
    ),
    "all secrets in one": (
        STACK,
        TOKEN,
        "          PULUMI_ACCESS_TOKEN: ${{ toJSON(secrets) }}\n",
    ),
    "a secret of a computed name": (
        STACK,
        TOKEN,
        TOKEN.replace("secrets.PULUMI_ACCESS_TOKEN", "secrets[vars.NAME]"),
    ),
    "a secret for strangers": (
        CHECK,
        "      - run: make test\n",
        "      - run: make test\n        env:\n" + TOKEN,
    ),
    "a step without its secret": (STACK, TOKEN, ""),
    "a token that stays": (STACK, "persist-credentials: false", "persist-credentials: true"),
    "a token that stays because nobody says": (PREVIEW, "        with:\n" + CHECKOUT, "        with:\n"),
}
