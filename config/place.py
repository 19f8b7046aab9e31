"""Where workers run: the stack's cluster, another context, or a cluster whose kubeconfig is a secret of the stack."""

from __future__ import annotations

from pydantic import Field, model_validator

from config.model import Settings
from config.vocabulary import Text, WorkerName


class Place(Settings):
    """A context of the operator's own kubeconfig, or of the one under `clearml-tenants:kubeconfigs` of that name.

    With `kubeconfig` alone its current context counts.
    """

    kube_context: Text | None = Field(default=None, examples=["kind-gpu"])
    kubeconfig: WorkerName | None = Field(default=None, examples=["gpu"])

    @model_validator(mode="after")
    def _somewhere(self) -> Place:
        if self.kube_context is None and self.kubeconfig is None:
            raise ValueError("needs kubeContext or kubeconfig; write it like {kubeContext: kind-gpu}")
        return self

    def __str__(self) -> str:
        """How it is told apart from others, in state and in messages: `kubeconfig/gpu`, `context/kind-gpu`."""
        parts = (("kubeconfig", self.kubeconfig), ("context", self.kube_context))
        return "/".join(f"{name}/{value}" for name, value in parts if value)
