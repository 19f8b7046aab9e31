"""A Kubernetes control plane of this checkout alone, without containers: a real API server, pretend nodes.

May import `toolchain`, and of `local` only `checkout`, `errors`, `links` and `progress`.
"""

from local.cluster.identity import identity
from local.cluster.lifecycle import Outcome, is_ready, start, stop

__all__ = ["Outcome", "identity", "is_ready", "start", "stop"]
