"""The emulator's data file: an earlier version's is used, a later one's is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.emulator.store import queues, sso
from local.emulator.store.database import Database, StoreError


def test_a_file_of_the_first_version_gets_what_came_later(tmp_path: Path) -> None:
    path = tmp_path / "api.sqlite"
    earlier = Database.open(path)
    for column in ("configuration", "secret_digest"):
        earlier.run(f"ALTER TABLE sso_providers DROP COLUMN {column}")
    earlier.run("ALTER TABLE queues DROP COLUMN system_tags")
    for column in ("service", "runs_as_owner"):
        earlier.run(f"ALTER TABLE users DROP COLUMN {column}")
    earlier.run("INSERT INTO queues (id, company, name) VALUES ('q', 'c', 'gpu')")
    earlier.run(
        "INSERT INTO sso_providers (company, id, provider, category, last_update) VALUES ('c', 'i', 'p', 'o', '')"
    )
    earlier.run("PRAGMA user_version=1")
    earlier.close()
    for _ in range(2):
        later = Database.open(path)
        (found,) = sso.of_company(later, "c")
        assert (found.configuration, found.secret_digest) == ({}, None)
        assert queues.of_company(later, "c") == [{"id": "q", "company": "c", "name": "gpu", "system_tags": []}]
        later.close()


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "api.sqlite"
    database = Database.open(path)
    database.run("PRAGMA user_version=99")
    database.close()
    with pytest.raises(StoreError, match=r"later version of the emulator \(99\): delete it"):
        Database.open(path)
