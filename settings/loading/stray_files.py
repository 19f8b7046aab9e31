"""Files that look like somebody's settings and that no stack would ever read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from settings.finding import Finding, Where
from settings.shards import is_meant, part_of

_STACK = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def stray_files(root: Path, stacks: Collection[str]) -> Iterator[Finding]:
    """A fault for each in the project at `root`, and for a project without any of `stacks`."""
    if not stacks:
        yield Finding(Where("config", "", ""), "holds no stack's file; write one like config/Pulumi.prod.yaml")
    for name in stacks:
        if not _STACK.fullmatch(name):
            text = "a stack's name has letters, digits, - _ and . only; call the file like Pulumi.prod.yaml"
            yield Finding(Where(f"config/Pulumi.{name}.yaml", "", ""), text)
    for path in sorted((root / "config").glob("Pulumi.*.[yY][mM][lL]")):
        yield Finding(Where(f"config/{path.name}", "", ""), f"must end in .yaml; call it {path.stem}.yaml")
    tenants = root / "config" / "tenants"
    for path in sorted(tenants.iterdir()) if tenants.is_dir() else ():
        if not path.is_dir():
            if is_meant(path):
                text = "belongs to no stack; move it into the folder of its stack, like config/tenants/prod"
                yield Finding(Where(f"config/tenants/{path.name}", "", ""), text)
            elif path.name in stacks:
                yield Finding(Where(f"config/tenants/{path.name}", "", ""), "is no folder; tenants' files go into one")
        elif (part := part_of(root, path.name)).shard and any(map(is_meant, path.iterdir())):
            text = f"is read by no stack: tenants of {path.name} are in config/tenants/{part.environment}/{part.shard}"
            yield Finding(Where(f"config/tenants/{path.name}", "", ""), f"{text}; move these files there")
        elif path.name in stacks:
            yield from _below(path, f"config/tenants/{path.name}")
        elif any(map(is_meant, path.iterdir())):
            text = f"no stack is called {path.name}; call the folder like one of {', '.join(stacks) or 'none'}"
            yield Finding(Where(f"config/tenants/{path.name}", "", ""), text)


def _below(folder: Path, name: str) -> Iterator[Finding]:
    """A shard's folder is one in the environment's; what is wrong with it is told when the environment is read."""
    for shard in filter(Path.is_dir, sorted(folder.iterdir())):
        for path in sorted(shard.iterdir()):
            if path.is_dir() and not path.name.startswith(".") and any(map(is_meant, path.rglob("*"))):
                text = "tenants' files in a folder of a folder are not read; move them up"
                yield Finding(Where(f"{name}/{shard.name}/{path.name}", "", ""), text)
