"""The tools of one Go module, built in one go: they share most packages, and no core waits while one of them is linked.

Everything is pinned by the `go.mod` and `go.sum` of the module's folder.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from local import progress
from local.errors import LocalError
from local.toolchain import cache
from local.toolchain.build_log import BuildLog
from local.toolchain.catalogue import COLD_BUILDS, ENVIRONMENT
from local.toolchain.go import Go
from local.toolchain.tool import Tool

# What makes a build shorter and nothing slower: no notes for debuggers, and Google's storage without gRPC, by a tag of
# its own that takes out 140 packages.
_FLAGS = ("-trimpath", "-gcflags=all=-dwarf=false", "-tags=disable_grpc_modules")
_FETCH_SECONDS = 60
_LINK_SECONDS = 20
# Go's scratch files lie there too, so they go when the unfinished folder goes.
_SCRATCH = ("bin", "go", "unfinished")


def seconds(tools: Iterable[Tool]) -> float:
    """How long a cold build of these takes: those of a module share what each would take alone, and modules, too."""
    alone: dict[str, int] = {}
    for tool in tools:
        alone[tool.source.module] = alone.get(tool.source.module, 0) + tool.source.seconds
    shared = sum(COLD_BUILDS[module].shared for module in alone) if ENVIRONMENT in alone else 0
    return sum(min(each, COLD_BUILDS[module].seconds) for module, each in alone.items()) - shared


def build(tools: Sequence[Tool], go: Go, folder: Path) -> None:
    """Build `tools`, all of one module, into `folder`, each with what lies beside it in a folder of its name.

    Raises LocalError naming the log when one fails; those that did not depend on what failed are there nevertheless.
    """
    log = BuildLog(cache.log(tools[0].source.module))
    log.file.write_text("")
    for name in _SCRATCH:
        (folder / name).mkdir()
    failed = _compile(tools, go, log, _fetch(tools, go, log), folder)
    for tool in tools:
        built, unfinished = folder / "bin" / tool.source.executable, folder / "unfinished" / tool.name
        if built.exists():
            unfinished.mkdir()
            built.rename(unfinished / tool.name)
            _lay_beside(tool, go, unfinished)
            unfinished.rename(folder / tool.name)
    if failed:
        raise LocalError(_failure([tool for tool in tools if not (folder / tool.name).exists()], log, failed))


def _fetch(tools: Sequence[Tool], go: Go, log: BuildLog) -> tuple[int, int]:
    """Fetch the sources of whatever these are made of; of how many packages, how many have to be compiled."""
    module = tools[0].source.module
    fetching = progress.step(
        module, lambda: f"fetching the sources, {log.fetched} modules so far", estimate=_FETCH_SECONDS
    )
    # `-e`: what is wrong with a package is for the build to tell.
    wanted = ["list", "-e", "-deps", "-f", "{{.Stale}}", *_FLAGS]
    with fetching, log.file.open("a") as out:
        listed = go.run(module, *wanted, *(tool.source.package for tool in tools), stderr=out)
    packages = listed.stdout.split()
    return len(packages), packages.count("true")


def _compile(tools: Sequence[Tool], go: Go, log: BuildLog, packages: tuple[int, int], folder: Path) -> int:
    """The go command's exit code. What an interrupted build has compiled, or another module's, takes no time again."""
    module = tools[0].source.module
    every, stale = packages
    part = stale / every if every else 1
    variables = {name: value for tool in tools for name, value in tool.source.variables.items()}
    linked = " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in variables.items())])
    command = ["build", "-v", *_FLAGS, "-ldflags", linked, "-o", f"{folder / 'bin'}/"]
    names = ", ".join(tool.name for tool in tools)
    compiling = progress.step(
        module,
        lambda: f"building {names}, {min(log.compiled, stale)} of {stale} packages compiled",
        estimate=_LINK_SECONDS + part * seconds(tools),
    )
    with compiling, log.file.open("a") as out:
        run = go.run(
            module,
            *command,
            *(tool.source.package for tool in tools),
            stdout=out,
            stderr=subprocess.STDOUT,
            scratch=folder / "go",
        )
    return run.returncode


def _lay_beside(tool: Tool, go: Go, folder: Path) -> None:
    source = tool.source
    if not source.beside:
        return
    # `-e`: the package may embed files that only its own repository's build makes.
    run = go.run(source.module, "list", "-e", "-find", "-f", "{{.Dir}}", source.data)
    try:
        for name in source.beside:
            shutil.copyfile(Path(run.stdout.strip()) / name, folder / name)
    except OSError as cause:
        raise LocalError(f"{tool.name}: {cause.filename}: {cause.strerror}: {source.data} is not whole") from cause


def _failure(missing: Sequence[Tool], log: BuildLog, code: int) -> str:
    names = ", ".join(tool.name for tool in missing)
    if log.out_of_room:
        return f"{names}: the build ran out of disk ({log.file}): make room, all tools take about 6 GB, then run again"
    wanted = " and ".join(f"{tool.name} {tool.accepts}" for tool in missing)
    return (
        f"{names}: no release could be downloaded and the Go build failed: {log.complaint or f'exit code {code}'} "
        f"(log: {log.file}): mend that and run again, or put {wanted} on PATH"
    )
