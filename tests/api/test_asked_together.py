"""One question for all tenants, although the engine tells of them one after another."""

from __future__ import annotations

import threading
from dataclasses import replace

from components.clearml.session import session_for
from tests.api.runs import QUICK, connection
from tests.emulator import Emulator

ADMINS = ("Admin@a.example", "admin@b.example", "admin@c.example")


def _asked(emulator: Emulator) -> int:
    return [call["endpoint"] for call in emulator.calls()].count("auth.get_users_info")


def test_who_asks_first_waits_for_the_others_to_be_told(emulator: Emulator) -> None:
    session = session_for(connection(emulator, replace(QUICK, gather_seconds=30.0)))
    threading.Timer(0.3, session.tell_admins, [ADMINS]).start()
    assert [session.user_before(email.lower()) for email in ADMINS] == [None] * 3
    assert _asked(emulator) == 1


def test_who_is_never_told_does_not_wait_twice(emulator: Emulator) -> None:
    """`--target` may leave out what tells of all tenants."""
    session = session_for(connection(emulator, replace(QUICK, gather_seconds=0.1)))
    assert [session.user_before(email) for email in ADMINS] == [None] * 3
    assert _asked(emulator) == 3
