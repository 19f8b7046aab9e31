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
    """Of `tags` and `state` only where they are asked for. Their `result` raises OperationError."""

    version: Future[str]
    tags: Future[Mapping[str, str]] | None = None
    state: Future[str] | None = None

    @classmethod
    def ask(cls, stack: EngineStack, *, everything: bool) -> Answers:
        """With `everything` the stack is run, whatever is recorded of its last run."""
        pool = ThreadPoolExecutor(3)
        try:
            version = pool.submit(stack.version)
            return cls(version) if everything else cls(version, pool.submit(stack.tags), pool.submit(stack.export_text))
        finally:
            pool.shutdown(wait=False)
