"""What `eval "$(make env)"` sets in a person's shell: the local environment's variables, and none that beat them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from local.checkout import FOREIGN_PYTHON, Checkout, foreign_settings
from local.plugins.home import VARIABLE


def script(checkout: Checkout, surroundings: Mapping[str, str]) -> Iterator[str]:
    """The lines to evaluate, in any POSIX shell; `surroundings` are the variables that the shell has exported."""
    variables = {**checkout.variables(), VARIABLE: "true"}
    # `make` hides what is another Python's from its commands, so whether the shell has it cannot be seen here.
    foreign = {*foreign_settings(surroundings), *FOREIGN_PYTHON} - variables.keys()
    yield from (f"unset {name}" for name in sorted(foreign))
    for name, value in variables.items():
        yield f"export {name}={shlex.quote(value)}"
