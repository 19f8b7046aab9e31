"""What lies in an environment's cluster, asked past the program."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from kubernetes import client, config


class DeployedCluster(ABC):
    """The cluster of the environment whose files lie in `data`. Nothing of an answer is kept in a transcript."""

    @property
    @abstractmethod
    def data(self) -> Path:
        """The environment's own folder: kubeconfig and tools."""

    def deployed_secret(self, namespace: str, name: str) -> dict[str, str]:
        """A Secret's values as they lie in the cluster."""
        done = subprocess.run(
            [sys.executable, "-c", _READ_SECRET, str(self.data / "kubeconfig"), namespace, name],
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, str] = json.loads(done.stdout)
        return {key: base64.b64decode(value).decode() for key, value in found.items()}

    def helm(self, *arguments: str) -> Any:
        """`helm … --output json` on this site's cluster."""
        done = subprocess.run(
            [str(self.data / "bin" / "helm"), *arguments, "--kubeconfig", str(self.data / "kubeconfig"), "-o", "json"],
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def namespaces(self) -> set[str]:
        """Names of all namespaces in the cluster."""
        settings = str(self.data / "kubeconfig")
        kubernetes: Any = client.CoreV1Api(config.new_client_from_config(settings))  # type: ignore[no-untyped-call]
        return {each.metadata.name for each in kubernetes.list_namespace().items}

    def rollouts(self) -> dict[str, str]:
        """How often each Deployment's pods were made anew, by its name: what a rollout counts."""
        settings = str(self.data / "kubeconfig")
        kubernetes: Any = client.AppsV1Api(config.new_client_from_config(settings))  # type: ignore[no-untyped-call]
        counted = "deployment.kubernetes.io/revision"
        deployments = kubernetes.list_deployment_for_all_namespaces().items
        return {each.metadata.name: each.metadata.annotations[counted] for each in deployments}


_READ_SECRET = """
import json, sys
from kubernetes import client, config
api = client.CoreV1Api(config.new_client_from_config(sys.argv[1]))
print(json.dumps(api.read_namespaced_secret(sys.argv[3], sys.argv[2]).data))
"""
