"""`python -m operations.check [STACK…]`: all that stops a preview before its first call, without engine or secrets.

Mistakes in the files of every stack here, or of those named, and free values that clash with what the program sets.
A module of its own: `operations` starts with what it needs to call an API, for which nobody who checks should wait.
"""

from __future__ import annotations

import sys

from components import value_conflicts
from settings.check_command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], value_conflicts.CHECKS))
