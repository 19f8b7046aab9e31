"""Asks every 100 ms, while something else is at work, whether each key, domain and session is as it was."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

import httpx

from tests.e2e.site import PLANTED
from tests.e2e.takeover.installation import DOMAINS, Installation
from tests.e2e.takeover.steps import meanwhile

_PAUSE_SECONDS = 0.1


@dataclass
class Watch:
    """`wrong` are answers that were not as before. While the API's own pod starts anew, its data is asked instead.

    `session`: the token of somebody who has signed in before.
    """

    installation: Installation
    session: str
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    silent: list[float] = field(default_factory=list)

    def ask(self, http: httpx.Client) -> None:
        """Each once."""
        signed_in = {"Authorization": f"Bearer {self.session}"}
        try:
            answer = http.post("/users.get_current_user", headers=signed_in)
            self._note("session", answer.status_code == 200)
            for who, pair in self.installation.pairs.items():
                self._note(f"key of {who}", http.post("/auth.login", auth=pair).status_code == 200)
            for tenant, domain in DOMAINS.items():
                acting = {"X-Clearml-Act-As": self.installation.tenants[tenant].admin}
                pair = PLANTED["apiserverKey"], PLANTED["apiserverSecret"]
                answer = http.post("/login.get_settings", json={}, auth=pair, headers=acting)
                right = answer.status_code == 200 and answer.json()["data"]["domains"] == [domain]
                self._note(f"domain {domain}", right)
        except httpx.TransportError:
            self.silent.append(time.monotonic())
            # It has just opened its data, and wants them for itself.
            with suppress(sqlite3.OperationalError):
                self._ask_data()

    def _ask_data(self) -> None:
        site, tenants = self.installation.site, self.installation.tenants
        with closing(sqlite3.connect(f"file:{site.data / 'api.sqlite'}?mode=ro", uri=True, timeout=5)) as data:
            found = dict(data.execute("SELECT company, domain FROM domains"))
            keys = {key for (key,) in data.execute("SELECT access_key FROM credentials")}
        for tenant, domain in DOMAINS.items():
            self._note(f"domain {domain}", found.get(tenants[tenant].company) == domain)
            self._note(f"key of {tenant}", tenants[tenant].pair["access_key"] in keys)

    def _note(self, what: str, right: bool) -> None:
        self.answers[what] += 1
        if not right:
            self.wrong.append(f"{what} at {time.monotonic():.1f}")


@contextmanager
def watching(installation: Installation) -> Iterator[Watch]:
    """All the while."""
    url, pair = f"{installation.site.api_url}/auth.login", installation.pairs["acme"]
    session = httpx.post(url, auth=pair, timeout=10).json()["data"]["token"]
    watch = Watch(installation, session)

    def run(end: threading.Event) -> None:
        with httpx.Client(base_url=installation.site.api_url, timeout=10) as http:
            while not end.wait(_PAUSE_SECONDS):
                watch.ask(http)

    with meanwhile(run):
        yield watch
