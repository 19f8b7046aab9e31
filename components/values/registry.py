"""The registry's token as an image-pull Secret, and where each chart is told of it (contract, 4.1 to 4.4)."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pulumi

from settings.loading.chart_login import IMAGE_REGISTRY, IMAGE_USER

TYPE = "kubernetes.io/dockerconfigjson"


def docker_config(token: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
    """The Secret's `data`, secret: base64, as it is read back, so that a refresh compares like with like."""
    return {".dockerconfigjson": pulumi.Output.secret(pulumi.Output.from_input(token).apply(_login))}


def existing_pull_secret(name: pulumi.Input[str] | None) -> dict[str, Any]:
    """Server and gateway take the Secret in place of one of their own; nothing without a token."""
    return {"imageCredentials": {"existingImagePullSecrets": [{"name": name}]}} if name else {}


def extra_pull_secret(name: pulumi.Input[str] | None) -> dict[str, Any]:
    """The agent's chart hands on, to the pods of tasks too, what is named here."""
    return {"imageCredentials": {"extraImagePullSecrets": [{"name": name}]}} if name else {}


def _login(token: str) -> str:
    login = {"username": IMAGE_USER, "password": token, "auth": _base64(f"{IMAGE_USER}:{token}")}
    return _base64(json.dumps({"auths": {IMAGE_REGISTRY: login}}))


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()
