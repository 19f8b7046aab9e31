"""What this run has done so far: nothing else knows what it made, and what was read before may be older."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Entries are only ever added, each by a create, update or delete, never by a check or diff.

    - `created_companies`, `created_users`: ids; nothing else can have touched these before.
    - `requested_keys`: labels for which a key was asked for, whatever came of it.
    - `verified_companies`: companies found to be their tenant's, id to the admin's e-mail in lower case: not judged
      again while that admin is made.
    - `rule_writes`: ids of companies whose sign-in rules were written: the list of all rules may be older.
    - `entry_roles`: the role given to a whitelist entry, by the company's id and the e-mail.
    - `tenants_losing_keys`: by a user's id `<stack>/<tenant>/` of each key that was revoked.
    """

    created_companies: set[str] = field(default_factory=set)
    created_users: set[str] = field(default_factory=set)
    requested_keys: set[str] = field(default_factory=set)
    verified_companies: dict[str, str] = field(default_factory=dict)
    rule_writes: set[str] = field(default_factory=set)
    entry_roles: dict[tuple[str, str], str] = field(default_factory=dict)
    tenants_losing_keys: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
