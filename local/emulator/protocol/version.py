"""API versions such as 2.34: compared number by number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Version:
    """Raises ValueError from `parse` for what the real server's version library refuses (leading zeros)."""

    numbers: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Version:
        parts = text.split(".")
        if any(len(part) > 1 and part.startswith("0") for part in parts):
            raise ValueError(f"Invalid leading zero in number: {text!r}")
        return cls(tuple(int(part) for part in parts))

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers))

    def on_the_wire(self, requested: Version) -> float | str:
        """Callers of versions before 2.1 get a number, all others text."""
        return float(str(self)) if requested < Version((2, 1)) else str(self)
