"""Pure: one line out of what helm writes when it fails."""

from __future__ import annotations

_PREFIXES = ("INSTALLATION FAILED: ", "UPGRADE FAILED: ", "uninstall: ")


def complaint(errors: str) -> str:
    """The text after `Error: `, or else the last line; log lines and warnings before it are left out."""
    _, found, text = ("\n" + errors).partition("\nError: ")
    if not found:
        text = next((line for line in reversed(errors.splitlines()) if line.strip()), "")
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    return "; ".join(
        line.strip().rstrip(":") if line.endswith(":") else line.strip() for line in text.split("\n") if line.strip()
    )
