"""Which keys a preview rotates: one is made and another of the same use revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from operations.preview.difference import HIDDEN, LATER, shown_of
from operations.preview.release_values import ACCESS_KEY, comparable
from operations.preview.steps import Step
from settings.types.naming import release_name, worker_secret_name

# The agent's own note of what it was started with; another key is another note.
_NOTES = frozenset({ACCESS_KEY, "CLEARML_TENANTS_SETTINGS"})


@dataclass(frozen=True)
class Rotation:
    """`use` as in the key's label (agent, agent-<name>, gateway, gateway-<name>), and its generations."""

    use: str
    old: int
    new: int

    def __str__(self) -> str:
        return f"{self.use} key {self.old} → {self.new}"

    def brings(self, step: Step) -> bool:
        """Whether the step is there to make, roll out or revoke the key."""
        release = release_name(step.tenant, self.use)
        ours = (release, worker_secret_name(release))
        return step.name in ours or (step.kind == "Credentials" and _use(step)[0] == self.use)


def rotations_of(steps: Sequence[Step]) -> tuple[Rotation, ...]:
    """The rotations among one tenant's steps."""
    keys = [step for step in steps if step.kind == "Credentials"]
    made = dict(_use(step) for step in keys if step.operation == "create")
    revoked = dict(_use(step) for step in keys if step.operation == "delete")
    return tuple(Rotation(use, revoked[use], made[use]) for use in made if use in revoked)


def only_its_keys_differ(step: Step) -> bool:
    """Whether a release differs in its keys alone; what is no release is nothing but keys."""
    return step.kind != "Release" or _same(*map(shown_of, comparable(step.old, step.new)))


def _same(old: object, new: object) -> bool:
    """Equal, where what is not known yet, a secret and our own notes are equal to anything."""
    if isinstance(old, dict) and isinstance(new, dict):
        if old.get("name") in _NOTES and old.get("name") == new.get("name"):
            return True
        return old.keys() == new.keys() and all(_same(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return old == new or new in (HIDDEN, LATER)


def _use(step: Step) -> tuple[str, int]:
    """Use and generation of a key, from its label `<stack>/<tenant>/<use>/<generation>`."""
    _, _, use, generation = str((step.new or step.old)["label"]).split("/")
    return use, int(generation)
