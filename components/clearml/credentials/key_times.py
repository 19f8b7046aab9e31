"""When a key was used last and when it ends, from what the server says in whatever form. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from components.clearml.api.models import KeyInfo

_NEVER = datetime.min.replace(tzinfo=UTC)


def time_of(value: object) -> datetime | None:
    """None for a time in no form known to us."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def last_use(keys: Iterable[KeyInfo]) -> tuple[bool, datetime]:
    """Whether any was used, and when the newest use was; the greater, the more recent."""
    used = [key.last_used for key in keys if key.last_used]
    return bool(used), max((time for time in map(time_of, used) if time), default=_NEVER)


def ends_within(key: KeyInfo, seconds: float, now: datetime | None = None) -> bool:
    """Whether the key has ended, or ends that soon."""
    end = time_of(key.expire)
    return end is not None and end <= (now or datetime.now(UTC)) + timedelta(seconds=seconds)
