"""Plays kubelet for one container: runs the emulated API with what the apiserver Deployment in the cluster says.

May import of `local` only `checkout` and `errors`; it starts the emulator as a process of its own.
"""

from local.kubelet.background import start, stop
from local.kubelet.status import PodStatus, status

__all__ = ["PodStatus", "start", "status", "stop"]
