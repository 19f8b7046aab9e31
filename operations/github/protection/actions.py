"""Whether workflows have more rights, actions or secrets than they need. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from operations.github.protection.settings import Denial, unseen_line

RIGHT = "Administration: read"
SECRETS = frozenset({"KUBECONFIG_CONTENT", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"})
_WHERE = "Settings → Actions → General"


def action_lines(permissions: Mapping[str, Any] | Denial) -> Iterator[str]:
    """Which actions may run."""
    if isinstance(permissions, Denial):
        yield unseen_line("actions that may run", permissions, RIGHT)
        return
    if permissions.get("enabled") is not True:
        yield f"actions: are switched off, so nothing is checked or deployed; {_WHERE}: allow them"
        return
    if permissions.get("allowed_actions") not in ("selected", "local_only"):
        yield f"actions: anybody's may run; {_WHERE}: select those of GitHub and pulumi/actions"
    if permissions.get("sha_pinning_required") is not True:
        yield f"actions: may be named by a tag, which moves; {_WHERE}: require pinning to a full-length commit SHA"


def token_lines(workflow: Mapping[str, Any] | Denial) -> Iterator[str]:
    """What a workflow's token may do that asks for nothing."""
    if isinstance(workflow, Denial):
        yield unseen_line("workflow permissions", workflow, RIGHT)
        return
    if workflow.get("default_workflow_permissions") != "read":
        yield f"workflows: may write if they do not say otherwise; {_WHERE} → Workflow permissions: read"
    if workflow.get("can_approve_pull_request_reviews") is not False:
        yield f"workflows: may approve pull requests; {_WHERE}: do not allow GitHub Actions to approve them"


def fork_lines(policy: Mapping[str, Any] | Denial, *, private: bool) -> Iterator[str]:
    """A line for each thing that a fork's pull request may start by itself, with the setting that forbids it.

    `policy` is of the kind of the repository, which is `private` or not.
    """
    if isinstance(policy, Denial):
        yield unseen_line("pull requests of forks", policy, RIGHT)
    elif not private and policy.get("approval_policy") != "all_external_contributors":
        yield f"forks: their pull requests run without an approval; {_WHERE}: require it for all external contributors"
    elif private and policy.get("run_workflows_from_fork_pull_requests") is not False:
        for name, right, fix in (
            ("send_write_tokens_to_workflows", False, "get a token that writes; do not send write tokens"),
            ("send_secrets_and_variables", False, "get secrets; do not send secrets and variables"),
            ("require_approval_for_fork_pr_workflows", True, "run without an approval; require approval"),
        ):
            if policy.get(name) is not right:
                yield f"forks: their pull requests {fix} in {_WHERE}"


def secret_lines(where: str, found: Sequence[Mapping[str, Any]] | Denial) -> Iterator[str]:
    """Secrets of stacks that every branch's workflow may read; `where` is the repository or its organisation."""
    if isinstance(found, Denial):
        yield unseen_line(f"secrets of the {where}", found, "Secrets: read")
        return
    for name in sorted(SECRETS & {str(each.get("name")) for each in found}):
        yield f"secret {name}: is the {where}'s, so every branch reads it; move it into the stacks' environments"


def owner_lines(errors: Mapping[str, Any] | Denial) -> Iterator[str]:
    """Whether `.github/CODEOWNERS` names people who exist."""
    if isinstance(errors, Denial):
        yield unseen_line("code owners", errors, "Contents: read")
        return
    for each in (errors.get("errors") or ())[:5]:
        kind, line = " ".join(str(each.get("kind")).split())[:80], each.get("line")
        yield f"CODEOWNERS: line {line}: {kind}; name teams and people who may write to this repository"
