"""Runs one copy's program on the engine, in a process of its own: `up`, or a preview whose steps are written down.

What runs the engine is this checkout's; `settings` and `components` have to be the copy's, which may be older. So
nothing here imports either before the copy comes first on the path.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from local.checkout import Checkout, forget_foreign_settings
from local.engine.run import Engine
from local.errors import Cause, EngineError, LocalError
from operations.checkpoints import SKIP

# The state is written once, at the end: a rehearsal that is killed is thrown away.
_ONE_STATE_FILE = {SKIP: "true"}


def main(arguments: Sequence[str]) -> None:
    """What came of it goes into the file `written`: `{"errors": [{"text": …, "urn": …}, …], "steps": […]}`."""
    operation, stack, copy, data, api_port, written = arguments
    forget_foreign_settings()
    os.environ.update(_ONE_STATE_FILE)
    os.chdir(copy)
    sys.path[0] = copy
    engine = Engine(Checkout(Path(copy), Path(data), int(api_port), None, stack))
    errors, steps = [], []
    try:
        if operation == "up":
            engine.up()
        else:
            steps = [asdict(step) for step in engine.steps()]
    except EngineError as error:
        errors = [asdict(cause) for cause in error.causes]
    except LocalError as error:
        errors = [asdict(Cause(line)) for line in str(error).splitlines()]
    Path(written).write_text(json.dumps({"errors": errors, "steps": steps}))


if __name__ == "__main__":
    main(sys.argv[1:])
