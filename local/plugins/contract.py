"""What one kind of resource does for the engine; `server` translates the wire protocol into these calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from local.plugins.properties import Properties

Change = Literal["add", "delete", "update"]
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Subject:
    """Which resource an operation is about: its URN, type token and the name the program gave it."""

    urn: str
    token: str
    name: str


@dataclass(frozen=True)
class CheckResult:
    """Inputs with defaults filled in; `failures` are (property, one line) and stop the operation."""

    inputs: Properties
    failures: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Difference:
    """One changed input; `replace` if it cannot change in place."""

    path: Path
    change: Change
    replace: bool = False


@dataclass(frozen=True)
class Differences:
    entries: Sequence[Difference] = ()


@dataclass(frozen=True)
class Found:
    """A live object as `read` saw it; `inputs` are what would have made it."""

    identifier: str
    state: Properties
    inputs: Properties


@dataclass(frozen=True)
class Operation:
    """All that the engine says about one call; what a call has no use for is empty.

    `inputs` are the new ones; `old_inputs` and `state` are what the engine keeps; a `preview` changes nothing anywhere.
    """

    subject: Subject
    inputs: Properties = field(default_factory=dict, repr=False)
    identifier: str = ""
    old_inputs: Properties = field(default_factory=dict, repr=False)
    state: Properties = field(default_factory=dict, repr=False)
    preview: bool = False


class Kind(Protocol):
    """One kind of resource. Every method may raise PluginError."""

    def check(self, operation: Operation, /) -> CheckResult: ...

    def diff(self, operation: Operation, /) -> Differences: ...

    def create(self, operation: Operation, /) -> tuple[str, Properties]:
        """The new id (none in a preview) and state."""

    def read(self, operation: Operation, /) -> Found | None:
        """None if it is gone."""

    def update(self, operation: Operation, /) -> Properties:
        """The new state."""

    def delete(self, operation: Operation, /) -> None:
        """What is gone already is no error."""


class Provider(Protocol):
    """A set of kinds behind one plugin executable."""

    name: str
    version: str

    def configure(self, variables: Mapping[str, str], /) -> None:
        """Take the provider's inputs, keys without their `<name>:config:` prefix."""

    def kind(self, token: str, /) -> Kind:
        """Raises PluginError for a type this plugin does not know."""

    def config_replaces(self, olds: Properties, news: Properties, /) -> Sequence[str]:
        """Provider inputs whose change means another cluster or account: all its resources are replaced."""
