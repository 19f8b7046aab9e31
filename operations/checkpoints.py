"""When the engine puts the whole state together: after each step, so that a killed run is known; once in a preview."""

from __future__ import annotations

from collections.abc import Mapping

from operations.command import is_on

SKIP = "PULUMI_SKIP_CHECKPOINTS"


def preview_variables(shell: Mapping[str, str]) -> dict[str, str]:
    """`shell`, and that the state is put together once, at the end; a value that the shell has wins.

    A preview keeps no state, and yet the engine makes all of it anew after each step and throws it away, which takes
    the square of the resources. The variable changes that alone (pkg/backend/snapshot.go, 3.276): a state that
    contradicts itself is still refused, at the end. Since engine 3.110 it needs no PULUMI_EXPERIMENTAL, which turns on
    plans (docs/upstream/engine-checkpoints.md). Never for what writes the state: see `warning`.
    """
    return {SKIP: "true", **shell}


def warning(shell: Mapping[str, str]) -> str:
    """What to tell before a run that writes; empty where it writes after each step, as ours do by themselves.

    Without, a killed run has made companies and releases of which no state knows, and the next one stops at them
    (docs/adr/0016-a-checkpoint-after-each-step.md).
    """
    if not is_on(shell, SKIP):
        return ""
    return f"{SKIP} is set: if this run is killed, its state is lost; unset it (docs/runbooks.md, The state is lost)"
