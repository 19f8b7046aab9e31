"""`python -m tests.bench.growth`: how each run grows with the tenants, beside the guide's script; writes the page."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path

import click

from local.progress import step
from operations.deployment.complete_run import record, verdict
from operations.deployment.up import current_inputs
from operations.engine import EngineStack
from tests.api.program import Program
from tests.api.stack import ROOT, STACK, Stack
from tests.bench.installation import UsualProgram, api_part, installation
from tests.bench.load import Load
from tests.bench.page import page, plot
from tests.emulator import Emulator
from tests.tenants import whole

_GUIDE = Path(__file__).with_name("guide.sh")
_CALLS = 10_000_000


@click.command()
@click.option("--tenants", envvar="TENANTS", default="1,10,100", show_default=True, help="How many, one run each.")
@click.option("--latency", envvar="LATENCY", default=0.05, show_default=True, help="Seconds before each answer.")
@click.option("--into", default=ROOT / "docs", type=click.Path(path_type=Path), help="The folder of page and plot.")
def main(tenants: str, latency: float, into: Path) -> None:
    """Measure, then write performance.md, performance.png and performance.svg."""
    numbers = sorted({int(number) for number in tenants.split(",")})
    results = {number: _measured(number, latency) for number in numbers}
    command = f"make bench TENANTS={','.join(map(str, numbers))} LATENCY={latency:g}"
    (into / "performance.md").write_text(page(results, latency, _about(), command))
    drawn = plot(results)
    for kind in ("png", "svg"):
        drawn.savefig(into / f"performance.{kind}", metadata={"Date": None} if kind == "svg" else None)


def _about() -> str:
    return f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"


def _measured(tenants: int, latency: float) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, together in (("guide, one at a time", 1), ("guide, four at a time", 4)):
        with step("growth", f"{tenants} tenants by the guide, {together} at a time"), installation() as (_, emulator):
            _slow(emulator, latency)
            found[name] = _guide(emulator, tenants, together)
    with step("growth", f"{tenants} tenants, API part"), api_part(tenants) as (stack, emulator):
        _slow(emulator, latency)
        found["create, API part"] = _timed(stack, stack.up).seconds
        found["no-op up, API part"] = _timed(stack, stack.up).seconds
    with step("growth", f"{tenants} tenants by the program"), installation(UsualProgram) as (program, emulator):
        _slow(emulator, latency)
        return {**found, **_program(program, emulator, tenants)}


def _slow(emulator: Emulator, latency: float) -> None:
    emulator.faults([{"endpoint": "*", "kind": "slow", "times": _CALLS, "seconds": latency}])


def _guide(emulator: Emulator, tenants: int, together: int) -> float:
    variables = {**os.environ, "API": emulator.url, "KEY": emulator.key, "SECRET": emulator.secret}
    names = "\n".join(f"t{number}" for number in range(tenants))
    with Load() as load:
        subprocess.run(
            ["xargs", f"-P{together}", "-n1", str(_GUIDE)], input=names, text=True, env=variables, check=True
        )
    made = sum(company["name"].startswith("Company ") for company in emulator.state()["companies"])
    assert made == tenants, f"{made} of {tenants} companies"
    return load.seconds


def _program(program: Program, emulator: Emulator, tenants: int) -> dict[str, float]:
    for number in range(tenants):
        program.write(f"t{number}", whole(f"t{number}"))
    found = {"preview of creation": _timed(program, program.preview).seconds}
    emulator.clear_calls()
    create = _timed(program, program.up)
    calls = len(emulator.calls())
    found["create"] = create.seconds
    found["no-op preview"] = _timed(program, program.preview).seconds
    found["no-op up"] = _timed(program, program.up).seconds
    found["unchanged"] = _unchanged(program)
    found["refresh"] = _timed(program, program.refresh).seconds
    edited = whole("t0")
    edited["signIn"]["users"] = ["dan@t0.partner.example"]
    program.write("t0", edited)
    found["one e-mail changed"] = _timed(program, program.up).seconds
    return {
        **found,
        "CPU seconds of create": create.cpu,
        "MB of the largest process": create.peak / 1e6,
        "calls of create": calls,
        "kB of state": program.state_file.stat().st_size / 1e3,
    }


def _timed(program: Stack, run: Callable[[], object]) -> Load:
    """What a run says is not kept for the next one."""
    program.said = ""
    with Load() as load:
        run()
    return load


def _unchanged(program: Program) -> float:
    """What `make up` asks of files and backend before it says that nothing changed."""
    before = dict(os.environ)
    # As in a person's shell: the variable that leads the program elsewhere is not set.
    os.environ.update({name: value for name, value in program.variables.items() if name != "CLEARML_API_URL"})
    try:
        engine = EngineStack(program.project, STACK)
        inputs = current_inputs(engine)
        program.stack.up(color="never", message=inputs.message)
        assert record(engine, inputs) == ""
        with Load() as load:
            found = verdict(engine, current_inputs(engine))
        assert found.reason == "", found
        return load.seconds
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    main()
