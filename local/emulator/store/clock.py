"""The server's time, in the one text form that it stores and answers with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> str:
    """UTC, ISO 8601 with microseconds and offset; sorts as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def after(seconds: int) -> str:
    """The time so many seconds from now, in the same form."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="microseconds")
