"""What a step of a workflow hands on to the next one: GitHub's files of outputs and variables, a kubeconfig."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from operations.errors import OperationError

_SIGNS_IN = ("token", "password", "client-key-data")


def output(name: str, value: str, variables: Mapping[str, str]) -> None:
    """Print `name=value`; in a workflow make it an output of the step, too, where `value` may have several lines."""
    print(f"{name}={value}")
    file = variables.get("GITHUB_OUTPUT")
    if file:
        with Path(file).open("a", encoding="utf-8") as outputs:
            # Nobody who can write a line of the value can know where it ends.
            end = f"end-{secrets.token_hex(16)}"
            outputs.write(f"{name}<<{end}\n{value}\n{end}\n" if value else f"{name}=\n")


def keep_kubeconfig(variables: Mapping[str, str]) -> Path:
    """Write `KUBECONFIG_CONTENT` into a file that only this user reads, and let later steps use it.

    Raises OperationError without it, or outside of a workflow: nobody's own kubeconfig is touched.
    """
    try:
        content, folder, names = (variables[name] for name in ("KUBECONFIG_CONTENT", "RUNNER_TEMP", "GITHUB_ENV"))
    except KeyError as missing:
        raise OperationError(f"{missing.args[0]} is not set: this is a step of a workflow") from None
    if not content.strip():
        raise OperationError("KUBECONFIG_CONTENT is empty: make it a secret of the workflow's environment")
    path = Path(folder) / "kubeconfig"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
    with Path(names).open("a", encoding="utf-8") as lines:
        lines.write(f"KUBECONFIG={path}\n")
    return path


def kubeconfig_secrets(variables: Mapping[str, str]) -> Iterator[str]:
    """What signs in at clusters in the file that `KUBECONFIG` names; nothing of one that cannot be read.

    GitHub hides the file's whole lines, and so not a token alone that a plugin prints.
    """
    try:
        content = yaml.safe_load(Path(variables.get("KUBECONFIG", "")).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return
    users = content.get("users") if isinstance(content, Mapping) else None
    for each in users if isinstance(users, list) else ():
        user = each.get("user") if isinstance(each, Mapping) else None
        if isinstance(user, Mapping):
            values = (user.get(name) for name in _SIGNS_IN)
            yield from (value.strip() for value in values if isinstance(value, str) and value.strip())
