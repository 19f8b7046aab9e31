"""What the engine knows of a stack: state, tags, lock, secrets; most of it is only read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from operations.command import SECONDS, output
from operations.errors import OperationError
from settings.loading.shell import require_shell
from settings.types.naming import PROJECT

NO_TAGS = "does not support stack tags"
"""What the engine says (its `pkg/cmd/pulumi/stack/stack_tag.go`) where the backend keeps none; a bucket or folder does
from 3.211 on."""
NO_VALUE = "-"
"""Of a tag that says nothing. Engines from 3.211 to 3.248 keep a bucket's or folder's last one when it is removed, and
tell nobody; later ones panic at it where a kill cut the file of tags short. To set one works with all."""
_SERVICE = ("http", "https")
# The engine's command is written in Go, which collects garbage often as long as it has little: for a command that ends
# at once, up to a third of its CPU (`stack tag ls` 0.125 s with GOGC=400, 0.097 without any; `stack export` of 1.2 MB
# 0.20 and 0.175). A large state is collected as ever from there on.
_FEW_COLLECTIONS = {"GOGC": "off", "GOMEMLIMIT": "300MiB"}


@dataclass(frozen=True)
class EngineStack:
    """The stack `name` (as `pulumi --stack` takes it) of the project in `root`; a command may take `seconds`.

    `without` are variables of the environment that it gets no value of.
    """

    root: Path
    name: str
    seconds: int = SECONDS
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ConfigurationError in a shell that is set to another stack."""
        require_shell(self.name, os.environ)

    def deployment(self, *, show_secrets: bool = False) -> Mapping[str, Any]:
        """The state as `pulumi stack export` has it, secrets encrypted unless asked for. Raises OperationError."""
        found: Mapping[str, Any] = self.exported(show_secrets=show_secrets).get("deployment") or {}
        return found

    def exported(self, *, show_secrets: bool = False) -> Mapping[str, Any]:
        """All that `pulumi stack export` says, the state under `deployment`. Raises OperationError."""
        shown = ("--show-secrets",) if show_secrets else ()
        found: Mapping[str, Any] = json.loads(self._pulumi("stack", "export", *shown, "--stack", self.name))
        return found

    def export_text(self) -> str:
        """The same as the engine writes it, to the byte. Raises OperationError."""
        return self._pulumi("stack", "export", "--stack", self.name)

    def version(self) -> str:
        """Of the engine's command line. Raises OperationError."""
        return self._pulumi("version").strip()

    def tags(self) -> Mapping[str, str]:
        """What the backend keeps beside the state, without those that are cleared. Raises OperationError."""
        found = json.loads(self._pulumi("stack", "tag", "ls", "--json", "--stack", self.name)) or {}
        return {name: value for name, value in found.items() if value != NO_VALUE}

    def set_tag(self, name: str, value: str) -> None:
        """Keep this beside the state. Raises OperationError."""
        self._pulumi("stack", "tag", "set", name, value, "--stack", self.name)

    def clear_tag(self, name: str) -> None:
        """Keep nothing under this name. Raises OperationError."""
        self.set_tag(name, NO_VALUE)

    def newest_update(self) -> Mapping[str, Any]:
        """Kind, result and message of the run that ended last; empty before the first. Raises OperationError."""
        listed = self._pulumi("stack", "history", "--json", "--page-size", "1", "--stack", self.name)
        found: Mapping[str, Any] = next(iter(json.loads(listed or "[]") or []), {})
        return found

    def written(self) -> Mapping[str, str]:
        """When the state of each of the project's stacks was written last, to the millisecond; empty for one that never
        was. Raises OperationError."""
        listed = json.loads(self._pulumi("stack", "ls", "--json"))
        return {str(each["name"]).rpartition("/")[2]: str(each.get("lastUpdate") or "") for each in listed}

    def replace(self, exported: Mapping[str, Any]) -> None:
        """Put a state in the place of the stack's; the backend keeps the one before. Raises OperationError."""
        self._pulumi("stack", "import", "--stack", self.name, given=json.dumps(exported))

    def stacks(self) -> frozenset[str]:
        """The names of the project's stacks. Raises OperationError."""
        return frozenset(self.written())

    def initialise(self, provider: str) -> None:
        """Make the stack, empty, with the provider of secrets that its file has already. Raises OperationError."""
        self._pulumi("stack", "init", self.name, "--secrets-provider", provider, "--no-select")

    def move(self, urn: str, target: str) -> None:
        """Take a resource, with all below it, into the state of the stack `target`. Raises OperationError.

        The engine writes that one first: who kills it leaves the resources in both, and never in none.
        """
        self._pulumi("state", "move", "--source", self.name, "--dest", target, "--yes", urn)

    def outputs(self) -> Mapping[str, Any]:
        """What the program told of the stack, secrets left out. Raises OperationError."""
        found: Mapping[str, Any] = json.loads(self._pulumi("stack", "output", "--json", "--stack", self.name))
        return found

    def settings(self) -> Mapping[str, str]:
        """The project's keys and their values, secrets decrypted. Raises OperationError, ConfigurationError."""
        told = json.loads(self._decrypted("config", "--show-secrets", "--json", "--stack", self.name))
        return {key.removeprefix(f"{PROJECT}:"): str(entry.get("value", "")) for key, entry in told.items()}

    def setting(self, key: str, default: str | None = None) -> str:
        """One of the project's keys, decrypted if it is a secret: others may still be placeholders.

        `default`: its value where the stack has none. Raises OperationError.
        """
        listed = json.loads(self._pulumi("config", "--json", "--stack", self.name))
        if default is not None and f"{PROJECT}:{key}" not in listed:
            return default
        return self._pulumi("config", "get", key, "--stack", self.name).removesuffix("\n")

    def set_secret(self, key: str, value: str) -> None:
        """Encrypt a value into the stack's file; no command line holds it. A key like `a.b` leads below `a`.

        Raises OperationError.
        """
        path = ("--path",) if "." in key else ()
        self._pulumi("config", "set", "--secret", *path, key, "--stack", self.name, given=value)

    def kubeconfig(self, name: str) -> str:
        """The content of a kubeconfig of the stack. Raises OperationError, ConfigurationError."""
        return self._decrypted("config", "get", "--path", f"{PROJECT}:kubeconfigs.{name}", "--stack", self.name)

    def require_idle(self) -> None:
        """Raises OperationError while a run is seen to hold the stack.

        A folder's locks are files, and the service says that an update is in progress; into a bucket nobody looks
        without its own tools: see `require_lock_visibility`.
        """
        scheme, url = self._backend()
        if scheme == "file":
            held = next(_locks(Path(url.removeprefix("file://")).expanduser(), self._short), None)
            if held:
                raise OperationError(f"stack {self.name}: {held}")
        elif scheme in _SERVICE:
            self._require_no_update()

    def require_lock_visibility(self, *, assume_unlocked: bool) -> None:
        """Raises OperationError where nobody can see whether a run is at work.

        There the caller says `assume_unlocked`, as a workflow can that runs one deployment at a time.
        """
        scheme, _ = self._backend()
        if scheme != "file" and scheme not in _SERVICE and not assume_unlocked:
            raise OperationError(
                f"stack {self.name}: whether a run is at work cannot be seen in {scheme or 'this'} state: make sure "
                "that none is, then run this again with NO_RUN_AT_WORK=true"
            )

    def _backend(self) -> tuple[str, str]:
        """Kind and address of where the state is."""
        url = str(json.loads(self._pulumi("whoami", "--json")).get("url") or "")
        return urlsplit(url).scheme, url

    @property
    def _short(self) -> str:
        return self.name.rpartition("/")[2]

    def _require_no_update(self) -> None:
        for stack in json.loads(self._pulumi("stack", "ls", "--json")):
            if str(stack["name"]).rpartition("/")[2] == self._short and stack.get("updateInProgress"):
                raise OperationError(
                    f"stack {self.name}: a run is at work: let it end, or: pulumi cancel --stack {self.name}"
                )

    def _decrypted(self, *arguments: str) -> str:
        """Of a placeholder in the file the engine says `bad value`, and not which; this names it."""
        try:
            return self._pulumi(*arguments)
        except OperationError:
            # What reads files takes longer to import than most commands of the engine take.
            from settings.loading.load import load  # noqa: PLC0415

            load(self.root, self._short).require_values()
            raise

    def _pulumi(self, *arguments: str, given: str = "") -> str:
        then = "see `pulumi stack ls`"
        return output(
            "pulumi",
            *arguments,
            "--non-interactive",
            folder=self.root,
            given=given,
            then=then,
            seconds=self.seconds,
            variables={**_FEW_COLLECTIONS, **dict.fromkeys(self.without, "")},
        )


def _locks(state: Path, stack: str) -> Iterator[str]:
    """Who holds each lock of the stack, and what to do about it."""
    for lock in sorted((state / ".pulumi" / "locks").glob(f"**/{stack}/*.json")):
        try:
            said = json.loads(lock.read_text())
        except (OSError, ValueError):
            said = {}
        who = f"{said.get('username', '?')}@{said.get('hostname', '?')} (process {said.get('pid', '?')})"
        yield (
            f"{who} has held it since {said.get('timestamp', '?')}: let that run end; "
            f"if it is dead: pulumi cancel --stack {stack}"
        )
