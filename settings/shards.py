"""Which stack a tenant of an environment is in: the environment's own, or that of a shard (docs/adr/0013-shards.md).

A shard `01` of `prod` is the stack `prod-01`. Its file is a link to the environment's, and its tenants' files are in a
folder `01` of the environment's: both are written down and reviewed, and nothing is computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from settings.facts import file_of, stack_file_of
from settings.finding import Finding, Where

_STACK_FILE = re.compile(r"Pulumi\.(.+)\.yaml")
_SHARD = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")


@dataclass(frozen=True)
class Part:
    """What one stack deploys: the platform of `environment` and the tenants in no shard, or one shard's tenants."""

    environment: str
    shard: str = ""

    @property
    def stack(self) -> str:
        """As Pulumi calls it."""
        return f"{self.environment}-{self.shard}" if self.shard else self.environment


def part_of(root: Path, stack: str) -> Part:
    """What `stack` deploys, by where its file leads; a file of its own is an environment's."""
    found = _STACK_FILE.fullmatch(_target(root, stack))
    environment = found[1] if found else ""
    shard = stack.removeprefix(f"{environment}-")
    return Part(environment, shard) if environment and shard != stack and is_shard_name(shard) else Part(stack)


def stacks(root: Path) -> list[str]:
    """The names of the stacks whose files are in the project at `root`, shards' among them."""
    return sorted(found[1] for found in map(_STACK_FILE.fullmatch, _names(root / "config")) if found)


def environments(root: Path) -> list[str]:
    """The stacks that are no shards."""
    return [stack for stack in stacks(root) if not part_of(root, stack).shard]


def shards_of(root: Path, environment: str) -> list[str]:
    """The shards of an environment, in their order, also those without a tenant."""
    parts = (part_of(root, stack) for stack in stacks(root) if stack.startswith(f"{environment}-"))
    return sorted(part.shard for part in parts if part.shard and part.environment == environment)


def tenant_files(root: Path, environment: str) -> Iterator[tuple[str, Path]]:
    """The shard and the path of each file in the environment's folders, in their order, editors' copies left out."""
    folder = (root / file_of(environment, "_")).parent
    for shard in ("", *shards_of(root, environment)):
        place = folder / shard
        yield from ((shard, path) for path in sorted(place.iterdir() if place.is_dir() else ()) if is_meant(path))


def shard_faults(root: Path, environment: str) -> Iterator[Finding]:
    """Folders without a stack, and stacks that look like shards and are none: what is in them would be deployed twice,
    or never."""
    known, own = shards_of(root, environment), stack_file_of(environment).rpartition("/")[2]
    folder = (root / file_of(environment, "_")).parent
    names = {path.name for path in (folder.iterdir() if folder.is_dir() else ()) if _is_shards_folder(path)}
    yield from _folders_elsewhere(root, environment)
    yield from _twice(root, environment)
    yield from _copies(root, environment)
    for name in sorted(names - {*known}):
        part = Part(environment, name)
        if not is_shard_name(name):
            text = "a shard's name has small letters, digits and - only; call the folder like 01"
            yield Finding(Where(f"{_relative(folder, root)}/{name}", "", ""), text)
        elif (root / stack_file_of(part.stack)).exists():
            text = f"is no link to {own}, although {_relative(folder, root)}/{name} has tenants: {_link(own, part)}"
            yield Finding(Where(stack_file_of(part.stack), "", ""), text)
        else:
            text = f"belongs to no stack: move its files up, or make it a shard with: {_link(own, part)}"
            yield Finding(Where(f"{_relative(folder, root)}/{name}", "", ""), text)


def _twice(root: Path, environment: str) -> Iterator[Finding]:
    """Tenants of one name in two stacks."""
    found: dict[str, str] = {}
    for shard, path in tenant_files(root, environment):
        file = file_of(environment, path.stem, shard)
        first = found.setdefault(path.stem, file)
        if first != file:
            text = f"there is {first} as well, and a tenant is in one stack: keep one of the two"
            yield Finding(Where(file, path.stem, ""), text)


def _folders_elsewhere(root: Path, environment: str) -> Iterator[Finding]:
    """Folders that are links: what is edited there is reviewed as something else, and no plan tells it as a change."""
    folder = (root / file_of(environment, "_")).parent
    places = (root / "config", folder.parent, folder, *(folder / shard for shard in shards_of(root, environment)))
    for place in filter(Path.is_symlink, places):
        text = "is a link, and an edit of what it leads to is reviewed as another file's; make it a folder"
        yield Finding(Where(_relative(place, root), "", ""), text)


def _copies(root: Path, stack: str) -> Iterator[Finding]:
    """A file of its own where another environment has a shard of that name: what wrote it has replaced the link."""
    for other in stacks(root):
        shard = stack.removeprefix(f"{other}-")
        if shard != stack and _is_shards_folder((root / file_of(other, "_", shard)).parent):
            own = stack_file_of(other).rpartition("/")[2]
            text = f"is no link to {own}, although config/tenants/{other}/{shard} has tenants: "
            yield Finding(Where(stack_file_of(stack), "", ""), f"{text}{_link(own, Part(other, shard))}")


def link_faults(root: Path, environment: str) -> Iterator[Finding]:
    """An environment's file that leads somewhere: what is edited there is reviewed as another file's."""
    if (root / stack_file_of(environment)).is_symlink():
        text = (
            f"is a link to {root.joinpath(stack_file_of(environment)).readlink()}: a shard's file is called after the "
            "one that it leads to in this folder, like Pulumi.prod-01.yaml for a link to Pulumi.prod.yaml, which is no "
            "link itself"
        )
        yield Finding(Where(stack_file_of(environment), "", ""), text)


def is_shard_name(name: str) -> bool:
    """Whether a shard may be called so."""
    return bool(_SHARD.fullmatch(name))


def is_meant(path: Path) -> bool:
    """Whether somebody means a file to be read; editors' copies (`.acme.yaml.swp`, `acme.yaml~`) are not."""
    return path.suffix.lower() in {".yaml", ".yml"} and not path.name.startswith(".")


def _is_shards_folder(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".") and any(map(is_meant, path.iterdir()))


def _target(root: Path, stack: str) -> str:
    """Where the stack's file leads, as it is written; empty if it is no link, or leads to another one."""
    path = root / stack_file_of(stack)
    target = str(path.readlink()) if path.is_symlink() else ""
    return target if not (path.parent / target).is_symlink() else ""


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def _relative(folder: Path, root: Path) -> str:
    return folder.relative_to(root).as_posix()


def _link(own: str, part: Part) -> str:
    return f"ln -sfn {own} {stack_file_of(part.stack)}"
