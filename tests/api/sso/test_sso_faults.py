"""A tenant's own identity provider when something goes wrong: one plain line, and a second run brings it about."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.api.faulty import KINDS, attempt, fault
from tests.api.signing_in import READS, WRITES, SigningIn
from tests.emulator import Emulator

MAKING = list(itertools.product((*WRITES, *READS), KINDS, (1, 3, 9)))
_numbers = itertools.count()


@pytest.fixture
def newcomer(server: Emulator) -> Iterator[SigningIn]:
    n = next(_numbers)
    yield SigningIn(server, name=f"sso{n}", email=f"admin@sso{n}.example", domains=(), admins=(), users=())
    server.faults([])


def _line(act: Callable[[], Any]) -> str | None:
    """The one line of a failed run, with nothing of the client secret in it."""
    line = attempt(act)
    assert "weak" not in (line or "")
    return line


@pytest.mark.parametrize(("endpoint", "kind", "times"), MAKING)
def test_first_run(server: Emulator, newcomer: SigningIn, endpoint: str, kind: str, times: int) -> None:
    server.faults([fault(endpoint, kind, times)])
    line = _line(newcomer.up)
    server.faults([])
    assert line or newcomer.id
    if line:
        newcomer.up()
    newcomer.assert_exact()
    assert newcomer.up() is False
    assert newcomer.refresh() == {}


@pytest.mark.parametrize("kind", ["error-after", "truncated"])
@pytest.mark.parametrize("endpoint", [*WRITES, *READS])
def test_change(server: Emulator, newcomer: SigningIn, endpoint: str, kind: str) -> None:
    newcomer.up()
    newcomer.declared |= {"client_secret": "another", "tenant": "another"}
    server.faults([fault(endpoint, kind, 9)])
    line = _line(newcomer.up)
    server.faults([])
    assert newcomer.up() is bool(line)
    newcomer.assert_exact()


@pytest.mark.parametrize("kind", KINDS)
def test_switching_on(server: Emulator, newcomer: SigningIn, kind: str) -> None:
    newcomer.up()
    newcomer.switched_off_by_hand()
    newcomer.refresh()
    server.faults([fault("sso.set_provider_configurations_active", kind, 9)])
    line = _line(newcomer.up)
    server.faults([])
    assert newcomer.up() is bool(line)
    newcomer.assert_exact()


@pytest.mark.parametrize("times", [1, 3, 9])
@pytest.mark.parametrize("kind", KINDS)
def test_removal(server: Emulator, newcomer: SigningIn, kind: str, times: int) -> None:
    newcomer.up()
    server.faults([fault("sso.delete_provider_configurations", kind, times)])
    line = _line(newcomer.remove)
    server.faults([])
    if line:
        newcomer.remove()
    assert newcomer.held()["providers"] == []
