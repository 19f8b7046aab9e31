"""Settings of a repository on GitHub that are not as docs/github.md asks, and other ways to the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.operations.github_settings import Answers, classic

Change = Callable[[Answers], object]


def _set(path: str, **values: Any) -> Change:
    return lambda answers: answers[path].update(values)


def _environment(name: str, **values: Any) -> Change:
    def change(answers: Answers) -> None:
        next(each for each in answers["/environments"] if each["name"] == name).update(values)

    return change


def _rule(kind: str, **values: Any) -> Change:
    def change(answers: Answers) -> None:
        next(each for each in answers["/rules/branches/main"] if each["type"] == kind)["parameters"].update(values)

    return change


def _without_rule(kind: str) -> Change:
    def change(answers: Answers) -> None:
        rules = answers["/rules/branches/main"]
        answers["/rules/branches/main"] = [each for each in rules if each["type"] != kind]

    return change


def _answer(path: str, answer: Any) -> Change:
    return lambda answers: answers.update({path: answer})


def _without_environment(name: str) -> Change:
    return lambda answers: answers.update(
        {"/environments": [each for each in answers["/environments"] if each["name"] != name]}
    )


def _self_review(name: str) -> Change:
    return lambda answers: [
        rule.update(prevent_self_review=False)
        for each in answers["/environments"]
        if each["name"] == name
        for rule in each["protection_rules"]
    ]


_NO_OWNERS = {**classic()["required_pull_request_reviews"], "require_code_owner_reviews": False}
_PROTECTED = {"protected_branches": True, "custom_branch_policies": False}
_POLICIES = "/environments/prod/deployment-branch-policies"
_PRIVATE = _set("", private=True)
FORKS = "/actions/permissions/fork-pr-workflows-private-repos"
LACKING: dict[str, tuple[list[Change], str]] = {
    "no environment": ([_without_environment("prod-preview")], "environment prod-preview: is not there"),
    "every branch": ([_environment("prod", deployment_branch_policy=None)], "environment prod: every branch may use"),
    "every branch's preview": (
        [_environment("prod-preview", deployment_branch_policy=None)],
        "environment prod-preview: every branch may use",
    ),
    "every branch's drift": (
        [_environment("prod-drift", deployment_branch_policy=None)],
        "environment prod-drift: every branch may use",
    ),
    "a pattern of branches": (
        [_answer(_POLICIES, [{"name": "main", "type": "branch"}, {"name": "*", "type": "branch"}])],
        "environment prod: branch * may use",
    ),
    "a tag called main": (
        [_answer(_POLICIES, [{"name": "main", "type": "tag"}])],
        "prod: tag main may use",
    ),
    "no branch": ([_answer(_POLICIES, [])], "environment prod: no branch may use it"),
    "a branch far down a list": (
        [_answer(_POLICIES, [{"name": "main", "type": "branch"}] * 250 + [{"name": "x", "type": "branch"}])],
        "environment prod: branch x may use",
    ),
    "protected branches that are not main": (
        [
            _environment("prod", deployment_branch_policy=_PROTECTED),
            _answer("/branches", [{"name": "main"}, {"name": "y"}]),
        ],
        "environment prod: branch y may use",
    ),
    "no reviewer": ([_environment("prod", protection_rules=[])], "environment prod: nobody has to approve"),
    "no reviewer of previews": (
        [_environment("prod-preview", protection_rules=[])],
        "environment prod-preview: nobody has to approve",
    ),
    "a list of no reviewers": (
        [_environment("prod", protection_rules=[{"type": "required_reviewers", "reviewers": []}])],
        "environment prod: nobody has to approve",
    ),
    "one's own reviewer": ([_self_review("prod")], "environment prod: who starts a run may approve it"),
    "a drift that waits": (
        [
            _environment(
                "prod-drift", protection_rules=[{"type": "required_reviewers", "reviewers": [{"type": "User"}]}]
            )
        ],
        "environment prod-drift: would wait for a reviewer",
    ),
    "another default branch": ([_set("", default_branch="dev")], "default branch: is not main"),
    "no approval": ([_rule("pull_request", required_approving_review_count=0)], "main: takes changes that nobody"),
    "no code owner": (
        [_rule("pull_request", require_code_owner_review=False)],
        "main: takes changes that no code",
    ),
    "an approval that stays": (
        [_rule("pull_request", dismiss_stale_reviews_on_push=False)],
        "main: an approval stays when more is pushed",
    ),
    "one check less": (
        [_rule("required_status_checks", required_status_checks=[{"context": "test"}])],
        "main: takes changes without the checks affected stacks",
    ),
    "a history that is replaced": ([_without_rule("non_fast_forward")], "main: its history can be replaced"),
    "a branch that is deleted": ([_without_rule("deletion")], "main: can be deleted"),
    "somebody who goes around": (
        [_answer("/rulesets/9", {"bypass_actors": [{"actor_type": "RepositoryRole", "bypass_mode": "always"}]})],
        "main: 1 may go around ruleset 9",
    ),
    "admins": (
        [
            _answer("/rules/branches/main", []),
            _answer("/branches/main/protection", {**classic(), "enforce_admins": {}}),
        ],
        "main: its protection does not hold for admins",
    ),
    "older protection without owners": (
        [
            _answer("/rules/branches/main", []),
            _answer("/branches/main/protection", {**classic(), "required_pull_request_reviews": _NO_OWNERS}),
        ],
        "main: takes changes that no code",
    ),
    "anybody's actions": ([_set("/actions/permissions", allowed_actions="all")], "actions: anybody's may run"),
    "actions by tag": ([_set("/actions/permissions", sha_pinning_required=False)], "actions: may be named by a tag"),
    "a setting that an older GitHub has not": (
        [_answer("/actions/permissions", {"enabled": True, "allowed_actions": "selected"})],
        "actions: may be named by a tag",
    ),
    "no actions": ([_set("/actions/permissions", enabled=False)], "actions: are switched off"),
    "a token that writes": (
        [_set("/actions/permissions/workflow", default_workflow_permissions="write")],
        "workflows: may write if",
    ),
    "workflows that approve": (
        [_set("/actions/permissions/workflow", can_approve_pull_request_reviews=True)],
        "workflows: may approve pull requests",
    ),
    "forks that run": (
        [_set("/actions/permissions/fork-pr-contributor-approval", approval_policy="first_time_contributors")],
        "forks: their pull requests run without an approval",
    ),
    "secrets for private forks": ([_PRIVATE, _set(FORKS, send_secrets_and_variables=True)], "get secrets"),
    "rights for private forks": ([_PRIVATE, _set(FORKS, send_write_tokens_to_workflows=True)], "get a token that"),
    "private forks that run": (
        [_PRIVATE, _set(FORKS, require_approval_for_fork_pr_workflows=False)],
        "forks: their pull requests run without an approval",
    ),
    "a secret of the repository": (
        [_answer("/actions/secrets", [{"name": "PULUMI_CONFIG_PASSPHRASE"}])],
        "secret PULUMI_CONFIG_PASSPHRASE: is the repository's",
    ),
    "a secret of everybody": (
        [
            _answer(
                "/actions/organization-secrets",
                [{"name": f"N{n}"} for n in range(100)] + [{"name": "KUBECONFIG_CONTENT"}],
            )
        ],
        "secret KUBECONFIG_CONTENT: is the organisation's",
    ),
    "owners that are not there": (
        [_answer("/codeowners/errors", {"errors": [{"line": 3, "kind": "Unknown owner\n"}]})],
        "CODEOWNERS: line 3: Unknown owner",
    ),
}

HONEST: dict[str, list[Change]] = {
    "a private repository": [_PRIVATE],
    "a private one that runs nothing of forks": [
        _PRIVATE,
        _set(FORKS, run_workflows_from_fork_pull_requests=False, require_approval_for_fork_pr_workflows=False),
    ],
    "the older protection": [_answer("/rules/branches/main", []), _answer("/branches/main/protection", classic())],
    "protected branches that are main": [_environment("prod", deployment_branch_policy=_PROTECTED)],
    "approval of the newest push": [
        _rule("pull_request", dismiss_stale_reviews_on_push=False, require_last_push_approval=True)
    ],
    "a person's own repository": [_set("", owner={"type": "User"}), _answer("/actions/organization-secrets", 404)],
    "rules that need no older protection": [_answer("/branches/main/protection", 403)],
    "environments of others, many": [
        lambda answers: answers["/environments"].__setitem__(
            slice(0, 0), [{"name": f"other-{number}"} for number in range(250)]
        )
    ],
}
