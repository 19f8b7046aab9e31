"""GitHub's REST API, as far as it shows a repository's settings, on this machine: forms as its documentation has them
(version 2022-11-28), pages of at most 100 entries."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.json_server import JsonHandler, running

NAME = "acme/clearml-tenants"
TOKEN = "PLANTED-token"
Answers = dict[str, Any]


def _environment(name: str, *, reviewed: bool) -> dict[str, Any]:
    reviewers = [{"type": "Team", "reviewer": {"id": 1, "slug": "platform"}}]
    rule = {"id": 2, "type": "required_reviewers", "prevent_self_review": True, "reviewers": reviewers}
    return {
        "id": 1,
        "name": name,
        "protection_rules": [*([rule] if reviewed else []), {"id": 3, "type": "branch_policy"}],
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    }


def honest() -> Answers:
    """Everything as docs/github.md asks, by the path below the repository's; a number is a refusal's status."""
    kinds = {f"prod{suffix}": suffix != "-drift" for suffix in ("", "-preview", "-drift")}
    reviews = {
        "required_approving_review_count": 1,
        "require_code_owner_review": True,
        "dismiss_stale_reviews_on_push": True,
        "require_last_push_approval": False,
    }
    checks = {"required_status_checks": [{"context": "test"}, {"context": "affected stacks", "integration_id": 15368}]}
    rules: list[dict[str, Any]] = [
        {"type": "deletion"},
        {"type": "non_fast_forward"},
        {"type": "pull_request", "parameters": reviews},
        {"type": "required_status_checks", "parameters": checks},
    ]
    main = [{"id": 4, "name": "main", "type": "branch"}]
    answers: Answers = {
        "": {"private": False, "default_branch": "main", "owner": {"login": "acme", "type": "Organization"}},
        "/environments": [_environment(name, reviewed=reviewed) for name, reviewed in kinds.items()],
        "/rules/branches/main": [{**rule, "ruleset_source_type": "Repository", "ruleset_id": 9} for rule in rules],
        "/rulesets/9": {"id": 9, "enforcement": "active", "bypass_actors": []},
        "/branches/main/protection": 404,
        "/branches": [{"name": "main", "protected": True}],
        "/actions/permissions": {"enabled": True, "allowed_actions": "selected", "sha_pinning_required": True},
        "/actions/permissions/workflow": {
            "default_workflow_permissions": "read",
            "can_approve_pull_request_reviews": False,
        },
        "/actions/permissions/fork-pr-contributor-approval": {"approval_policy": "all_external_contributors"},
        "/actions/permissions/fork-pr-workflows-private-repos": {
            "run_workflows_from_fork_pull_requests": True,
            "send_write_tokens_to_workflows": False,
            "send_secrets_and_variables": False,
            "require_approval_for_fork_pr_workflows": True,
        },
        "/actions/secrets": [{"name": "CODECOV"}],
        "/actions/organization-secrets": [],
        "/codeowners/errors": {"errors": []},
    }
    for name in kinds:
        answers[f"/environments/{name}/deployment-branch-policies"] = copy.deepcopy(main)
    return answers


def classic() -> dict[str, Any]:
    """Of a branch that is protected in the older way, as well as can be."""
    return {
        "required_status_checks": {"strict": True, "contexts": ["test", "affected stacks"], "checks": []},
        "required_pull_request_reviews": {
            "dismiss_stale_reviews": True,
            "require_code_owner_reviews": True,
            "required_approving_review_count": 2,
        },
        "enforce_admins": {"enabled": True},
        "allow_force_pushes": {"enabled": False},
        "allow_deletions": {"enabled": False},
    }


_WORDS = {401: "Bad credentials", 403: "Resource not accessible by personal access token", 404: "Not Found"}


def _page(answer: list[Any], path: str, query: dict[str, str]) -> Any:
    size, page = int(query.get("per_page", "30")), int(query.get("page", "1"))
    entries = answer[(page - 1) * size : page * size]
    last = "environments" if path == "/environments" else "secrets" if path.endswith("secrets") else ""
    key = "branch_policies" if path.endswith("policies") else last
    return {"total_count": len(answer), key: entries} if key else entries


@contextmanager
def serving(answers: Answers) -> Iterator[str]:
    """The API's address; only our own token is known there."""

    class Handler(JsonHandler):
        def do_GET(self) -> None:  # noqa: N802 - the base class's name
            split = urlsplit(self.path)
            path = unquote(split.path).removeprefix(f"/repos/{NAME}")
            query = {name: values[0] for name, values in parse_qs(split.query).items()}
            known = self.headers["Authorization"] == f"Bearer {TOKEN}"
            answer = answers.get(path, 404) if known else 401
            if isinstance(answer, int):
                own = path == "/branches/main/protection" and answers.get("admin", True) and answer == 404
                words = "Branch not protected" if own else _WORDS.get(answer, "Moved")
                moved = {"Location": "https://elsewhere.example.com/"} if answer == 301 else {}
                self.send_json(answer, {"message": words}, **moved)
            else:
                self.send_json(200, _page(answer, path, query) if isinstance(answer, list) else answer)

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}"
