"""The guide's procedure as a plain script, for several tenants: one at a time, or so many together."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.emulator import Emulator

_SCRIPT = Path(__file__).with_name("guide.sh")


def follow_guide(
    emulator: Emulator, names: Sequence[str], together: int, shell: Mapping[str, str], charts: Path | None = None
) -> None:
    """The calls; with `charts` also what runs in the cluster of that shell. Raises CalledProcessError."""
    in_cluster = {"CHARTS": str(charts)} if charts else {}
    variables = {**shell, **in_cluster, "API": emulator.url, "KEY": emulator.key, "SECRET": emulator.secret}
    command = ["xargs", f"-P{together}", "-n1", str(_SCRIPT)]
    subprocess.run(command, input="\n".join(names), text=True, env=variables, check=True)
    missing = {f"Company {name}" for name in names} - {each["name"] for each in emulator.state()["companies"]}
    assert not missing, f"not made: {sorted(missing)}"
