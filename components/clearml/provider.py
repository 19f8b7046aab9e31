"""What every dynamic provider of ours does alike.

A provider is pickled into each resource's state as its name in `state`, so neither a value nor the place of a class
gets there: `__reduce__` leaves out whatever `configure` set.
"""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import Unknown
from pulumi.runtime import rpc

from components.clearml import state
from components.clearml.api.calls.users import exists
from components.clearml.api.connection import Connection
from components.clearml.api.error_text import show_sentences
from components.clearml.api.errors import FailedCall, ImpersonationRefused, Misconfigured
from components.clearml.api.retry import waits_for_api
from components.clearml.run import deleted_company, process_end
from components.clearml.run.intent import INTENT, Intent
from components.clearml.run.session import Session, session_for

T = TypeVar("T")
Properties = dict[str, Any]
NOT_FOUND = ReadResult("", {})


class ClearMLProvider(ResourceProvider):
    """Subclasses have `create` and `update`, both `with_api_wait`, `read` and `delete`, which do not wait for an API
    that does not answer yet, and say by `validate` what is wrong with their inputs.

    `check` and `diff` make no calls.
    """

    serialize_as_secret_always = False
    identity: tuple[str, ...] = ()
    """Inputs whose change makes another thing, so that the resource is replaced."""
    compared: tuple[str, ...] = ()
    """Inputs whose change is made in place."""
    run_only_inputs: tuple[str, ...] = (INTENT,)
    """Inputs that only this run has, in `check`: no part of the state."""

    def __reduce__(self) -> tuple[Callable[[str], ResourceProvider], tuple[str]]:
        return state.provider, (state.name_of(type(self)),)

    def configure(self, req: ConfigureRequest) -> None:
        """Take the connection from the stack's configuration; no call is made. Raises Misconfigured."""
        show_sentences()
        process_end.hasten()
        self.connect(_connection(req))

    def connect(self, connection: Connection) -> None:
        """Use this connection from now on; providers of one process share what they read."""
        self.session: Session = session_for(connection)

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        """Pure but for handing over the program's intent, which is the same in whatever resource has it."""
        intent = Intent.of(news.get(INTENT))
        if intent is not None and hasattr(self, "session"):
            self.session.hand_over(intent)
        inputs = self.normalize({name: value for name, value in news.items() if name not in self.run_only_inputs})
        failures = [CheckFailure(name, reason) for name, reason in self.validate(olds, inputs).items()]
        return CheckResult(inputs, failures)

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        replaces = [name for name in self.identity if news.get(name) != olds.get(name)]
        changed = [name for name in self.compared if news.get(name) != olds.get(name)]
        return DiffResult(changes=bool(replaces or changed), replaces=replaces, delete_before_replace=False)

    def normalize(self, news: Properties) -> Properties:
        """The inputs as they are kept; an unknown value stays as it is."""
        return news

    def validate(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        """What is wrong with the inputs, by property; told in the preview."""
        return {}

    def create(self, props: Properties) -> CreateResult:
        """Find or make it; safe to do again."""
        raise NotImplementedError

    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        """Change it in place; the new properties. Safe to do again."""
        raise NotImplementedError

    def read(self, id_: str, props: Properties) -> ReadResult:
        """What the server says now, or NOT_FOUND."""
        raise NotImplementedError

    def delete(self, id_: str, props: Properties) -> None:
        """Take it away; what is gone already is fine."""
        raise NotImplementedError

    def unless_gone(self, user_id: str, act: Callable[[], T]) -> T | None:
        """Do something as a user; None if the user does not exist any more. Any other refusal is raised."""
        try:
            return act()
        except ImpersonationRefused:
            # 400/6 has several causes that differ in their text only: ask before we say that somebody is gone.
            if exists(self.session.client, user_id):
                raise
            return None

    def unless_locked_out(self, user_id: str, act: Callable[[], T]) -> T | None:
        """As `unless_gone`, and None too if the user's company was deleted: for what is taken away, never for a read.

        A read of a deleted company is an error, since it may be restored.
        """
        try:
            return self.unless_gone(user_id, act)
        except ImpersonationRefused:
            if not deleted_company.holds(self.session, user_id):
                raise
            return None


P = ParamSpec("P")
S = TypeVar("S", bound=ClearMLProvider)


def with_api_wait(act: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Of a create or update: if nobody answers yet, wait visibly and do it again. All of it looks first, so that is
    safe.
    """

    @wraps(act)
    def act_or_wait(self: S, /, *args: P.args, **named: P.kwargs) -> T:
        try:
            return act(self, *args, **named)
        except FailedCall as failure:
            # A server that is just restarting refuses connections, then breaks them off, then answers.
            if not waits_for_api(failure):
                raise
        self.session.wait()
        return act(self, *args, **named)

    return act_or_wait


def unknown(value: object) -> bool:
    """Whether a preview does not know this input yet: an object of the SDK's by then, and on the wire a text."""
    return isinstance(value, Unknown) or bool(value == rpc.UNKNOWN)


def _connection(req: ConfigureRequest) -> Connection:
    """`apiUrl`, `apiserverKey`, `apiserverSecret`, optional `apiWaitSeconds`, `apiCaFile` and `apiCallsPerSecond`."""
    url = os.environ.get("CLEARML_API_URL") or req.config.get("apiUrl")
    settings = {"apiUrl": url, **{name: req.config.get(name) for name in ("apiserverKey", "apiserverSecret")}}
    missing = [name for name, value in settings.items() if not isinstance(value, str) or not value]
    if missing:
        secret = "" if missing[0] == "apiUrl" else "--secret "
        raise Misconfigured(
            f"{' and '.join(missing)} not set: `pulumi config set --stack <stack> {secret}{missing[0]}`"
        )
    wait = str(req.config.get("apiWaitSeconds") or 300)
    if not wait.isdecimal():
        raise Misconfigured("apiWaitSeconds is not a whole number of seconds: write it like 300")
    return Connection(
        url=str(settings["apiUrl"]),
        key=str(settings["apiserverKey"]),
        secret=str(settings["apiserverSecret"]),
        wait_seconds=float(wait),
        ca_file=req.config.get("apiCaFile") or None,
        calls_per_second=_calls_per_second(req.config.get("apiCallsPerSecond")),
    )


def _calls_per_second(text: str | None) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.1 <= number <= 1000:
        raise Misconfigured("apiCallsPerSecond is not a number from 0.1 to 1000: write it like 20")
    return number
