"""Everything that is asked of the repository's settings, in one list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from operations.github.protection.actions import action_lines, fork_lines, owner_lines, secret_lines, token_lines
from operations.github.protection.branch import branch_lines
from operations.github.protection.environments import KINDS, MAIN, Branches, environment_lines
from operations.github.protection.settings import Denial, Repository, unseen_line


def missing_protection(repository: Repository, stacks: Sequence[str]) -> list[str]:
    """A line for each setting that is not as docs/github.md asks, or that the token may not see, with what to do.

    Raises OperationError if GitHub does not answer.
    """
    own = repository.get("")
    if isinstance(own, Denial):
        return [unseen_line(repository.name, own, "Metadata: read")]
    return list(_lines(repository, own, stacks))


def _lines(repository: Repository, own: Mapping[str, Any], stacks: Sequence[str]) -> Iterator[str]:
    if own.get("default_branch") != MAIN:
        yield f"default branch: is not {MAIN}, which previews run; Settings → General: make {MAIN} the default"
    environments = repository.all_of("/environments", "environments")
    names = {f"{stack}{suffix}" for stack in stacks for suffix, _ in KINDS}
    bound = [] if isinstance(environments, Denial) else [each for each in environments if each.get("name") in names]
    policies = [each for each in bound if each.get("deployment_branch_policy")]
    branches = {str(each["name"]): _branches(repository, each) for each in policies}
    yield from environment_lines(environments, branches, stacks)
    yield from _of_main(repository)
    private = own.get("private") is not False
    forks = "fork-pr-workflows-private-repos" if private else "fork-pr-contributor-approval"
    yield from action_lines(repository.get("/actions/permissions"))
    yield from token_lines(repository.get("/actions/permissions/workflow"))
    yield from fork_lines(repository.get(f"/actions/permissions/{forks}"), private=private)
    yield from secret_lines("repository", repository.all_of("/actions/secrets", "secrets"))
    if (own.get("owner") or {}).get("type") == "Organization":
        yield from secret_lines("organisation", repository.all_of("/actions/organization-secrets", "secrets"))
    yield from owner_lines(repository.get("/codeowners/errors"))


def _branches(repository: Repository, environment: Mapping[str, Any]) -> Branches:
    if environment["deployment_branch_policy"].get("custom_branch_policies") is True:
        path = f"/environments/{quote(environment['name'], safe='')}/deployment-branch-policies"
        return Branches(listed=repository.all_of(path, "branch_policies"))
    return Branches(protected=repository.all_of("/branches", protected="true"))


def _of_main(repository: Repository) -> Iterator[str]:
    rules = repository.all_of(f"/rules/branches/{MAIN}")
    numbers = [] if isinstance(rules, Denial) else [rule["ruleset_id"] for rule in rules if "ruleset_id" in rule]
    bypass = {int(number): _bypass(repository.get(f"/rulesets/{number}")) for number in dict.fromkeys(numbers)}
    yield from branch_lines(rules, bypass, repository.get(f"/branches/{MAIN}/protection"))


def _bypass(ruleset: Mapping[str, Any] | Denial) -> Sequence[Mapping[str, Any]] | Denial:
    """GitHub leaves the list out for who may not change the rules."""
    if isinstance(ruleset, Denial):
        return ruleset
    found = ruleset.get("bypass_actors")
    return found if isinstance(found, list) else Denial(200, "no bypass_actors in the answer")
