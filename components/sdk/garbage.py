"""Has Python look less often for objects that only refer to each other.

By default it looks after every 700 new objects, and at all of them each time a quarter has come on top. A run keeps
nearly all that it makes until its end, so most looks find nothing: a quarter to a third of the program's CPU time. At
the end it looks at all of them several times more, while the engine waits: a tenth of a second and more.
"""

from __future__ import annotations

import atexit
import gc

# New objects between two looks at the youngest, about five tenants; and how many of these between two that look at
# more. What is found late is little: 13 MB at 30 tenants, 22 at 60.
_THRESHOLDS = (50_000, 20, 20)


def collect_rarely() -> None:
    """From now on, in this process, and not at its end; what nothing refers to is freed at once as ever."""
    gc.set_threshold(*_THRESHOLDS)
    # What is frozen is looked at no more.
    atexit.register(gc.freeze)
