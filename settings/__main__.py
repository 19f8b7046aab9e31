"""`python -m settings [STACK…]` checks the files alone; `make check` also looks for clashes with the values."""

from __future__ import annotations

import sys

from settings.check_command import run
from settings.loading.checks import CHECKS

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], CHECKS))
