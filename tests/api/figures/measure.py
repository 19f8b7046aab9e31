"""The figures, measured: the whole program on the real engine, calls counted by the emulator."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from tests.api.figures import bounds
from tests.api.figures.calls import is_read, shared_out, writes
from tests.api.figures.figure import Figure
from tests.api.program import Program
from tests.emulator import Emulator
from tests.tenants import whole, without_workers


def first_create(program: Program, emulator: Emulator, tenants: int) -> list[Figure]:
    """From nothing to so many tenants (at least 3), made whole."""
    for n in range(tenants):
        program.write(f"t{n}", whole(f"t{n}"))
    emulator.clear_calls()
    program.up()
    made = [call["endpoint"] for call in emulator.calls()]
    written = Counter(endpoint for endpoint in made if not is_read(endpoint))
    wanted = Counter(bounds.WRITES_OF_A_TENANT)
    others = sum((written - Counter({name: count * tenants for name, count in wanted.items()})).values())
    reads = shared_out((endpoint for endpoint in made if is_read(endpoint)), tenants)
    return [
        Figure(
            f"first create of {tenants} tenants: writes",
            len(bounds.WRITES_OF_A_TENANT) * tenants,
            sum(written.values()),
            exact=True,
        ),
        Figure("first create: writes other than the document's and the gateway's key", 0, others),
        Figure("first create: reads of the environment", bounds.READS_PER_ENVIRONMENT, reads[0]),
        Figure("first create: reads of each tenant", bounds.READS_PER_TENANT, reads[1]),
    ]


def nothing_to_do(program: Program, emulator: Emulator) -> list[Figure]:
    """A preview and an `up` after which nothing is otherwise."""
    emulator.clear_calls()
    found = []
    for name, run in (("preview", program.preview), ("up", program.up)):
        changed = {kind: count for kind, count in run().items() if kind != "same"}
        found.append(Figure(f"no-op {name}: changed resources", 0, sum(changed.values())))
        found.append(Figure(f"no-op {name}: calls", 0, len(emulator.calls())))
        emulator.clear_calls()
    return found


def refresh(program: Program, emulator: Emulator, tenants: int) -> list[Figure]:
    """Everything read back, nothing drifted."""
    emulator.clear_calls()
    program.refresh()
    made = [call["endpoint"] for call in emulator.calls()]
    most = bounds.REFRESH_CALLS_PER_TENANT * tenants + bounds.REFRESH_CALLS_PER_ENVIRONMENT
    lists = made.count("system.get_companies")
    return [
        Figure(f"refresh of {tenants} tenants: calls", most, len(made)),
        Figure("refresh: lists of companies", bounds.REFRESH_LISTS_OF_COMPANIES, lists),
    ]


def state(program: Program, tenants: int) -> list[Figure]:
    """What the engine keeps: the API's resources, and the file's bytes per tenant, without the platform's own."""
    kept = program.exported()
    sizes = [len(each.get("inputs", {}).get("__provider", "")) for each in kept.values()]
    api = [json.dumps(each) for each in kept.values() if "__provider" in each.get("inputs", {})]
    whole_file = program.state_file.stat().st_size
    for n in range(1, tenants):
        program.remove(f"t{n}")
    program.up()
    per_tenant = (whole_file - program.state_file.stat().st_size) / (tenants - 1)
    return [
        Figure("state: bytes of a __provider", bounds.PROVIDER_BYTES, max(sizes)),
        Figure(
            "state: bytes per tenant, the API's", bounds.STATE_BYTES_PER_TENANT, round(sum(map(len, api)) / tenants)
        ),
        Figure("state: bytes per tenant, with the cluster's", bounds.WHOLE_STATE_BYTES_PER_TENANT, round(per_tenant)),
    ]


def one_changed_email(program: Program, emulator: Emulator, tenants: int) -> list[Figure]:
    """One e-mail of one tenant among so many; all of them are made by the engine before."""
    for n in range(tenants):
        program.write(f"t{n}", without_workers(f"t{n}"))
    program.up()
    before = _others(emulator, "Company t1")
    program.write("t1", without_workers("t1", "bob@t1.partner.example", "dan@t1.partner.example"))
    emulator.clear_calls()
    changes = program.up()
    calls = emulator.calls()
    company = next(each["id"] for each in emulator.state()["companies"] if each["name"] == "Company t1")
    written = writes(calls)
    elsewhere = [call for call in written if call["company"] != company]
    changed = sum(count for kind, count in changes.items() if kind != "same")
    named = f"one changed e-mail among {tenants} tenants"
    return [
        # The list itself, and the resource that takes away before any adds.
        Figure(f"{named}: changed resources", 2, changed, exact=True),
        Figure(f"{named}: writes", bounds.CHANGE_WRITES, len(written)),
        Figure(f"{named}: writes to another tenant", 0, len(elsewhere)),
        Figure(
            f"{named}: other tenants that are otherwise", 0, len(_differing(before, _others(emulator, "Company t1")))
        ),
    ]


def _others(emulator: Emulator, but: str) -> dict[str, Any]:
    """What the server holds of every other company, by its id."""
    found = emulator.state()
    rules = {each["company"]: each for each in found["rules"]}
    users = Counter(each["company"] for each in found["users"])
    companies = (each for each in found["companies"] if each["name"] != but)
    return {each["id"]: (each, rules[each["id"]], users[each["id"]]) for each in companies}


def _differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [company for company in before.keys() | after.keys() if before.get(company) != after.get(company)]
