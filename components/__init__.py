"""The program's resources: the platform, then each tenant with its agent, gateway, namespace and sign-in.

May import `settings`; `values` is pure, `charts` reads charts, `clearml` speaks with the API.
"""

import sys

# httpx imports its own command line where a developer has what that needs: as much again as all the rest of it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
