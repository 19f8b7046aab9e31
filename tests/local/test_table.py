"""What a person reads: a key's age in days, whatever zone the clock is in, and long values that can be copied."""

from __future__ import annotations

from datetime import datetime

import pytest

from local.table import Rows, age


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


def test_a_long_path_is_one_line_in_a_log(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    rows = Rows("Plugins")
    rows.add("pulumi-resource-kubernetes", f"official  /{'folder/' * 20}plugin")
    rows.add("pulumi-resource-random", "stand-in")
    rows.show()
    assert capsys.readouterr().out.splitlines() == [
        "Plugins",
        f"  pulumi-resource-kubernetes  official  /{'folder/' * 20}plugin",
        "  pulumi-resource-random      stand-in",
    ]
