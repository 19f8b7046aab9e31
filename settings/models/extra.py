"""The way out for what the settings do not model: free chart values, and entries of a container's environment.

Both are merged last, by `components/values/extra.py`, and may not touch what the program sets itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, model_validator

from settings.models.base import Settings
from settings.types.texts import Holds, matching
from settings.types.vocabulary import Text

VariableName = Annotated[
    str,
    Holds("a variable's name"),
    matching("[A-Za-z_][A-Za-z0-9_.-]*", "is not a variable's name; write it like CLEARML__apiserver__log_calls"),
]


class ExtraVariable(Settings):
    """Kubernetes' own EnvVar, passed on as it is: the server reads `value` as HOCON, the kubelet expands `$(NAME)`.

    A secret belongs in a Secret of the cluster, named by `valueFrom`; this file is not encrypted here.
    """

    name: VariableName = Field(description="The variable's name.", examples=["CLEARML__apiserver__log_calls"])
    value: str | None = Field(default=None, description="Its value in plain text.", examples=["'true'"], repr=False)
    value_from: Mapping[str, Any] | None = Field(
        default=None,
        description="Where Kubernetes takes the value from, such as a Secret.",
        examples=["{secretKeyRef: {name: my-secret, key: my-key}}"],
    )

    @model_validator(mode="after")
    def _one_source(self) -> ExtraVariable:
        if (self.value is None) == (self.value_from is None):
            raise ValueError("needs either value or valueFrom; write one of the two")
        return self

    def entry(self) -> dict[str, Any]:
        """As it goes into the chart's list."""
        return {"name": self.name, **self.model_dump(by_alias=True, exclude={"name"}, exclude_none=True)}


ExtraValues = Annotated[Mapping[Text, Any], Field(examples=["{apiserver: {logCalls: true}}"])]
ExtraVariables = Annotated[
    tuple[ExtraVariable, ...],
    Field(strict=False, examples=["[{name: CLEARML__apiserver__log_calls, value: 'true'}]"]),
]
