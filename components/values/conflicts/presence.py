"""Whether there are any free values: most workers and many servers have none, and nothing clashes. Pure."""

from __future__ import annotations

from settings.models.server.release import Server
from settings.models.workers.agent import Agent
from settings.models.workers.gateway import Gateway


def of_worker(worker: Agent | Gateway) -> bool:
    return bool(worker.extra_values or worker.extra_envs)


def of_server(server: Server) -> bool:
    return bool(server.extra_values or server.apiserver.extra_envs or server.webserver.extra_envs)
