"""The engine's runs: of one stack with the terminal, or of several side by side, each line with its stack in front."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from threading import RLock
from types import FrameType

from operations.checkpoints import preview_variables
from operations.command import is_on
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.parts import short
from settings.fingerprint import CHECKED

# The last one is what a terminal that is closed sends.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Below "Resources:" the engine counts, as in "~ 1 updated" and "2 changes. 30 unchanged".
_COUNT = re.compile(r"\b\d+ (?!changes?\b)[a-z]+")
# As the engine reads it.
_NO_PREVIEW = "PULUMI_OPTION_SKIP_PREVIEW"
# Of an engine that asks nothing.
_ALONE = ("--non-interactive", "--suppress-progress")


class Engines:
    """Those that are at work. Once they are told to end, no other begins; each call waits for the end of its own."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        # The handler of a signal may come while the main thread has it.
        self._lock = RLock()
        self._running = dict[subprocess.Popen[str], bool]()
        self._stopped = False

    def require_going(self, stack: EngineStack) -> None:
        """Raises OperationError if they were told to end."""
        if self._stopped:
            raise OperationError(f"stack {stack.name}: not run, since this command was told to end")

    def as_deployed(self, stack: EngineStack, checked: str = "", *, beside_others: bool = False) -> bool:
        """Whether a preview that reads back what exists has nothing to change; nothing of it is shown or kept.

        `checked`: the fingerprint of the files that were checked for it. In the main thread unless `beside_others`.
        Raises OperationError as `require_going`.
        """
        command = (*_command("preview", stack), *_ALONE, "--expect-no-changes")
        variables = _variables(checked, preview=True)
        signals = nullcontext() if beside_others else self.stopped_by_signals()
        with signals, self._started(command, stack, variables, has_terminal=False) as process:
            process.communicate()
        return not process.returncode

    def in_terminal(self, stack: EngineStack, message: str, checked: str = "") -> str:
        """It shows what would change and asks, unless it is told not to. In the main thread only.

        `message` is for the stack's history. Raises OperationError.
        """
        command = (*_command("up", stack), "--message", message)
        with (
            self.stopped_by_signals(),
            self._started(command, stack, _variables(checked), has_terminal=True) as process,
        ):
            process.wait()
        _require_complete(process, stack, "above")
        return ""

    def beside_others(self, stack: EngineStack, message: str, checked: str = "") -> str:
        """It asks nothing, and hears of a terminal's Ctrl-C by `stopped_by_signals` alone; what the engine counted.

        The preview has its own process, which puts no state together step by step; none where a shell asks for none.
        Raises OperationError.
        """
        if not is_on(os.environ, _NO_PREVIEW):
            self._heard((*_command("preview", stack), *_ALONE), stack, _variables(checked, preview=True))
        command = (*_command("up", stack), "--message", message, *_ALONE, "--yes", "--skip-preview")
        return ", ".join(self._heard(command, stack, _variables(checked)))

    def _heard(self, command: tuple[str, ...], stack: EngineStack, variables: Mapping[str, str]) -> list[str]:
        """Show each line as the stack's; what the engine counted at the end. Raises OperationError."""
        counts, counting = list[str](), False
        with self._started(command, stack, variables, has_terminal=False) as process:
            for line in map(str.rstrip, process.stdout or ()):
                if line:
                    self._show(f"{short(stack.name)} | {line}")
                    counting = line == "Resources:" or (counting and line.startswith(" "))
                    counts += _COUNT.findall(line) if counting else []
        _require_complete(process, stack, f"in the lines of {short(stack.name)} above")
        return counts

    @contextmanager
    def stopped_by_signals(self) -> Iterator[None]:
        """A signal is passed on once, as the one by which the engine ends what is under way and records it.

        Only a second Ctrl-C is passed on as well: the engine then ends at once, as it tells. In the main thread only.
        """

        def stop(number: int, _frame: FrameType | None) -> None:
            with self._lock:
                pressed = number == signal.SIGINT
                for process, has_terminal in self._running.items():
                    if not has_terminal if pressed else not self._stopped:
                        process.send_signal(signal.SIGINT)
                self._stopped = True

        before = {number: signal.signal(number, stop) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def _started(
        self, command: tuple[str, ...], stack: EngineStack, variables: Mapping[str, str], *, has_terminal: bool
    ) -> Iterator[subprocess.Popen[str]]:
        """It has ended afterwards. Raises OperationError if it is not begun."""
        with self._lock:
            self.require_going(stack)
            process = _start(command, stack, variables, has_terminal=has_terminal)
            self._running[process] = has_terminal
        with process:
            yield process
        with self._lock:
            del self._running[process]


def _require_complete(process: subprocess.Popen[str], stack: EngineStack, where: str) -> None:
    if process.returncode:
        raise OperationError(f"stack {stack.name}: the run is not complete: the engine says why {where}")


def _command(verb: str, stack: EngineStack) -> tuple[str, ...]:
    return ("pulumi", verb, "--stack", stack.name, "--refresh", "--suppress-outputs")


def _variables(checked: str, *, preview: bool = False) -> dict[str, str]:
    return {**(preview_variables(os.environ) if preview else os.environ), CHECKED: checked}


def _start(
    command: tuple[str, ...], stack: EngineStack, variables: Mapping[str, str], *, has_terminal: bool
) -> subprocess.Popen[str]:
    try:
        if has_terminal:
            return subprocess.Popen(command, cwd=stack.root, env=variables, text=True)
        return subprocess.Popen(
            command,
            cwd=stack.root,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            process_group=0,
        )
    except FileNotFoundError:
        raise OperationError("pulumi is not on PATH: install it, then run this again") from None
