"""What one question of the checklist came to, and the deadline that each question has."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass
from threading import Thread

SECONDS = 20.0


@dataclass(frozen=True)
class Answer:
    """`command` mends what is missing, and is empty where nothing is."""

    subject: str
    text: str
    command: str = ""

    @property
    def is_missing(self) -> bool:
        return bool(self.command)

    def __str__(self) -> str:
        line = f"{'missing' if self.is_missing else 'ok':<8} {self.subject}: {self.text}"
        return f"{' '.join(line.split())}: {self.command}" if self.is_missing else " ".join(line.split())


Question = Callable[[], list[Answer]]


def answered(subject: str, question: Question, otherwise: str, seconds: float = SECONDS) -> list[Answer]:
    """The answers; of a question that is not answered in time, that, with the command `otherwise`.

    It runs on a thread that no exit waits for. Raises what it raises.
    """
    future = Future[list[Answer]]()
    Thread(target=_run, args=(question, future), daemon=True).start()
    try:
        return future.result(timeout=seconds)
    except LateError:
        return [Answer(subject, f"no answer within {seconds:.0f} s", otherwise)]


def _run(question: Question, future: Future[list[Answer]]) -> None:
    try:
        future.set_result(question())
    except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
        future.set_exception(error)
