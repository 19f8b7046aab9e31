"""What the official actions in use take and give, as their own `action.yml` says at the version that is used here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Official:
    """An action's major version with its inputs (required ones apart) and outputs, separated by spaces."""

    version: int
    inputs: str
    required: str = ""
    outputs: str = ""


OFFICIAL: Mapping[str, Official] = {
    "actions/checkout": Official(
        7,
        "repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user persist-credentials path clean filter "
        "sparse-checkout sparse-checkout-cone-mode fetch-depth fetch-tags show-progress lfs submodules "
        "set-safe-directory github-server-url allow-unsafe-pr-checkout",
        outputs="ref commit",
    ),
    "actions/setup-python": Official(
        7,
        "python-version python-version-file cache architecture check-latest token cache-dependency-path "
        "update-environment allow-prereleases freethreaded pip-version",
        outputs="python-version cache-hit python-path",
    ),
    "actions/cache": Official(
        5,
        "path key restore-keys upload-chunk-size enableCrossOsArchive fail-on-cache-miss lookup-only save-always",
        required="path key",
        outputs="cache-hit",
    ),
    "actions/upload-artifact": Official(
        7,
        "name path if-no-files-found retention-days compression-level overwrite include-hidden-files archive",
        required="path",
        outputs="artifact-id artifact-url artifact-digest",
    ),
    "actions/download-artifact": Official(
        8,
        "name artifact-ids path pattern merge-multiple github-token repository run-id skip-decompress digest-mismatch",
        outputs="download-path",
    ),
    "pulumi/actions": Official(
        7,
        "command stack-name pulumi-version pulumi-version-file work-dir comment-on-pr comment-on-pr-number "
        "comment-on-summary github-token cloud-url secrets-provider parallel message config-map expect-no-changes diff "
        "replace exclude exclude-dependents target target-dependents policyPacks policyPackConfigs refresh upsert "
        "remove edit-pr-comment color exclude-protected plan suppress-outputs suppress-progress "
        "always-include-summary continue-on-error log-verbosity log-flow debug",
        outputs="output",
    ),
}
