"""The files of a shard's tenants, for judges: what the stack of an environment declares of them, a shard's does not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def tenant_of_shard(stack: str, tenant: str, root: Path) -> Mapping[str, Any] | None:
    """What the file of `tenant` says, in the folder of the shard that is `stack`, in the project at `root`.

    None for another kind of stack, and where there is no such file or it cannot be read.
    """
    for path in (root / "config" / "tenants").glob(f"*/*/{tenant}.yaml"):
        environment, shard = path.parts[-3:-1]
        if f"{environment}-{shard}" == stack:
            try:
                content = yaml.safe_load(path.read_text(encoding="utf-8"))
            except (OSError, ValueError, yaml.YAMLError):
                return None
            return content if isinstance(content, Mapping) else None
    return None
