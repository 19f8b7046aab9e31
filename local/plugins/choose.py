"""Which executables serve as plugins here: the official ones where they can be had, else our stand-ins.

The `kubernetes` one is always official: it can be built wherever the API server can, and nothing of ours does its part.

The launcher of dynamic providers is always ours. The official one, a shell script in every release of the engine, runs
whichever `python3` is first on PATH unless the engine's language host names a virtual environment, which an inline
program has none of; ours runs what the official one is for, the SDK's own module, with this checkout's Python.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from local.checkout import Checkout
from local.errors import LocalError
from local.plugins.launcher import is_ours, write_launcher
from local.plugins.ping import version_of
from local.symlinks import point
from local.toolchain import InstalledTool, built_plugin, cache, install_tools, official_plugin
from local.toolchain.version import Version, parse

Origin = Literal["official", "stand-in", "SDK"]

MODES = ("auto", "official", "stand-in")
_PROVIDERS = {"kubernetes": "pulumi_kubernetes", "random": "pulumi_random"}
_STAND_INS = frozenset({"random"})
_SDK = "pulumi"
DYNAMIC_PROVIDERS = "pulumi.dynamic"
_LANGUAGE_HOST = "pulumi-language-python"
# The host looks for it in its own folder, which on some systems is that of the link that it was started by.
_EXECUTOR = "pulumi-language-python-exec"


@dataclass(frozen=True)
class Plugin:
    """`name` is the executable's; `path` is what to link, None where a launcher of `module` has to be written.

    `beside` are files that the executable looks for in its own folder; `wanted` is the version of its Python package.
    """

    name: str
    version: str
    origin: Origin
    path: Path | None
    module: str = ""
    beside: tuple[Path, ...] = ()
    wanted: str = ""


def is_older_than_sdk(plugin: Plugin) -> bool:
    """Whether it tells a version, and an older one than that of its Python package."""
    version, wanted = parse(plugin.version), parse(plugin.wanted)
    return version is not None and wanted is not None and version < wanted


def choose(checkout: Checkout, mode: str) -> list[Plugin]:
    """The four plugins of the program.

    Raises LocalError, one line: an unknown mode, no `kubernetes` plugin, no `random` one where the official is forced.

    A provider is looked for on PATH, then in the user's own Pulumi home (only read), then as a release to download,
    then among what `provide` built; a refused download is remembered for an hour, unless the official one is asked for
    by name.
    """
    _require_known(mode)
    providers = [_provider(checkout, name, mode) for name in _PROVIDERS]
    return [*providers, _dynamic_providers(), _language_host(checkout, mode)]


def provide(checkout: Checkout, mode: str) -> dict[str, InstalledTool]:
    """Every tool, by name; after those that have to be built, the official plugins that are not to be had otherwise.

    A moment's work when done before. A plugin's build that fails is told; what is used then, `choose` says.
    Raises LocalError for an unknown mode, and for what `install_tools` raises it for.
    """
    _require_known(mode)
    wanted = [name for name in _PROVIDERS if mode != "stand-in" or name not in _STAND_INS]
    missing = [name for name in wanted if _official(checkout, name, again=False) is None]
    return install_tools(plugins=missing, again=mode == "official")


def link(checkout: Checkout, plugins: list[Plugin]) -> None:
    """Put each plugin's executable into `.local/bin`; what is right already is left alone. Raises OSError."""
    checkout.bin.mkdir(parents=True, exist_ok=True)
    for plugin in plugins:
        target = checkout.bin / plugin.name
        if plugin.path is None:
            write_launcher(target, checkout.root, plugin.module)
        else:
            point(target, plugin.path)
        for file in plugin.beside:
            point(checkout.bin / file.name, file)


def _require_known(mode: str) -> None:
    if mode not in MODES:
        raise LocalError(
            f"PLUGINS={mode!r} is not known: give {', '.join(MODES[:-1])} or {MODES[-1]}, or leave it unset"
        )


def _provider(checkout: Checkout, name: str, mode: str) -> Plugin:
    executable = f"pulumi-resource-{name}"
    wanted = metadata.version(_PROVIDERS[name])
    replaceable = name in _STAND_INS
    if mode == "stand-in" and replaceable:
        return Plugin(executable, wanted, "stand-in", None, f"local.plugins.{name}")
    found = _official(checkout, name, again=mode == "official")
    if found is not None:
        return Plugin(executable, version_of(found, cache.root()), "official", found, wanted=wanted)
    missing = f"no {executable} on PATH or in {Path.home() / '.pulumi'}, and release {wanted} cannot be downloaded"
    if not replaceable:
        raise LocalError(
            f"plugins: {missing} or built: install the plugin, or mend what `PLUGINS=official make tools` tells"
        )
    if mode == "official":
        raise LocalError(f"PLUGINS=official: {missing}: unset PLUGINS to use the stand-in, or install the plugin")
    return Plugin(executable, wanted, "stand-in", None, f"local.plugins.{name}")


def _official(checkout: Checkout, name: str, *, again: bool) -> Path | None:
    """The provider's official executable, None if it is not to be had; `again` asks for a release once refused."""
    wanted = metadata.version(_PROVIDERS[name])
    return (
        _on_path(checkout, f"pulumi-resource-{name}")
        or _installed(checkout, name, wanted)
        or official_plugin(name, wanted, again=again)
        or built_plugin(name)
    )


def _dynamic_providers() -> Plugin:
    return Plugin("pulumi-resource-pulumi-python", metadata.version(_SDK), "SDK", None, DYNAMIC_PROVIDERS)


def _language_host(checkout: Checkout, mode: str) -> Plugin:
    """Only the one that came with the engine in use: of another one on PATH nobody knows whether it fits."""
    found = _beside_engine(checkout, _LANGUAGE_HOST) if mode != "stand-in" else None
    if found is None:
        return Plugin(_LANGUAGE_HOST, metadata.version(_SDK), "stand-in", None, "local.plugins.language")
    executor = found.with_name(_EXECUTOR)
    beside = (executor,) if executor.is_file() else ()
    return Plugin(_LANGUAGE_HOST, "", "official", found, beside=beside, wanted=metadata.version(_SDK))


def _on_path(checkout: Checkout, executable: str) -> Path | None:
    """The first on PATH that is neither in our own bin nor a launcher of another checkout."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        candidate = Path(folder) / executable
        if Path(folder) == checkout.bin or not folder:
            continue
        if os.access(candidate, os.X_OK) and candidate.is_file() and not is_ours(candidate):
            return candidate.absolute()
    return None


def _homes(checkout: Checkout) -> list[Path]:
    """The user's own Pulumi homes. PULUMI_HOME is a checkout's own once its `make env` was evaluated: that one holds
    only what was chosen, under the version that was asked for."""
    named = os.environ.get("PULUMI_HOME")
    homes = [*([Path(named)] if named else []), Path.home() / ".pulumi"]
    return [home for home in homes if not (home.parent / checkout.made_here.name).exists()]


def _installed(checkout: Checkout, name: str, wanted: str) -> Path | None:
    """The newest installed one of the SDK's major version that is not older than the SDK."""
    floor = parse(wanted)
    if floor is None:
        return None
    fitting: list[tuple[Version, Path]] = []
    for folder in (found for home in _homes(checkout) for found in (home / "plugins").glob(f"resource-{name}-v*")):
        version = parse(folder.name.removeprefix(f"resource-{name}-"))
        executable = folder / f"pulumi-resource-{name}"
        if version is None or version.major != floor.major or version < floor:
            continue
        if os.access(executable, os.X_OK) and not is_ours(executable):
            fitting.append((version, executable))
    return max(fitting)[1] if fitting else None


def _beside_engine(checkout: Checkout, executable: str) -> Path | None:
    linked = checkout.bin / "pulumi"
    engine = linked if linked.exists() else shutil.which("pulumi")
    if engine is None:
        return None
    candidate = Path(engine).resolve().with_name(executable)
    return candidate if os.access(candidate, os.X_OK) and not is_ours(candidate) else None
