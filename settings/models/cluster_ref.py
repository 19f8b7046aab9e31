"""Where workers run: the stack's cluster, another context, or a cluster whose kubeconfig is a secret of the stack."""

from __future__ import annotations

from pydantic import Field, model_validator

from settings.models.base import Settings
from settings.types.kubernetes.names import WorkerName
from settings.types.vocabulary import Text


class ClusterRef(Settings):
    """A context of the operator's own kubeconfig, or of the one under `clearml-tenants:kubeconfigs` of that name.

    With `kubeconfig` alone its current context counts. `cluster` is the cluster's name here, however it is reached:
    while it stays, context and kubeconfig may be called otherwise, and what runs there stays too; another one is
    another cluster. Left out, it is `context/<kubeContext>`, `kubeconfig/<name>`, or both with a `/` between.
    """

    kube_context: Text | None = Field(
        default=None,
        description="A context of the operator's own kubeconfig, or of the one that `kubeconfig` names.",
        examples=["kind-gpu"],
    )
    kubeconfig: WorkerName | None = Field(
        default=None,
        description="A kubeconfig among the stack's secrets, by its name under `kubeconfigs`.",
        examples=["gpu"],
    )
    cluster: Text | None = Field(
        default=None,
        description=(
            "The cluster's name here, however it is reached; as long as it stays, context and kubeconfig may change "
            "and what runs there stays."
        ),
        examples=["context/kind-gpu"],
    )

    @model_validator(mode="after")
    def _somewhere(self) -> ClusterRef:
        if self.kube_context is None and self.kubeconfig is None:
            raise ValueError("needs kubeContext or kubeconfig; write it like {kubeContext: kind-gpu}")
        return self

    @property
    def way(self) -> str:
        """How it is reached: `kubeconfig/gpu`, `context/kind-gpu`."""
        parts = (("kubeconfig", self.kubeconfig), ("context", self.kube_context))
        return "/".join(f"{name}/{value}" for name, value in parts if value)

    def __str__(self) -> str:
        """How it is told apart from others, in state and in messages; no part of it may change while it is the same."""
        return self.cluster or self.way
