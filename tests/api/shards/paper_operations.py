"""`python -m tests.api.shards.paper_operations up`: as `make up` starts it, but for healing: paper has no releases."""

from __future__ import annotations

import sys
from typing import Any
from unittest.mock import patch

from operations.command_line import run
from operations.deployment import __main__, up


def _nothing_to_heal(*_: Any, **__: Any) -> list[str]:
    return []


if __name__ == "__main__":
    with patch.object(up, "heal_stack", _nothing_to_heal):
        code = run(__main__.commands, sys.argv[1:])
    sys.exit(code)
