"""Asks a real API server whether it would let each queue's pod in: a dry run, in a namespace like the tenant's."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any

from kubernetes import client, config

from local.errors import LocalError
from rehearsal.queue_pods import QueuePod, Room

_LEVEL = "pod-security.kubernetes.io/enforce"
_SECONDS = 30.0
_NOT_YET = "status unknown for quota"
_HELD = "rehearsal"
_ENDING = "so no task of this queue starts; change the queue, or what its namespace lets in"


def dry_run(kubeconfig: Path, pods: Sequence[QueuePod]) -> tuple[list[str], list[str]]:
    """Faults and warnings, a line each: what is forbidden, and whatever else the API server says of a pod.

    The namespaces that are made for it go with the rehearsal's cluster. Raises LocalError.
    """
    if not pods:
        return [], []
    server = _Server(kubeconfig)
    rooms = _namespaces(server, pods)
    faults, warnings = [], []
    for each in pods:
        status, said = _ask(server, rooms[_key(each.room)], each.pod)
        if status == HTTPStatus.FORBIDDEN:
            faults.append(f"{each.tenant}: {each.key}: the API server refuses its pod: {said}; {_ENDING}")
        elif said:
            text = f"the API server would not take its pod as it is: {said}"
            warnings.append(f"{each.tenant}: {each.key}: {text}; look whether the agent makes it otherwise")
    return faults, warnings


class _Server:
    """Sends objects as they are: the client's own models refuse what the API server takes, a GPU's `1` for one."""

    def __init__(self, kubeconfig: Path) -> None:
        loading: Any = config
        self._client: client.ApiClient = loading.new_client_from_config(str(kubeconfig))

    def call(self, method: str, path: str, body: object = None, query: str = "") -> tuple[int, dict[str, Any]]:
        """The status and the answer."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        sent = self._client.param_serialize(
            method, f"/api/v1/namespaces{path}{query}", body=body, header_params=headers
        )
        answer = self._client.call_api(*sent, _request_timeout=_SECONDS).response
        found: dict[str, Any] = json.loads(answer.data)
        return int(answer.status), found

    def make(self, path: str, **body: object) -> None:
        """Raises LocalError."""
        status, answer = self.call("POST", path, body)
        if status >= HTTPStatus.BAD_REQUEST:
            raise LocalError(f"the rehearsal's cluster would not take {path or 'a namespace'}: {answer.get('message')}")


def _key(room: Room) -> str:
    return json.dumps([room.level, room.quota, room.limits], sort_keys=True, default=str)


def _namespaces(server: _Server, pods: Iterable[QueuePod]) -> Mapping[str, str]:
    """A namespace for each kind of room, all made before the first is waited for."""
    rooms = {_key(each.room): each.room for each in pods}
    made = {}
    for number, (key, room) in zip(count(1), rooms.items(), strict=False):
        made[key] = name = f"{_HELD}-{number}"
        server.make("", metadata={"name": name, "labels": {_LEVEL: room.level} if room.level else {}})
        if room.limits:
            server.make(f"/{name}/limitranges", metadata={"name": _HELD}, spec=room.limits)
        if room.quota:
            server.make(f"/{name}/resourcequotas", metadata={"name": _HELD}, spec=room.quota)
    for key, name in made.items():
        _wait(server, name, quota=bool(rooms[key].quota))
    return made


def _wait(server: _Server, namespace: str, *, quota: bool) -> None:
    """Until the controllers made the account that each pod has, and counted the quota: nothing is admitted before."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        account, _ = server.call("GET", f"/{namespace}/serviceaccounts/default")
        _, counted = server.call("GET", f"/{namespace}/resourcequotas/{_HELD}") if quota else (0, {})
        if account == HTTPStatus.OK and (not quota or counted.get("status", {}).get("hard")):
            return
        time.sleep(0.1)


def _ask(server: _Server, namespace: str, pod: Mapping[str, Any]) -> tuple[int, str]:
    """The status and what the API server says; empty if it would make the pod."""
    body = {**pod, "metadata": {**pod["metadata"], "name": _HELD}}
    end = time.monotonic() + _SECONDS
    while True:
        status, answer = server.call("POST", f"/{namespace}/pods", body, query="?dryRun=All")
        if status < HTTPStatus.BAD_REQUEST:
            return status, ""
        said = _message(answer)
        # Admission hears of the quota's status a moment after it is written.
        if _NOT_YET not in said or time.monotonic() > end:
            return status, said
        time.sleep(0.1)


def _message(answer: Mapping[str, Any]) -> str:
    """The server's own words, on one line, without the names that only the rehearsal knows."""
    said = str(answer.get("message") or "it says nothing")
    for ours in (f'pods "{_HELD}" is forbidden: ', f'Pod "{_HELD}" is invalid: '):
        said = said.removeprefix(ours)
    return " ".join(said.split())
