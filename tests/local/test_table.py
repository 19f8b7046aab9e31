"""What the table says of a key's age: days since it was made, whatever zone the clock is in."""

from __future__ import annotations

from datetime import datetime

import pytest

from local.table import age


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-03-01T23:00:00+00:00", "made today"),
        ("2026-03-02T12:00:00+00:00", "1 day old"),
        ("2026-03-02T12:59:59+02:00", "made today"),
        ("2026-06-01T00:00:00+00:00", "91 days old"),
    ],
)
def test_age_of_a_key(now: str, said: str) -> None:
    assert age("2026-03-01T12:00:00+00:00", datetime.fromisoformat(now)) == said
