"""An engine that says what each changed release restarts, before it does."""

from __future__ import annotations

from local.checkout import Checkout
from local.engine.run import Engine
from operations.preview.restarts.rendering import rendering


class EngineWithRestarts(Engine):
    """Renders with the charts of the checkout and the helm that the environment runs with."""

    def __init__(self, checkout: Checkout) -> None:
        super().__init__(checkout)
        self.render = rendering(checkout.root, path=checkout.variables()["PATH"])
