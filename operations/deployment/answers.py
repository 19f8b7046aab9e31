"""What the engine says of a stack before a run: asked all at once, while this process imports what judges it.

Each question is a process of its own that takes a tenth of a second, and what reads and checks files takes several to
import. Imports none of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from operations.engine import EngineStack


@dataclass(frozen=True)
class Answers:
    """`tags` only where they are asked for. Each `result` raises OperationError."""

    version: Future[str]
    state: Future[str]
    tags: Future[Mapping[str, str]] | None = None

    @classmethod
    def ask(cls, stack: EngineStack, *, everything: bool) -> Answers:
        """With `everything` the stack is run, whatever is recorded of its last run."""
        pool = ThreadPoolExecutor(3)
        try:
            version, state = pool.submit(stack.version), pool.submit(stack.export_text)
            return cls(version, state, None if everything else pool.submit(stack.tags))
        finally:
            pool.shutdown(wait=False)
