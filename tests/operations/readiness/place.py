"""A machine with one stack, an engine that answers as it is told, and a server that is cluster and chart repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from operations.engine import EngineStack
from operations.readiness.answer import Answer
from settings.loading.load import Environment, load
from tests.json_server import JsonServer, kubeconfig
from tests.unit.asked import STACK, STACK_FILE, project

SECRET = "PLANTED-apiserver-secret"
INGRESS = {
    "spec": {"rules": [{"host": "api.clearml.example.com"}]},
    "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.7"}]}},
}

_RELEASE = {"metadata": {"name": "of-helm", "namespace": "acme", "labels": {"owner": "helm", "name": "acme-agent"}}}


class Place:
    """`statuses`, by the start of a path, are what the server answers with in place of 200."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statuses = dict[str, int]()
        self.url = ""
        self.folder, self.monkeypatch = folder, monkeypatch
        (folder / "bin").mkdir()
        monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("KUBECONFIG", str(folder / "kubeconfig"))

    def answer(self, path: str) -> tuple[int, object]:
        """Of a Kubernetes API server and a chart repository in one, which only gives."""
        items: list[Any] = [INGRESS] if "/ingresses" in path else [{"metadata": {"name": "acme"}}]
        items = [_RELEASE] if path.startswith("/api/v1/secrets") else items
        return next((code for start, code in self.statuses.items() if path.startswith(start)), 200), {"items": items}

    def reach(self, server: JsonServer) -> None:
        """Its address, and the kubeconfig that leads there."""
        self.url = server.url
        (self.folder / "kubeconfig").write_text(kubeconfig(server.url, "somewhere"))

    def pulumi(self, script: str) -> EngineStack:
        """The stack of an engine that answers so."""
        file = self.folder / "bin" / "pulumi"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        return self.stack

    @property
    def stack(self) -> EngineStack:
        return EngineStack(self.folder / "project", "test", seconds=1)

    def environment(self, **changes: str) -> Environment:
        text = STACK
        for old, new in (pair.split(" => ") for pair in changes.values()):
            assert old in text
            text = text.replace(old, new)
        root = project(self.folder / "project", {STACK_FILE: text})
        for name in ("server", "agent", "gateway"):
            (root / name).mkdir(exist_ok=True)
            (root / name / "Chart.yaml").write_text("name: x\n")
        return load(root, "test")


def lines(answers: list[Answer]) -> list[str]:
    return [str(each) for each in answers]
