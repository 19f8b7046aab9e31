"""`pulumi preview` with this project's policies; what runs them comes with the official Pulumi only."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from operations.errors import OperationError
from settings.loading.shell import require_stack_of_shell

# The official language host starts a policy pack. Releases before 3.221 did so through a launcher of its own.
_HOST = "pulumi-language-python"
_FOLDER = "policy"


def preview(root: Path, stack: str) -> None:
    """The engine's own preview on the terminal.

    Raises OperationError if it fails or a policy is violated, ConfigurationError in a shell set to another stack.
    """
    require_stack_of_shell(stack.rpartition("/")[2], os.environ)
    engine = shutil.which("pulumi")
    if not engine or not _has_host(Path(engine)):
        raise OperationError(
            f"{_HOST if engine else 'pulumi'}: not on PATH, nor beside the engine: policies run where the official "
            "Pulumi is installed, which has it"
        )
    command = ("pulumi", "preview", "--stack", stack, "--policy-pack", _FOLDER, "--non-interactive")
    if subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, check=False).returncode:
        raise OperationError(f"stack {stack}: the preview failed or a policy is violated: it says above which and why")


def _has_host(engine: Path) -> bool:
    """On PATH or beside the engine itself, which may be behind a link: the two places where the engine looks."""
    beside = engine.resolve().with_name(_HOST)
    return shutil.which(_HOST) is not None or os.access(beside, os.X_OK)
