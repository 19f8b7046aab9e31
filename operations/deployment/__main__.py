"""`python -m operations.deployment up`: a stack's deploy, which needs nothing of the other commands.

A module of its own: `operations` starts with what all of them need, half as long again.
"""

from __future__ import annotations

import sys

from operations.command_line import group, run
from operations.deployment.command import up

commands = group("What deploys a stack.")
commands.add_command(up)

if __name__ == "__main__":
    sys.exit(run(commands, sys.argv[1:]))
