"""A stack's file with identity providers, some with a secret."""

from __future__ import annotations

from pathlib import Path

from components import value_conflicts
from settings.loading.load import Environment
from tests.unit.asked import STACK_FILE, WITH_ADDRESSES, project, refusal


def stack_file(providers: str, *secrets: str, variables: str = "", server: str = "") -> str:
    held = "".join(f"    {name}: {{secure: v1:eee}}\n" for name in secrets)
    above = f"  clearml-tenants:identityProviderSecrets:\n{held}" if held else ""
    lines = f"      identityProviders: {providers}\n{variables}{server}      cookieName:"
    changed = WITH_ADDRESSES.replace("      cookieName:", lines)
    return changed.replace("  clearml-tenants:stack:", f"{above}  clearml-tenants:stack:")


def loaded(tmp_path: Path, text: str) -> Environment:
    return value_conflicts.load(project(tmp_path, {STACK_FILE: text}), "test")


def refused(tmp_path: Path, text: str) -> str:
    return refusal(project(tmp_path), {STACK_FILE: text})
