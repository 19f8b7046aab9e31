"""The registry's token as an image-pull Secret, and where each chart is told of it (contract 4.1, 4.2, 4.3, 4.4)."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import pulumi

from settings.loading.chart_login import IMAGE_REGISTRY, IMAGE_USER

TYPE = "kubernetes.io/dockerconfigjson"


def docker_config(token: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
    """The Secret's `data`, secret: base64, as it is read back, so that a refresh compares like with like."""
    return {".dockerconfigjson": pulumi.Output.secret(pulumi.Output.from_input(token).apply(_login))}


def existing_pull_secret(*names: pulumi.Input[str] | None) -> dict[str, Any]:
    """Server and gateway take these Secrets in place of one of their own; nothing without any."""
    return _named("existingImagePullSecrets", names)


def extra_pull_secret(*names: pulumi.Input[str] | None) -> dict[str, Any]:
    """The agent's chart hands on, to the pods of tasks too, what is named here."""
    return _named("extraImagePullSecrets", names)


def _named(key: str, names: Sequence[pulumi.Input[str] | None]) -> dict[str, Any]:
    listed = [{"name": name} for name in names if name]
    return {"imageCredentials": {key: listed}} if listed else {}


def _login(token: str) -> str:
    login = {"username": IMAGE_USER, "password": token, "auth": _base64(f"{IMAGE_USER}:{token}")}
    return _base64(json.dumps({"auths": {IMAGE_REGISTRY: login}}))


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()
