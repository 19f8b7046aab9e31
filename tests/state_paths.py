"""What a `__provider` of a state needs of this program: the import paths in the pickle."""

from __future__ import annotations

import base64
import io
import pickle
from typing import Any

ONE_PATH = "components.clearml.state:provider"


def paths_in(text: str) -> list[str]:
    """`text` as the state has it, in base64. Raises ImportError or AttributeError if a path is not there."""
    found: list[str] = []

    class Paths(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            found.append(f"{module}:{name}")
            return super().find_class(module, name)

    Paths(io.BytesIO(base64.b64decode(text))).load()
    return found
