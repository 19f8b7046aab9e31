"""What is told to restart is what does: pods that the charts make, with a reviewer's eyes and with the server's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from components.values.agent import agent_values
from components.values.gateway import gateway_values
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.server import server_values
from local.checkout import Checkout
from local.toolchain import install_tools
from operations.preview.rendering import rendering
from operations.preview.restarts import Render, Restarts, pods_of, restarts_of
from operations.preview.steps import Step
from operations.urns import RELEASE
from rehearsal import chart_repository
from settings.loading.load import load
from settings.loading.secrets import Secrets
from settings.models.server.secrets import INTERNAL_KEYS, ServerSecrets
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from tests.local.helm import AGENT, GATEWAY, SERVER, render
from tests.operations.recorded import preview

ROOT = Path(__file__).resolve().parents[3]
MARK = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
PLANTED = "planted"
NAMES = {SERVER: "clearml-enterprise", AGENT: "acme-agent", GATEWAY: "acme-gateway"}


@dataclass(frozen=True)
class _Side:
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


def _stack(**change: Any) -> Callable[[_Side], _Side]:
    return lambda side: replace(side, stack=_changed(side.stack, change))


def _tenant(**change: Any) -> Callable[[_Side], _Side]:
    return lambda side: replace(side, tenant=_changed(side.tenant, change))


def _secrets(**change: Any) -> Callable[[_Side], _Side]:
    return lambda side: replace(side, secrets=replace(side.secrets, **change))


def _external(word: str) -> Callable[[_Side], _Side]:
    return _secrets(server=ServerSecrets(external={"mongodbConnectionStringAuth": f"{PLANTED}-{word}"}))


_VARIABLE = [{"name": "CLEARML__apiserver__log_calls", "value": "true"}]
_FOLDER_S = {"apiserver", "apps-agent", "fileserver"}
_SERVER_S = {*_FOLDER_S, "webserver"}
# What changes, and what restarts; what of these a stand-in chart does otherwise than the public one stands behind.
CHANGES: dict[str, tuple[Callable[[_Side], _Side], set[str]]] = {
    "the domain": (
        _stack(baseDomain="other.example"),
        {*_FOLDER_S, "acme-agent", "acme-gateway"},
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
    "the cookie": (_stack(server={"cookieName": "other"}), {*_FOLDER_S, "acme-gateway"}),
    "the way in": (_stack(server={"apiserver": {"ingress": {"annotations": {"a.example/b": "c"}}}}), set()),
    "the kind of a service": (_stack(server={"webserver": {"serviceType": "NodePort"}}), set()),
    "how many applications run": (
        _stack(server={"extraValues": {"clearmlApplications": {"maxPods": 3}}}),
        {"apps-agent"},
    ),
    "the server's own key": (_secrets(apiserver_secret=f"{PLANTED}-other"), _FOLDER_S),
    "a key among the server's parts": (
        lambda side: replace(side, internal={**side.internal, "fileserverKey": f"{PLANTED}-other"}),
        _FOLDER_S,
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


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Render:
    """As the commands render."""
    checkout = Checkout(ROOT, tmp_path_factory.mktemp("local") / ".local", 8008, None)
    checkout.bin.mkdir(parents=True)
    (checkout.bin / "helm").symlink_to(install_tools(["helm"])["helm"].path)
    return rendering(checkout.root, path=checkout.variables()["PATH"])


@pytest.fixture(scope="module")
def side() -> _Side:
    environment = load(ROOT, "local")
    (tenant,) = [each for each in environment.tenants if each.name == "acme"]
    key, secret, user, password = (f"{PLANTED}-{name}" for name in ("key", "secret", "user", "password"))
    server = ServerSecrets(external={"mongodbConnectionStringAuth": f"{PLANTED}-string"})
    internal = {name: f"{PLANTED}-{name}" for name in INTERNAL_KEYS}
    return _Side(environment.stack, tenant, Secrets(key, secret, user, password, server=server), internal)


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_told_is_what_happens(change: str, side: _Side, told: Render) -> None:
    """The values of both sides go through the charts as they are; what is told knows the marks of secrets alone."""
    changed, expected = CHANGES[change]
    before, after = side.values(), changed(side).values()
    truth, said = set[str](), set[str]()
    for chart, release in NAMES.items():
        old, new = (pods_of(render(chart, each[chart], release)) for each in (before, after))
        truth |= {name.removeprefix(f"{release}-") for name in old.keys() & new.keys() if old[name] != new[name]}
        found = restarts_of(_step(chart, release, before[chart], after[chart]), told, told)
        assert found.unseen == ()
        said |= set(found.parts)
    assert said == truth == expected


def _step(chart: str, release: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Step:
    """As the official plugin tells it."""
    before, after = (
        {"name": release, "chart": f"./local/charts/{chart}", "values": _masked(each)} for each in (old, new)
    )
    differs = tuple(_differing(old, new, "values")) or ("timeout",)
    return Step("update", RELEASE, release, "", before, after, differs=differs)


def _masked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _masked(each) for key, each in value.items()}
    return MARK if PLANTED in str(value) else value


def _differing(old: Any, new: Any, path: str) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in old.keys() | new.keys():
            yield from _differing(old.get(key), new.get(key), f"{path}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differing(one, other, f"{path}[{index}]")
    elif old != new:
        yield path


@pytest.mark.parametrize("change", ["a key among the server's parts", "where a database is", "a secret key alone"])
def test_what_an_engine_does_not_tell_of_secrets_cannot_be_seen(change: str, side: _Side, told: Render) -> None:
    changed, expected = CHANGES[change]
    before, after = side.values(), changed(side).values()
    (chart,) = [each for each in NAMES if before[each] != after[each]]
    step = replace(_step(chart, NAMES[chart], before[chart], after[chart]), differs=())
    found = restarts_of(step, told, told)
    assert found.parts == ()
    assert expected <= set(found.unseen)


def test_a_list_that_is_hidden_on_one_side_cannot_be_seen_and_hides_nothing_else(side: _Side, told: Render) -> None:
    """The first run after the supervisor's pair left the list."""
    values = side.values()[SERVER]
    hidden = {**values, "apiserver": {**values["apiserver"], "extraEnvs": MARK}}
    later = {**values, "webserver": {**values["webserver"], "displayedServerURLs": {"apiserver": "https://x.example"}}}
    step = replace(_step(SERVER, NAMES[SERVER], hidden, later), differs=())
    assert restarts_of(step, told, told) == Restarts(
        NAMES[SERVER], parts=("webserver",), unseen=tuple(sorted(_FOLDER_S))
    )
    for also, parts in (("timeout", ("webserver",)), ("values.apiserver.extraEnvs[3]", ("apiserver", "webserver"))):
        for after in (later, {**later, "apiserver": hidden["apiserver"]}):
            named = replace(_step(SERVER, NAMES[SERVER], hidden, after), differs=(also,))
            assert restarts_of(named, told, told) == Restarts(NAMES[SERVER], parts=parts)


def test_a_part_that_ends_is_told(side: _Side, told: Render) -> None:
    values = side.values()[SERVER]
    step = _step(SERVER, NAMES[SERVER], values, {**values, "fileserver": {"enabled": False}})
    assert str(restarts_of(step, told, told)) == "fileserver ends"


def test_what_cannot_be_rendered_is_assumed_to_restart(side: _Side, told: Render) -> None:
    values = side.values()[SERVER]
    step = _step(SERVER, NAMES[SERVER], values, {**values, "misspelt": {}})
    assert str(restarts_of(step, told, told)) == "cannot be seen, assume it restarts: clearml-enterprise"


@pytest.mark.parametrize(
    ("chart", "parts"), [(SERVER, _SERVER_S), (AGENT, {"acme-agent"}), (GATEWAY, {"acme-gateway"})]
)
def test_another_version_of_a_chart_is_another_image(
    chart: str, parts: set[str], side: _Side, told: Render, tmp_path: Path
) -> None:
    """In a rehearsal, too, whose charts are the same stand-ins in every version."""
    versions = ("9.0.1", "9.0.2")
    chart_repository.fill(tmp_path, ROOT / "local" / "charts", [(chart, version) for version in versions])
    step = _step(chart, NAMES[chart], side.values()[chart], side.values()[chart])
    with chart_repository.serving(tmp_path) as address:
        old, new = (
            {**step.new, "chart": chart, "version": version, "repositoryOpts": {"repo": address}}
            for version in versions
        )
        found = restarts_of(replace(step, old=old, new=new, differs=("version",)), told, told)
    assert set(found.parts) == parts


@pytest.mark.parametrize(
    ("recorded", "lines"),
    [
        ("official_features", ["clearml-enterprise: restarts apiserver"]),
        ("official_variable", ["clearml-enterprise: restarts apiserver"]),
        ("official_queue_mode", ["acme-agent: restarts acme-agent", "clearml-enterprise: restarts apps-agent"]),
        ("official_pair", ["clearml-enterprise: restarts apiserver"]),
        ("official_file_key", ["clearml-enterprise: restarts apiserver, apps-agent, fileserver"]),
        ("official_rotation", ["acme-agent: restarts acme-agent", "acme-gateway: restarts acme-gateway"]),
        ("official_image", ["acme-agent: restarts acme-agent"]),
        ("official_upgrade", ["clearml-enterprise: restarts apiserver"]),
    ],
)  # fmt: skip
def test_what_the_official_plugin_tells_is_enough(recorded: str, lines: list[str], told: Render) -> None:
    """Previews of the real engine, with the kubernetes plugin that was built for the local environment."""
    steps = [step for step in preview(recorded) if step.token == RELEASE and step.operation == "update"]
    assert sorted(f"{step.name}: {restarts_of(step, told, told)}" for step in steps) == lines
