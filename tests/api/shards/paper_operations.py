"""`python -m tests.api.shards.paper_operations up`: as `make up` starts it, but for healing: paper has no releases."""

from __future__ import annotations

import sys
from typing import Any
from unittest.mock import patch

from operations import __main__
from operations.deployment import up


def _nothing_to_heal(*_: Any, **__: Any) -> list[str]:
    return []


if __name__ == "__main__":
    with patch.object(up, "heal_stack", _nothing_to_heal):
        code = __main__.main(sys.argv[1:])
    sys.exit(code)
