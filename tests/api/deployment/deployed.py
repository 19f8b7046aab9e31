"""A stack as `make up STACK=…` leaves it, on the real engine and the emulator."""

from __future__ import annotations

from collections.abc import Mapping

from operations.deployment.complete_run import forget, record, verdict
from operations.deployment.inputs import Inputs
from operations.deployment.up import current_inputs
from operations.engine import EngineStack
from tests.api.program import Program
from tests.api.stack import STACK


class Deployed(Program):
    """A stack as `make up STACK=…` leaves it; every step is written down, in case a run is killed."""

    more_variables: Mapping[str, str] = {}

    @property
    def engine_stack(self) -> EngineStack:
        return EngineStack(self.project, STACK)

    @property
    def reason(self) -> str:
        """Why a run is needed; empty if none is."""
        return verdict(self.engine_stack, self.inputs).reason

    @property
    def inputs(self) -> Inputs:
        return current_inputs(self.engine_stack)

    def run(self) -> str:
        """What `operations.deployment.up` does, but for healing."""
        inputs = self.inputs
        forget(self.engine_stack)
        self.stack.up(on_output=self._hear, color="never", refresh=True, message=inputs.message)
        return record(self.engine_stack, inputs)

    def without_a_record(self) -> None:
        """As a person runs the engine by hand."""
        self.stack.up(on_output=self._hear, color="never")
