"""What a shard takes from the last run of its platform, which comes first: the rules that leave tenants go there.

So a domain that moves between shards is taken from its tenant before any shard adds it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import pulumi

from components.clearml.sign_in.removal_rounds import readded_rounds
from components.clearml.sign_in.removals import NO_TENANTS, SignInRuleRemovals

_OUTPUT = "shards"
_KNOWN, _ROUNDS, _NAMES = "rules", "removals", "names"


def rules_digest(rules: Mapping[str, Any]) -> str:
    """Of the sign-in rules that all tenants declare, as `declared_rules` has them."""
    return sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()


def digest_for_shards(rules: Mapping[str, Any], *, occupied: bool) -> str:
    """What the platform's run carries out; while no shard has a tenant, in files or states, that is what it says."""
    return rules_digest(rules) if occupied else NO_TENANTS


def export_for_shards(removals: SignInRuleRemovals, names: Iterable[str]) -> None:
    """Tell shards which rules are known, once what left has been taken away, and what left whom.

    `names`, of all shards, is for the next run of any stack, and for `make`: they so see that one is gone.
    """
    pulumi.export(_OUTPUT, {_KNOWN: removals.digest, _ROUNDS: removals.left, _NAMES: list(names)})


def known_shards(outputs: Mapping[str, Any]) -> list[str]:
    """Those that the platform's last complete run knew, by its outputs; and those to which a tenant has moved since."""
    return list((outputs.get(_OUTPUT) or {}).get(_NAMES) or [])


class PlatformRun(pulumi.StackReference):
    """The platform's stack, as its last run left it; what adds rules depends on it."""

    def __init__(self, environment: str) -> None:
        self._environment = environment
        super().__init__("platform", f"{pulumi.get_organization()}/{pulumi.get_project()}/{environment}")

    async def require(self, rules: Mapping[str, Any]) -> None:
        """Raises RunError unless that run knew just these rules of all tenants; a preview only warns."""
        known = await self.get_output_details(_OUTPUT)
        if (known.value or {}).get(_KNOWN) == rules_digest(rules):
            return
        text = (
            f"the last run of stack {self._environment} did not know the sign-in rules that the tenants' files declare "
            "now, and it takes away what leaves a tenant before any shard adds it: "
            f"run make up STACK={self._environment}, which runs its shards afterwards"
        )
        if not pulumi.runtime.is_dry_run():
            raise pulumi.RunError(text)
        pulumi.log.warn(text)

    def readded_rounds(self, admin_email: str, declared: Iterable[str]) -> pulumi.Output[dict[str, int] | None]:
        """As `SignInRuleRemovals` tells it to the tenants beside it."""
        names = tuple(declared)
        return self.get_output(_OUTPUT).apply(
            lambda told: readded_rounds((told or {}).get(_ROUNDS), admin_email.lower(), names)
        )
