"""`pulumi preview` with this project's policies; what runs them comes with the official Pulumi only."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from operations.errors import OperationError

# Beside the engine: what speaks its language's, and what starts a policy pack.
_NEEDED = ("pulumi", "pulumi-language-python", "pulumi-analyzer-policy-python")
_FOLDER = "policy"


def preview(root: Path, stack: str) -> None:
    """The engine's own preview on the terminal. Raises OperationError if it fails, or a policy is violated."""
    missing = [name for name in _NEEDED if not shutil.which(name)]
    if missing:
        raise OperationError(
            f"{', '.join(missing)}: not on PATH: policies run where the official Pulumi is installed, which has it"
        )
    command = ("pulumi", "preview", "--stack", stack, "--policy-pack", _FOLDER, "--non-interactive")
    if subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, check=False).returncode:
        raise OperationError(f"stack {stack}: the preview failed or a policy is violated: it says above which and why")
