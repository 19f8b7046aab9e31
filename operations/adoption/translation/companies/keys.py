"""Pure: whose keys a company has, and which generation a worker's key begins at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from operations.adoption.reading.facts import Note
from operations.adoption.translation.companies.names import TenantInstallation
from settings.types.naming import key_labels, worker_key

_HIGHEST = 9999


def key_notes(owned: TenantInstallation) -> Iterator[Note]:
    """Each key with its label and last use. Those of plain users are people's own, which no file revokes."""
    people = {each.id: each for each in owned.company.people}
    accounts = {each.id: each.name for each in owned.company.accounts}
    for user, keys in sorted(owned.company.keys.items()):
        person = people.get(user)
        who = (person and (person.email or person.name)) or f"service account {accounts.get(user, user)}"
        is_plain = person is not None and person.role != "admin"
        end = "a plain user's own, and it stays" if is_plain else "it goes on working until revokeKeys lists it"
        for key in keys:
            label = key.label or "without a label"
            used = f"last used {str(key.last_used)[:10]}" if key.last_used else "never used"
            yield Note(owned.tenant, "same", "keys", f"{key.access_key} of {who}: {label}, {used}; {end}")


def next_generations(owned: TenantInstallation, stack: str, uses: Iterable[str]) -> dict[str, int]:
    """By use, the generation after the highest of which this stack made a key, whose secret nobody knows any more."""
    head = key_labels(stack, owned.tenant)
    # A plain user may call a key as ours are called.
    plain = {each.id for each in owned.company.people if each.role != "admin"}
    own = [keys for user, keys in owned.company.keys.items() if user not in plain]
    labels = [key.label or "" for keys in own for key in keys]
    made = [each.removeprefix(head).rpartition("/") for each in labels if each.startswith(head)]
    found: dict[str, int] = {}
    for use, _, number in made:
        if use in uses and number.isdecimal():
            found[use] = max(found.get(use, 1), min(int(number) + 1, _HIGHEST))
    return found


def generation_note(tenant: str, use: str, generation: int) -> Note:
    """Why a new file begins there."""
    text = (
        f"is {generation}, for the server has a key of this stack's of the generation before: that one works until "
        "every worker is ready with the new one"
    )
    return Note(tenant, "change", f"{worker_key(use)}.keyGeneration", text)
