"""`make up` does not end well while the API that it deployed does not answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from local import __main__ as commands
from local.api_readiness import require_answer
from local.checkout import Checkout
from local.engine.run import Outcome
from local.errors import LocalError
from local.kubelet.process import Process, RunnerFile
from local.kubelet.status import State, StateFile
from tests.local.own_cluster import checkout_in

STATUS = [200]


ASKED: list[str] = []


class Api(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        ASKED.append(self.path)
        self.send_response(STATUS[0])
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = checkout_in(tmp_path)
    made.run.mkdir(parents=True)
    return made


@pytest.fixture
def api(checkout: Checkout) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", checkout.api_port), Api)
    STATUS[0] = 200
    Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


def reported(checkout: Checkout, state: State) -> None:
    me = Process.of(os.getpid())
    assert me is not None
    RunnerFile(checkout.run).write(me, {})
    StateFile(checkout.run).write(state)


@pytest.mark.usefixtures("api")
def test_an_answer_is_enough(checkout: Checkout) -> None:
    require_answer(checkout, seconds=5)


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize("status", [500, 502, 503, 404])
def test_an_answer_that_is_an_error_is_none(checkout: Checkout, status: int) -> None:
    STATUS[0] = status
    with pytest.raises(LocalError, match="does not answer"):
        require_answer(checkout, seconds=1)


@pytest.mark.usefixtures("api")
def test_a_run_that_changed_nothing_makes_no_call(checkout: Checkout) -> None:
    ASKED.clear()
    require_answer(checkout, changed=False, seconds=5)
    assert ASKED == []


def test_a_run_that_changed_nothing_tells_who_does_not_listen(checkout: Checkout) -> None:
    reported(checkout, State("crashed", "error: CLEARML__a__b: its value is not HOCON", None))
    with pytest.raises(LocalError, match="does not answer"):
        require_answer(checkout, changed=False, seconds=60)


def test_a_crash_is_told_with_what_was_said_and_at_once(checkout: Checkout) -> None:
    reported(checkout, State("crashed", "error: CLEARML__a__b: its value is not HOCON", None))
    with pytest.raises(LocalError, match=r"does not answer .crashed: error: CLEARML__a__b: its value is not HOCON"):
        require_answer(checkout, seconds=60)


def test_nobody_there_is_told(checkout: Checkout) -> None:
    with pytest.raises(LocalError, match="its runner is not running"):
        require_answer(checkout, seconds=0.5)


def test_up_asks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    made = checkout_in(tmp_path)

    class Engine:
        def __init__(self, _: Checkout) -> None: ...

        def up(self) -> Outcome:
            return Outcome({"same": 1}, {})

    monkeypatch.setattr(commands, "Engine", Engine)
    monkeypatch.setattr(Checkout, "current", lambda: made)
    monkeypatch.setattr(commands, "load", lambda *_: SimpleNamespace(shards=()))
    monkeypatch.setattr(commands, "_ready_and_whole", lambda _: None)
    for step in ("require_clear", "mend", "_read_back_uninstalled"):
        monkeypatch.setattr(commands, step, lambda _: None)
    monkeypatch.setattr(commands, "require_answer", partial(require_answer, seconds=0.3))
    monkeypatch.setattr(sys, "argv", ["local", "up"])
    with pytest.raises(SystemExit) as end:
        commands.main()
    assert end.value.code == 1
    assert "does not answer" in capsys.readouterr().err
