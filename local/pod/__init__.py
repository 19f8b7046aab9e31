"""Plays kubelet for one container: runs the emulated API with what the apiserver Deployment in the cluster says."""

from local.pod.background import start, stop
from local.pod.status import PodStatus, status

__all__ = ["PodStatus", "start", "status", "stop"]
