"""What lies in `config/`, as one digest: by it who has checked all files says so to who reads the same ones next.

`make up` checks the files of all shards, and then starts a program for each shard. With a thousand tenants in forty
shards, each of them checked the files of all others anew.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

CHECKED = "CLEARML_TENANTS_CHECKED"
"""The variable in which a command tells the programs that it starts the fingerprint of what it has checked."""


def fingerprint(root: Path) -> str:
    """Of each file below `config/` of the project at `root`, of its name and of where it leads if it is a link.

    Empty if one cannot be read: nobody has checked that.
    """
    digest = sha256()
    try:
        for path in sorted((root / "config").rglob("*")):
            target = str(path.readlink()) if path.is_symlink() else ""
            content = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            digest.update(f"{path.relative_to(root)}\0{target}\0{content}\n".encode())
    except OSError:
        return ""
    return digest.hexdigest()
