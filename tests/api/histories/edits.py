"""What happens between two runs of the program, drawn at random: edits of the files, and hands in the web interface."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.api.environment import Environment
from tests.api.histories.model import DOMAINS, EMAILS, FEATURES, SLOTS, File, Model
from tests.emulator import Emulator

slots = st.sampled_from(SLOTS)
emails = st.sampled_from(EMAILS)
places = st.tuples(slots, st.sampled_from(["admin", "user"]))
Rules = tuple[dict[str, int], dict[str, tuple[int, str]]]
routes = st.dictionaries(st.sampled_from(DOMAINS), slots)
entries = st.dictionaries(emails, places)
rules = st.tuples(routes, entries)
feature_sets = st.frozensets(st.sampled_from(FEATURES))


class Edits(RuleBasedStateMachine):
    """Every rule is something that happens to the files, or to the server behind the program's back."""

    emulator: Emulator

    def __init__(self) -> None:
        super().__init__()
        self.emulator.empty()
        self.model = Model()
        self.environment = Environment(self.emulator)
        self.drifted = False
        self.numbers = itertools.count(1)

    # -- edits ---------------------------------------------------------------------------------------------------

    @rule(slot=slots)
    def remove_or_add(self, slot: int) -> None:
        if self.model.files[slot].there:
            self.model.remove(slot)
        else:
            self.model.add(slot)

    @rule(routes=routes, entries=entries)
    def reassign(self, routes: dict[str, int], entries: dict[str, tuple[int, str]]) -> None:
        """Domains and e-mails are added, removed, moved, all at once."""
        there = {slot for slot, file in self.model.files.items() if file.there}
        self.model.routes = {domain: slot for domain, slot in routes.items() if slot in there}
        self.model.entries = {email: place for email, place in entries.items() if place[0] in there}

    @rule(one=slots, other=slots)
    def swap(self, one: int, other: int) -> None:
        """Two tenants change places in every rule."""
        if self.model.files[one].there and self.model.files[other].there:
            places = {one: other, other: one}
            self.model.routes = {name: places.get(slot, slot) for name, slot in self.model.routes.items()}
            self.model.entries = {
                name: (places.get(slot, slot), role) for name, (slot, role) in self.model.entries.items()
            }

    @rule(
        slot=slots, what=st.sampled_from(["company", "admin", "file", "agent", "gateway", "workers", "lab", "account"])
    )
    def edit(self, slot: int, what: str) -> None:
        file = self.model.files[slot]
        if not file.there:
            return
        match what:
            case "company" | "file" if self._is_renamed(file):
                # Both at once and nothing but the admin's address tells whose file it is: that is refused.
                return
            case "company":
                file.company = f"Company {slot} named {next(self.numbers)}"
            case "admin":
                file.admin = f"Admin {next(self.numbers)}"
            case "file":
                file.renamed = not file.renamed
            case "workers":
                file.workers = not file.workers
            case "lab":
                file.lab = not file.lab
            case "account":
                file.account = not file.account
            case use:
                file.generations[use] += 1

    def _is_renamed(self, file: File) -> bool:
        """Whether the file or the company is called otherwise than the last run left it."""
        company = self.model.companies.get(file.slot)
        return company is not None and (company.name != file.company or file.name not in self.model.applied)

    @rule(slot=slots, granted=feature_sets, excluded=feature_sets, limit=st.integers(5, 9))
    def features(self, slot: int, granted: frozenset[str], excluded: frozenset[str], limit: int) -> None:
        file = self.model.files[slot]
        if file.there:
            file.granted, file.excluded, file.limit = granted - excluded, excluded, limit

    # -- by hand -------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.applied)
    @rule(slot=slots, what=st.sampled_from(["domains", "entries", "guest", "revoke", "key", "features", "name"]))
    def by_hand(self, slot: int, what: str) -> None:
        """An admin of the tenant in the web interface, or somebody with the API."""
        file = self.model.files[slot]
        admin = self.environment.state.get(f"{file.name}/admin")
        if admin is None or file.name not in self.model.applied:
            return
        self.drifted = True
        self._by_hand(file, admin.id, what)

    def _by_hand(self, file: File, admin: str, what: str) -> None:
        act, be = {"X-Clearml-Act-As": admin}, {"X-Clearml-Impersonate-As": admin}
        company, call, n = self.model.companies[file.slot], self.emulator.data_of, next(self.numbers)
        applied = self.model.applied[file.name]
        match what:
            case "domains" if applied.sign_in.domains:
                company.foreign_domains = {f"hand{n}.example"}
                call("login.set_domains", {"domains": [f"hand{n}.example"]}, headers=act)
            case "entries":
                gone = [*applied.sign_in.admins, *applied.sign_in.users]
                call("login.remove_whitelist_entries", {"emails": gone}, headers=act)
            case "guest":
                company.guests[f"guest{n}@elsewhere.example"] = "user"
                call("login.add_whitelist_entries", {"emails": [f"guest{n}@elsewhere.example"]}, headers=act)
            case "revoke":
                owners = {each["access_key"]: each["user"] for each in self.emulator.state()["credentials"]}
                for label, key in self.environment.keys().items():
                    if label.split("/")[1] == file.name and key in owners:
                        owner = {"X-Clearml-Impersonate-As": owners[key]}
                        call("auth.revoke_credentials", {"access_key": key}, headers=owner)
            case "key":
                company.foreign_keys.add(f"by hand {n}")
                call("auth.create_credentials", {"label": f"by hand {n}"}, headers=be)
            case "features" if applied.features:
                company.features = ["reports"]
                settings = {"company": self.environment.state[f"{file.name}/company"].id, "features": ["reports"]}
                call("system.update_company_settings", settings)
            case "name":
                call("users.update", {"user": admin, "name": f"Mallory {n}"}, headers=be)
