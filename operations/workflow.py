"""The commands that only a workflow's steps call; each takes what it needs from variables."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from config.load import load, stacks
from operations.affected import affected, changed_since
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.publish import publish_drift, publish_nightly, publish_plans
from operations.ring import held_back
from operations.runner import keep_kubeconfig, output


def _affected(root: Path, variables: Mapping[str, str]) -> None:
    output("stacks", json.dumps(affected(changed_since(root, _of(variables, "BASE")), stacks(root))), variables)


def _ring(root: Path, variables: Mapping[str, str]) -> None:
    ring = variables.get("RING", "").split()
    waiting = _waiting(root, _of(variables, "STACK"), ring) if ring else []
    output("waiting", "\n".join(waiting), variables)


def _waiting(root: Path, stack: str, ring: list[str]) -> list[str]:
    environment = load(root, stack)
    return held_back(environment, ring, EngineStack(root, stack).deployment().get("resources") or [])


def _comment(root: Path, variables: Mapping[str, str]) -> None:
    run = {name: _of(variables, name) for name in ("REPOSITORY", "HEAD", "COMMIT")}
    print(f"{publish_plans(root / _of(variables, 'PLANS'), run)} comments")


def _drift(_root: Path, variables: Mapping[str, str]) -> None:
    publish_drift(*(_of(variables, name) for name in ("REPOSITORY", "STACK", "RUN_URL")))


def _broken(_root: Path, variables: Mapping[str, str]) -> None:
    publish_nightly(*(_of(variables, name) for name in ("REPOSITORY", "RUN_URL")))


def _kubeconfig(_root: Path, variables: Mapping[str, str]) -> None:
    print(f"{keep_kubeconfig(variables)}: written")


_COMMANDS: Mapping[str, tuple[str, Callable[[Path, Mapping[str, str]], None]]] = {
    "affected": ("which stacks differ from BASE", _affected),
    "ring": ("the engine's exclusions while the tenants in RING of STACK go first", _ring),
    "comment": ("put the plans in PLANS under the pull request of HEAD at COMMIT in REPOSITORY", _comment),
    "drift": ("say in an issue of REPOSITORY that STACK has drifted, as RUN_URL found", _drift),
    "broken": ("say in an issue of REPOSITORY that the nightly histories fail, as RUN_URL found", _broken),
    "kubeconfig": ("keep KUBECONFIG_CONTENT for later steps", _kubeconfig),
}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Let the command line know them."""
    for name, (what, run) in _COMMANDS.items():
        commands.add_parser(name, help=what).set_defaults(run=lambda asked, run=run: run(asked.root, os.environ))


def _of(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name, "")
    if not value:
        raise OperationError(f"{name} is not set: the workflows in .github/ set it")
    return value
