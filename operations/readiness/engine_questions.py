"""What the engine is asked: whether it has the stack, and whether this shell can decrypt its secrets."""

from __future__ import annotations

from collections.abc import Mapping

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.readiness.answer import Answer
from settings.errors import ConfigurationError
from settings.loading.load import Environment


def placeholders(environment: Environment) -> list[Answer]:
    """A line for each value that is still to be written."""
    missing = [
        Answer("files", f"{each.where.file}: {each.where.key} {text}", command or f"edit {each.where.file}")
        for each in environment.placeholders
        for text, _, command in [each.message.partition("; set it with: ")]
    ]
    tenants = len(environment.tenants)
    return missing or [Answer("files", f"sound, {tenants} tenants, no placeholder")]


def initialised(stack: EngineStack) -> tuple[list[Answer], Mapping[str, object]]:
    """Whether the backend has the stack; and what it has deployed."""
    try:
        outputs = stack.outputs()
    except OperationError as error:
        return [Answer("stack", _reason(error), _remedy(str(error), stack.name))], {}
    return [
        Answer("stack", "initialised, something is deployed" if outputs else "initialised, nothing deployed")
    ], outputs


def decrypted(stack: EngineStack) -> tuple[list[Answer], Mapping[str, str] | None]:
    """Whether the secrets can be read in this shell; and the project's values, which nobody prints."""
    try:
        values = stack.settings()
    except ConfigurationError as error:
        text = f"{len(error.findings)} values cannot be decrypted, named above"
        return [Answer("secrets", text, f"make check STACK={stack.name.rpartition('/')[2]}")], None
    except OperationError as error:
        return [Answer("secrets", _reason(error), _remedy(str(error), stack.name))], None
    return [Answer("secrets", "set, and this shell can decrypt them")], values


def _reason(error: OperationError) -> str:
    """Without the remedy of before, which is told as a command."""
    return str(error).removesuffix(": see `pulumi stack ls`").partition(": install it")[0]


def _remedy(text: str, stack: str) -> str:
    lower = text.lower()
    if "not on path" in lower:
        return 'install Pulumi; for the local stack: make tools, then eval "$(make env)"'
    if "no stack named" in lower or "not found" in lower:
        return f"pulumi stack init {stack}"
    if "passphrase" in lower:
        return "export PULUMI_CONFIG_PASSPHRASE=…"
    if "pulumi_access_token" in lower or "login" in lower or "logged in" in lower:
        return 'pulumi login "$PULUMI_BACKEND_URL"'
    return f"pulumi stack select {stack}"
