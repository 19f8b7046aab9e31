"""A Deployment as a release's manifest has it, and as an API server keeps it."""

from __future__ import annotations

from typing import Any

import yaml

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: acme-agent, labels: {app: agent}, creationTimestamp: null}
spec:
  replicas: 1
  template:
    spec:
      hostNetwork: false
      tolerations: []
      nodeSelector: {}
      securityContext: null
      containers:
        - name: agent
          image: agent:1
          env: [{name: A, value: "1"}]
          ports: [{containerPort: 8080}]
          resources: {limits: {cpu: 1000m, memory: 1Gi}}
      volumes: [{name: data, emptyDir: {}}]
"""
OWNED = {"meta.helm.sh/release-name": "acme-agent", "meta.helm.sh/release-namespace": "acme"}


def alive() -> dict[str, Any]:
    """As an API server keeps it: what it fills in, rounds and leaves out, and what others add."""
    found: dict[str, Any] = yaml.safe_load(DEPLOYMENT)
    found["metadata"] = {
        "name": "acme-agent",
        "namespace": "acme",
        "annotations": {**OWNED},
        "labels": {"app": "agent"},
    }
    found["spec"]["progressDeadlineSeconds"] = 600
    pod = found["spec"]["template"]["spec"]
    for left_out in ("hostNetwork", "tolerations", "nodeSelector", "securityContext"):
        del pod[left_out]
    agent = pod["containers"][0]
    agent["resources"] = {"limits": {"cpu": "1", "memory": "1Gi"}}
    agent["ports"] = [{"containerPort": 8080, "protocol": "TCP"}]
    pod["containers"].insert(0, {"name": "sidecar", "image": "mesh:1"})
    pod["volumes"].append({"name": "mesh", "emptyDir": {}})
    pod["restartPolicy"] = "Always"
    found["status"] = {"readyReplicas": 1}
    return found
