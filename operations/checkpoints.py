"""When the engine puts the whole state together: after each step, so that a killed run is known; once in a preview."""

from __future__ import annotations

from collections.abc import Mapping

SKIP = "PULUMI_SKIP_CHECKPOINTS"


def preview_variables(shell: Mapping[str, str]) -> dict[str, str]:
    """`shell`, and that the state is put together once, at the end; a value that the shell has wins.

    A preview keeps no state, and yet the engine makes all of it anew after each step and throws it away, which takes
    the square of the resources. The variable changes that alone (pkg/backend/snapshot.go, 3.276): a state that
    contradicts itself is still refused, at the end. Since engine 3.110 it needs no PULUMI_EXPERIMENTAL, which turns on
    plans. Never for what writes the state: a killed run would have made companies that no state knows of.
    """
    return {SKIP: "true", **shell}
