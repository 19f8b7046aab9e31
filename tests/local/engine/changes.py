"""Changes of settings and secrets, and the pods that each restarts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from components.values.agent import agent_values
from components.values.gateway import gateway_values
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.server import server_values
from settings.loading.secrets import Secrets
from settings.models.server.secrets import ServerSecrets
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from tests.local.helm import AGENT, GATEWAY, SERVER

PLANTED = "planted"


@dataclass(frozen=True)
class Side:
    """All that goes into the releases' values; every secret of it holds PLANTED."""

    stack: StackSettings
    tenant: Tenant
    secrets: Secrets
    internal: Mapping[str, str]
    access_key: str = "ACCESS"
    secret_key: str = f"{PLANTED}-key"

    def values(self) -> dict[str, dict[str, Any]]:
        """By chart."""
        agent, gateway = self.tenant.all_agents["agent"], self.tenant.gateway
        assert gateway
        runs = self.tenant.apps_agent == "agent"
        return {
            SERVER: server_values(self.stack, self.secrets, ProvisionedInputs(internal_keys=self.internal)),
            AGENT: agent_values(agent, self.stack, "keys", self.access_key, runs_applications=runs),
            GATEWAY: gateway_values(gateway, self.stack, self.access_key, self.secret_key),
        }


def _changed(model: Any, change: Mapping[str, Any]) -> Any:
    """The settings with keys of theirs written otherwise."""
    written = model.model_dump(by_alias=True, exclude_unset=True)
    return type(model).model_validate(_laid(written, change), by_alias=True, by_name=False)


def _laid(old: Any, change: Any) -> Any:
    if not isinstance(old, Mapping) or not isinstance(change, Mapping):
        return change
    return {**old, **{key: _laid(old.get(key), value) for key, value in change.items()}}


def _stack(**change: Any) -> Callable[[Side], Side]:
    return lambda side: replace(side, stack=_changed(side.stack, change))


def _tenant(**change: Any) -> Callable[[Side], Side]:
    return lambda side: replace(side, tenant=_changed(side.tenant, change))


def _secrets(**change: Any) -> Callable[[Side], Side]:
    return lambda side: replace(side, secrets=replace(side.secrets, **change))


def _external(word: str) -> Callable[[Side], Side]:
    return _secrets(server=ServerSecrets(external={"mongodbConnectionStringAuth": f"{PLANTED}-{word}"}))


_VARIABLE = [{"name": "CLEARML__apiserver__log_calls", "value": "true"}]
FOLDER_S = {"apiserver", "apps-agent", "fileserver"}
SERVER_S = {*FOLDER_S, "webserver"}
# What changes, and what restarts; what of these a stand-in chart does otherwise than the public one stands behind.
CHANGES: dict[str, tuple[Callable[[Side], Side], set[str]]] = {
    "the domain": (
        _stack(baseDomain="other.example"),
        {*FOLDER_S, "acme-agent", "acme-gateway"},
    ),
    "a group": (_stack(groups={"users": {"features": ["reports"]}}), {"apiserver"}),
    "a feature": (_stack(features={"reports": True}), {"apiserver"}),
    "groups and queue mode": (
        _stack(groups={"users": {"features": ["reports"]}}, server={"queueMode": "per_tenant"}),
        {"apiserver", "apps-agent", "acme-agent"},
    ),
    "queue mode": (_stack(server={"queueMode": "per_tenant"}), {"apps-agent", "acme-agent"}),
    "a variable of the server": (_stack(server={"apiserver": {"extraEnvs": _VARIABLE}}), {"apiserver"}),
    "a variable of the web server": (
        _stack(server={"webserver": {"extraEnvs": [{"name": "WEBSERVER__x", "value": "1"}]}}),
        {"webserver"},
    ),
    "the lifetime of keys": (_stack(server={"keyLifetimeSeconds": 60}), {"apiserver"}),
    "the cookie": (_stack(server={"cookieName": "other"}), {*FOLDER_S, "acme-gateway"}),
    "the way in": (_stack(server={"apiserver": {"ingress": {"annotations": {"a.example/b": "c"}}}}), set()),
    "the kind of a service": (_stack(server={"webserver": {"serviceType": "NodePort"}}), set()),
    "how many applications run": (
        _stack(server={"extraValues": {"clearmlApplications": {"maxPods": 3}}}),
        {"apps-agent"},
    ),
    "the server's own key": (_secrets(apiserver_secret=f"{PLANTED}-other"), FOLDER_S),
    "a key among the server's parts": (
        lambda side: replace(side, internal={**side.internal, "fileserverKey": f"{PLANTED}-other"}),
        FOLDER_S,
    ),
    "the supervisor's pair": (_secrets(supervisor_secret=f"{PLANTED}-other"), {"apiserver"}),
    "where a database is": (_external("other"), {"apiserver"}),
    "the supervisor's group": (_stack(server={"supervisor": {"groups": ["users"]}}), {"apiserver"}),
    "a rotation": (
        lambda side: replace(side, access_key="OTHER", secret_key=f"{PLANTED}-other"),
        {"acme-agent", "acme-gateway"},
    ),
    "a secret key alone": (lambda side: replace(side, secret_key=f"{PLANTED}-other"), {"acme-gateway"}),
    "a queue": (_tenant(agent={"queues": {"gpu": {}}}), {"acme-agent"}),
    "an image": (_tenant(agent={"defaultContainerImage": "python:3.12"}), {"acme-agent"}),
    "a gateway's host": (_tenant(gateway={"hostName": "r.acme.clearml.example"}), {"acme-gateway"}),
    "a quota": (_tenant(isolation={"quota": {"pods": 20}}), set()),
    "nothing": (lambda side: side, set()),
}
