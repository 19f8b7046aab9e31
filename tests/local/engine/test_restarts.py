"""What is told to restart is what does: pods that the charts make, with a reviewer's eyes and with the server's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.checkout import Checkout
from local.toolchain import install_tools
from operations.preview.restarts.release_restarts import Render, Restarts, pods_of, restarts_of
from operations.preview.restarts.rendering import rendering
from operations.preview.steps import Step
from operations.urns import RELEASE
from rehearsal import chart_repository
from settings.loading.load import load
from settings.loading.secrets import Secrets
from settings.models.server.secrets import INTERNAL_KEYS, ServerSecrets
from tests.local.engine.changes import CHANGES, FOLDER_S, PLANTED, SERVER_S, Side
from tests.local.helm import AGENT, GATEWAY, SERVER, render
from tests.operations.recorded import preview

ROOT = Path(__file__).resolve().parents[3]
MARK = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
NAMES = {SERVER: "clearml-enterprise", AGENT: "acme-agent", GATEWAY: "acme-gateway"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Render:
    """As the commands render."""
    checkout = Checkout(ROOT, tmp_path_factory.mktemp("local") / ".local", 8008, None)
    checkout.bin.mkdir(parents=True)
    (checkout.bin / "helm").symlink_to(install_tools(["helm"])["helm"].path)
    return rendering(checkout.root, path=checkout.variables()["PATH"])


@pytest.fixture(scope="module")
def side() -> Side:
    environment = load(ROOT, "local")
    (tenant,) = [each for each in environment.tenants if each.name == "acme"]
    key, secret, user, password = (f"{PLANTED}-{name}" for name in ("key", "secret", "user", "password"))
    server = ServerSecrets(external={"mongodbConnectionStringAuth": f"{PLANTED}-string"})
    internal = {name: f"{PLANTED}-{name}" for name in INTERNAL_KEYS}
    return Side(environment.stack, tenant, Secrets(key, secret, user, password, server=server), internal)


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_told_is_what_happens(change: str, side: Side, told: Render) -> None:
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
def test_what_an_engine_does_not_tell_of_secrets_cannot_be_seen(change: str, side: Side, told: Render) -> None:
    changed, expected = CHANGES[change]
    before, after = side.values(), changed(side).values()
    (chart,) = [each for each in NAMES if before[each] != after[each]]
    step = replace(_step(chart, NAMES[chart], before[chart], after[chart]), differs=())
    found = restarts_of(step, told, told)
    assert found.parts == ()
    assert expected <= set(found.unseen)


def test_a_list_that_is_hidden_on_one_side_cannot_be_seen_and_hides_nothing_else(side: Side, told: Render) -> None:
    """The first run after the supervisor's pair left the list."""
    values = side.values()[SERVER]
    hidden = {**values, "apiserver": {**values["apiserver"], "extraEnvs": MARK}}
    later = {**values, "webserver": {**values["webserver"], "displayedServerURLs": {"apiserver": "https://x.example"}}}
    step = replace(_step(SERVER, NAMES[SERVER], hidden, later), differs=())
    assert restarts_of(step, told, told) == Restarts(
        NAMES[SERVER], parts=("webserver",), unseen=tuple(sorted(FOLDER_S))
    )
    for also, parts in (("timeout", ("webserver",)), ("values.apiserver.extraEnvs[3]", ("apiserver", "webserver"))):
        for after in (later, {**later, "apiserver": hidden["apiserver"]}):
            named = replace(_step(SERVER, NAMES[SERVER], hidden, after), differs=(also,))
            assert restarts_of(named, told, told) == Restarts(NAMES[SERVER], parts=parts)


def test_a_part_that_ends_is_told(side: Side, told: Render) -> None:
    values = side.values()[SERVER]
    step = _step(SERVER, NAMES[SERVER], values, {**values, "fileserver": {"enabled": False}})
    assert str(restarts_of(step, told, told)) == "fileserver ends"


def test_what_cannot_be_rendered_is_assumed_to_restart(side: Side, told: Render) -> None:
    values = side.values()[SERVER]
    step = _step(SERVER, NAMES[SERVER], values, {**values, "misspelt": {}})
    assert str(restarts_of(step, told, told)) == "cannot be seen, assume it restarts: clearml-enterprise"


@pytest.mark.parametrize(("chart", "parts"), [(SERVER, SERVER_S), (AGENT, {"acme-agent"}), (GATEWAY, {"acme-gateway"})])
def test_another_version_of_a_chart_is_another_image(
    chart: str, parts: set[str], side: Side, told: Render, tmp_path: Path
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
