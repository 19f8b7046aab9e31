"""Stands for an agent's release on the real engine: while it is there, a worker of the company is connected."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class WorkerProvider(ResourceProvider):
    """Connects at once and, as a real one, takes its time to sign off; `loses_power`: it never does."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        _tell(props, 1)
        return CreateResult("worker", props)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        time.sleep(0.5)
        if not _props["loses_power"]:
            _tell(_props, 0)


def _tell(props: dict[str, Any], connected: int) -> None:
    body = {"company": props["company"], "connected": connected}
    httpx.put(f"{props['control_url']}/workers", json=body, trust_env=False).raise_for_status()


class Worker(Resource, module="test", name="Worker"):
    """A worker with `access_key`, known to the emulator with `control_url`."""

    def __init__(
        self, company: pulumi.Input[str], access_key: pulumi.Input[str], control_url: str, *, loses_power: bool
    ) -> None:
        props = {"company": company, "key": access_key, "control_url": control_url, "loses_power": loses_power}
        super().__init__(WorkerProvider(), "worker", props)
