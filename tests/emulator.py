"""The API emulator as tests use it: a real process on free ports, asked over HTTP what it holds."""

from __future__ import annotations

import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.cluster.ports import free_ports

ROOT = Path(__file__).resolve().parent.parent

APISERVER_KEY = "APISERVERKEY0000000000000000AB"
APISERVER_SECRET = "apiserver-secret-4f9d1c7b2a"
SUPERVISOR_KEY = "SUPERVISORKEY000000000000000AB"
SUPERVISOR_SECRET = "supervisor-secret-8e3a5d6c1f"
SUPERVISOR_EMAIL = "supervisor@example.com"
DEFAULT_COMPANY = "d1bd92a3b039400cbafc60a7a5b1e52b"

ENVIRONMENT = {
    "CLEARML__secure__credentials__apiserver__role": "system",
    "CLEARML__secure__credentials__apiserver__user_key": f'"{APISERVER_KEY}"',
    "CLEARML__secure__credentials__apiserver__user_secret": f'"{APISERVER_SECRET}"',
    "CLEARML__services__organization__features__user_management_advanced": "true",
    "CLEARML__services__workers__resource_usages__supervisor_company": DEFAULT_COMPANY,
    "CLEARML__secure__credentials__supervisor__role": "system",
    "CLEARML__secure__credentials__supervisor__allow_login": "true",
    "CLEARML__secure__credentials__supervisor__user_key": f'"{SUPERVISOR_KEY}"',
    "CLEARML__secure__credentials__supervisor__user_secret": f'"{SUPERVISOR_SECRET}"',
    "CLEARML__secure__credentials__supervisor__sec_groups": '["users", "admins", "queue_admins"]',
    "CLEARML__secure__credentials__supervisor__email": f'"{SUPERVISOR_EMAIL}"',
    "CLEARML__apiserver__company__unique_names": "true",
}

_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_READY = re.compile(r"listening on (?P<api>\S+) \(control (?P<control>\S+)\)")


class EmulatorNotStartedError(AssertionError):
    """The emulator ended before it listened; the text is what it said."""


class Emulator:
    """One emulator with its data under `folder`; `env` is laid over ENVIRONMENT, a None value removes a variable."""

    key = APISERVER_KEY
    secret = APISERVER_SECRET
    supervisor_key = SUPERVISOR_KEY
    supervisor_secret = SUPERVISOR_SECRET

    def __init__(self, folder: Path, env: Mapping[str, str | None] | None = None) -> None:
        self.data = folder / "emulator.sqlite"
        self._log = folder / "emulator.log"
        self._env: dict[str, str | None] = {**ENVIRONMENT, **(env or {})}
        # Its own also while it is stopped: a port of the system's choosing would go to somebody's connection.
        self.url, self.control_url = (f"http://127.0.0.1:{port}" for port in free_ports(2))
        self._starts = 0
        self._process = self._start()

    # -- what it holds -------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """`GET /state`: companies, users, credentials, rules, features; no secrets."""
        found: dict[str, Any] = self._control("GET", "/state")
        return found

    def calls(self) -> list[dict[str, Any]]:
        """Every call since the last `clear_calls`, oldest first."""
        found: list[dict[str, Any]] = self._control("GET", "/calls")["calls"]
        return found

    def clear_calls(self) -> None:
        self._control("DELETE", "/calls")

    # -- what a test makes happen --------------------------------------------------------------------------------

    def faults(self, faults: list[dict[str, Any]]) -> None:
        """Replace the faults to come: `[{"endpoint", "kind", "times"}]`."""
        self._control("PUT", "/faults", faults)

    def faults_to_come(self) -> int:
        """How many calls are still to go wrong."""
        return sum(fault["times"] for fault in self._control("GET", "/faults"))

    def sign_in(self, email: str) -> dict[str, Any]:
        """Somebody signs in through the identity provider; returns user, company, role, created."""
        found: dict[str, Any] = self._control("POST", "/sign-in", {"email": email})
        return found

    def set_groups(self, user: str, groups: list[str]) -> None:
        """An admin changes a user's groups in the web interface."""
        self._control("PUT", "/membership", {"user": user, "groups": groups})

    def set_workers(self, company: str, connected: int) -> None:
        """So many workers of the company are connected now."""
        self._control("PUT", "/workers", {"company": company, "connected": connected})

    def set_active(self, company: str, *, active: bool) -> None:
        """An administrator deletes a company, or restores it."""
        self._control("PUT", "/companies", {"company": company, "active": active})

    def call(
        self, endpoint: str, body: object = None, *, headers: Mapping[str, str] | None = None, **auth: Any
    ) -> httpx.Response:
        """POST a call as the apiserver, or with `auth=(key, secret)`, or `auth=None`."""
        credentials = auth.get("auth", (self.key, self.secret))
        with _client() as client:
            return client.post(
                f"{self.url}/{endpoint}", json=body if body is not None else {}, headers=headers, auth=credentials
            )

    def data_of(self, endpoint: str, body: object = None, **how: Any) -> dict[str, Any]:
        """The `data` of a call that has to succeed."""
        response = self.call(endpoint, body, **how)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()["data"]
        return found

    @property
    def untouched(self) -> bool:
        """Whether it is still the process that was started first, with the environment it had."""
        return self._starts == 1 and self._process.poll() is None

    @property
    def process(self) -> int:
        """Its number."""
        return self._process.pid

    def empty(self) -> None:
        """As new: no company but the default one, no call, no fault, no log."""
        self._control("DELETE", "/state")
        self.faults([])
        os.truncate(self._log, 0)

    # -- its life ------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Ask it to end, and wait; ended already is fine."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would."""
        self._end(signal.SIGKILL)

    def restart(self, env: Mapping[str, str | None] | None = None) -> None:
        """Stop and start on the same ports with the same data; `env` is laid over the environment it had."""
        self.stop()
        self._env.update(env or {})
        self._process = self._start()

    def log(self) -> str:
        """What it wrote to stderr since it was made."""
        return self._log.read_text()

    def _start(self) -> subprocess.Popen[str]:
        self._starts += 1
        command = [sys.executable, "-m", "local.emulator", "--data", str(self.data)]
        command += ["--listen", self.url.removeprefix("http://"), "--control", self.control_url.removeprefix("http://")]
        with self._log.open("a") as log:
            process = subprocess.Popen(
                command, env=self._environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
            )
        ready = _READY.match(process.stdout.readline() if process.stdout else "")
        if ready is None:
            process.wait(10)
            raise EmulatorNotStartedError(self.log())
        self.url, self.control_url = ready["api"], ready["control"]
        return process

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("CLEARML_", "TRAINS_"))}
        own.pop("EMULATOR_ASSUMPTIONS", None)
        return own | {name: value for name, value in self._env.items() if value is not None}

    def _end(self, number: signal.Signals) -> None:
        if self._process.poll() is None:
            self._process.send_signal(number)
        self._process.wait(10)
        if self._process.stdout:
            self._process.stdout.close()

    def _control(self, method: str, path: str, body: object = None) -> Any:
        with _client() as client:
            response = client.request(method, f"{self.control_url}{path}", json=body)
        assert response.status_code == 200, response.text
        return response.json()


def _client() -> httpx.Client:
    """A client without memory: no proxy, no cookies, no kept connection; TLS is not used, and slow to prepare."""
    return httpx.Client(trust_env=False, timeout=10, verify=_TLS)


def start_emulator(tmp_path: Path, env: Mapping[str, str | None] | None = None) -> Emulator:
    """A running emulator; stop it when done. Raises EmulatorNotStartedError with what it said."""
    return Emulator(tmp_path, env)


@pytest.fixture(scope="module")
def shared_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator that a module's tests share; each works on companies of its own."""
    running = start_emulator(tmp_path_factory.mktemp("emulator"))
    yield running
    running.stop()


class Standing:
    """One emulator for the tests of a process, as new before each: starting one costs more than most tests."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self._running: Emulator | None = None

    def as_new(self) -> Emulator:
        """The standing one, emptied; another if a test stopped it or changed its environment."""
        if self._running is None or not self._running.untouched:
            self.stop()
            self._running = start_emulator(self._factory.mktemp("emulator"))
        else:
            self._running.empty()
        return self._running

    def stop(self) -> None:
        if self._running is not None:
            self._running.stop()


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """The process's own emulator."""
    held = Standing(tmp_path_factory)
    yield held
    held.stop()


@pytest.fixture
def emulator(standing: Standing) -> Emulator:
    """An emulator as new, with the supervisor and unique names configured."""
    return standing.as_new()
