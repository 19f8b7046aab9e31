"""One question for all tenants' admins, although their companies are made one after another."""

from __future__ import annotations

from components.clearml.company.resource import CompanyProvider
from components.clearml.run.intent import INTENT, CompanyRequest, Intent
from tests.api.runs import QUICK, connection
from tests.emulator import Emulator

ADMINS = ("Admin@a.example", "admin@b.example", "admin@c.example")


def _inputs(n: int, **more: str) -> dict[str, str]:
    return {"name": f"Company {n}", "admin_email": ADMINS[n], **more}


def _made(emulator: Emulator, *declared: dict[str, str]) -> int:
    """How often the server is asked for e-mails when the companies are made in turn, each checked just before."""
    provider = CompanyProvider()
    provider.connect(connection(emulator, QUICK))
    for inputs in declared:
        checked = provider.check({}, dict(inputs)).inputs
        assert INTENT not in checked, "no tenant's state changes because another tenant comes"
        provider.create(checked)
    return [call["endpoint"] for call in emulator.calls()].count("auth.get_users_info")


def test_who_comes_first_asks_for_all(emulator: Emulator) -> None:
    """Without having to wait for any other: the plugin serves four calls at a time, and the engine decides which."""
    intent = Intent(tuple(CompanyRequest.of(_inputs(n)) for n in range(3)))
    assert _made(emulator, *(_inputs(n, intent=intent.text) for n in range(3))) == 1


def test_who_is_told_of_no_other_asks_for_itself(emulator: Emulator) -> None:
    assert _made(emulator, *(_inputs(n) for n in range(3))) == 3
