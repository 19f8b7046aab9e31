"""The `data` of Kubernetes Secrets."""

from __future__ import annotations

from base64 import b64encode

import pulumi


def encoded(text: pulumi.Input[str]) -> pulumi.Output[str]:
    """Base64, as it is read back, so that a refresh compares like with like; secret if the text is."""
    return pulumi.Output.from_input(text).apply(lambda known: b64encode(known.encode()).decode())
