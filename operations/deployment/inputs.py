"""What a run of a stack depends on, as one digest: where it is the same, an `up` finds nothing to do.

Nothing is parsed that need not be: a comment that changes makes a run more, and no change is ever missed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from operations.deployment.project_files import files_of, folder_files, project_digests
from operations.files.references import path_references
from settings.facts import file_of, stack_file_of
from settings.shards import part_of

# Variables that the program, its plugins or the engine's command line read, and that change what a run does.
_PREFIXES = ("CLEARML_", "PULUMI_IGNORE_AMBIENT_PLUGINS", "PULUMI_K8S_", "PULUMI_OPTION_", "PYTHONPATH")
# They come with the engine, beside it, and are of its version.
_OF_ENGINE = ("pulumi-analyzer-", "pulumi-language-", "pulumi-resource-pulumi-", "pulumi-watch")
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", re.MULTILINE)
_CHOSEN = re.compile(rb"^current-context:.*$", re.MULTILINE)
_READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Inputs:
    """`digest` is empty where nobody can know all inputs; `tenants` is how many files of tenants there are."""

    digest: str
    tenants: int

    @property
    def message(self) -> str:
        """What the engine keeps with the run, so that its history says which inputs it had."""
        return f"inputs {self.digest[:32]}"


def inputs_of(
    root: Path,
    stack: str,
    engine: str,
    variables: Mapping[str, str],
    platform: object = None,
    *,
    digests: Mapping[str, str] | None = None,
) -> Inputs:
    """Those of the stack's files in the project at `root`, with the engine's version and a shell's variables.

    `platform` is what a shard takes from its platform's last run; `digests` are those of the project's files, if they
    were read just now.
    Raises OSError for a file that cannot be read.
    """
    files = files_of(root, stack, digests or project_digests(root))
    content = _content(root / stack_file_of(stack))
    part = part_of(root, stack)
    folder = file_of(part.environment, "", part.shard).rpartition("/")[0]
    tenants = sum(path.rpartition("/")[0] == folder for path in files)
    # `environment` imports values that are kept elsewhere and may change there at any time.
    if content is None or "environment" in content:
        return Inputs("", tenants)
    parts = {
        "stack": stack,
        **({"platform": platform} if part.shard else {}),
        "files": files,
        "outside": {name: _digests(path) for name, path in path_references(root, content).items()},
        "packages": _packages(root),
        "engine": engine,
        "plugins": list(_plugins(variables.get("PATH", ""))),
        "clusters": list(_kubeconfigs(variables)),
        "variables": {name: value for name, value in variables.items() if name.startswith(_PREFIXES)},
    }
    return Inputs(sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest(), tenants)


def _kubeconfigs(variables: Mapping[str, str]) -> Iterator[str]:
    """The files that say which cluster a context is: with another one the same stack is somewhere else.

    Where they lie does not count: a runner keeps its own in another folder each time. Nor does which context a person
    has chosen last, since a stack names its own.
    """
    default = str(Path(variables.get("HOME") or "/", ".kube", "config"))
    for each in filter(None, (variables.get("KUBECONFIG") or default).split(os.pathsep)):
        file = Path(each)
        yield sha256(_CHOSEN.sub(b"", file.read_bytes())).hexdigest() if file.is_file() else "no file"


def _content(file: Path) -> Mapping[str, Any] | None:
    """What the engine reads; None if it is no mapping, which a run has to refuse."""
    try:
        content = yaml.load(file.read_bytes(), _READER)  # noqa: S506 - a safe one
    except (yaml.YAMLError, ValueError, FileNotFoundError):
        return None
    config = content.get("config") if isinstance(content, dict) else None
    return content if isinstance(config, dict) else None


def _digests(path: Path) -> object:
    """Of a chart in a folder or in a file, or of an authority's certificates."""
    return folder_files(path) if path.is_dir() else sha256(path.read_bytes()).hexdigest()


def _packages(root: Path) -> list[str]:
    """Python and the locked packages as they are installed; others in the same environment are not the program's.

    Python's own version as well: where a system's is upgraded in place, its environments go on with the new one, and
    what they say of themselves stays.
    """
    environment = root / ".venv"
    lock = root / "requirements.txt"
    locked = set(map(_canonical, _LOCKED.findall(lock.read_text(encoding="utf-8")))) if lock.is_file() else set()
    installed = (
        path.name.removesuffix(".dist-info") for path in environment.glob("lib*/python*/site-packages/*.dist-info")
    )
    settings = environment / "pyvenv.cfg"
    lines = settings.read_text(encoding="utf-8").splitlines() if settings.is_file() else []
    python = [line for line in lines if line.startswith("version")]
    return [
        sys.version.partition(" ")[0],
        *python,
        *sorted(each for each in installed if _canonical(each.rpartition("-")[0]) in locked),
    ]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _plugins(path: str) -> Iterator[tuple[str, str, int, int]]:
    """Plugins on the search path, which the engine prefers to its own, but for those that come with it."""
    engine = shutil.which("pulumi", path=path)
    own = Path(engine).resolve().parent if engine else None
    for folder in map(Path, filter(None, path.split(os.pathsep))):
        for plugin in sorted(folder.glob("pulumi-*")) if folder.is_dir() else ():
            real = plugin.resolve()
            if real.is_file() and not (real.parent == own and real.name.startswith(_OF_ENGINE)):
                yield plugin.name, str(real), real.stat().st_size, real.stat().st_mtime_ns
