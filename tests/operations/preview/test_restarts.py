"""What restarts, from what two renderings show: no chart and no cluster is needed to decide it."""

from __future__ import annotations

from typing import Any

import pytest

from operations.preview.restarts.release_restarts import NotRenderedError, Pods, Restarts, restarts_of
from operations.preview.restarts.stand_ins import Inputs
from operations.preview.steps import Step
from operations.urns import RELEASE

_CHART = {"chart": "oci://docker.io/clearml/clearml-enterprise", "version": "11.0.2"}


def _step(old: dict[str, Any], new: dict[str, Any], *differs: str) -> Step:
    return Step("update", RELEASE, "server", "", old, new, differs=differs)


def _image(inputs: Inputs) -> Pods:
    return {"server-api": inputs.get("version"), "server-web": inputs["values"].get("web")}


def _never(_inputs: Inputs) -> Pods:
    raise NotRenderedError("nobody has to ask")


def test_another_version_is_another_chart() -> None:
    step = _step({**_CHART, "values": {}}, {**_CHART, "version": "11.1.0", "values": {}}, "version")
    assert restarts_of(step, _image, _image) == Restarts("server", parts=("api",))


@pytest.mark.parametrize("more", [{"timeout": 60}, {"version": ""}])
def test_what_is_no_value_restarts_nothing(more: dict[str, Any]) -> None:
    """The plugin tells no version of a folder's chart while something in the values is not known yet."""
    old = {"chart": "./server", "version": "11.0.0", "values": {}}
    assert restarts_of(_step(old, {**old, **more}, *more), _image, _image) == Restarts("server")


def test_a_release_under_a_name_that_somebody_gave_it_is_told_with_its_tenant() -> None:
    """Two tenants' agents, both called `clearml-agent` by hand, were told alike."""
    inputs = {**_CHART, "name": "clearml-agent", "values": {}}
    step = Step("update", RELEASE, "acme-agent", "acme", inputs, {**inputs, "version": "11.1.0"}, differs=("version",))
    told = restarts_of(
        step, lambda new: {"clearml-agent": new["version"]}, lambda new: {"clearml-agent": new["version"]}
    )
    assert told == Restarts("acme/clearml-agent", parts=("clearml-agent",))
    assert restarts_of(step, _never, _never) == Restarts("acme/clearml-agent", unseen=("clearml-agent",))


@pytest.mark.parametrize(("version", "parts"), [("11.0.2", ("web",)), ("11.0.1", ("api", "web"))])
def test_a_chart_of_which_helm_remembers_the_name_is_looked_for_where_the_new_one_is(
    version: str, parts: tuple[str, ...]
) -> None:
    """Of a release that was taken over nothing could be seen."""
    old = {"chart": "clearml-enterprise", "version": version, "values": {"web": 1}}
    step = _step(old, {**_CHART, "values": {"web": 2}}, "chart", "values.web")

    def image(inputs: Inputs) -> Pods:
        if inputs["chart"] != _CHART["chart"]:
            raise NotRenderedError("no such chart")
        return _image(inputs)

    assert restarts_of(step, image, image) == Restarts("server", parts=parts)
    elsewhere = _step(old, {"chart": "./server", "description": "chart files sha256:1", "values": {"web": 2}}, "chart")
    assert restarts_of(elsewhere, image, image) == Restarts("server", unseen=("server",))


def test_an_edit_in_a_charts_folder_cannot_be_seen_where_one_side_alone_is_there() -> None:
    """It was told to restart nothing: both sides were rendered with the files of now. A rehearsal has two copies."""
    old = {"chart": "./server", "version": "11.0.0", "values": {}, "description": "chart files sha256:1"}
    step = _step(old, {**old, "description": "chart files sha256:2"}, "description")
    assert restarts_of(step, _image, _image) == Restarts("server", unseen=("server",))
    assert restarts_of(step, lambda _: {"server-api": 1}, lambda _: {"server-api": 2}) == Restarts(
        "server", parts=("api",)
    )


def test_a_login_for_charts_restarts_nothing() -> None:
    """With one, Docker Hub is asked by another of its names; and the password is a mark."""
    before = {**_CHART, "values": {"clearml": {"apiserverKey": "[secret]"}}}
    at_hub = "oci://index.docker.io/clearml/clearml-enterprise"
    after = {**before, "chart": at_hub, "repositoryOpts": {"username": "me", "password": "[secret]"}}
    assert restarts_of(_step(before, after, "chart", "repositoryOpts"), _never, _never) == Restarts("server")
    elsewhere = {**after, "chart": "oci://other.example/clearml/clearml-enterprise"}
    assert restarts_of(_step(before, elsewhere, "chart"), _never, _never) == Restarts("server", unseen=("server",))


def test_what_is_not_known_yet_is_missing_and_may_be_needed() -> None:
    """A new key of a gateway, whose chart makes nothing without one."""

    def needy(inputs: Inputs) -> Pods:
        if not inputs["values"].get("key"):
            raise NotRenderedError("give a key")
        return {"server": inputs["values"]["key"], "server-web": {}}

    step = _step({"values": {"key": "OLD"}}, {"values": {}}, "values.key")
    assert restarts_of(step, needy, needy) == Restarts("server", parts=("server",))


def test_what_a_chart_draws_by_chance_is_not_told_for_sure() -> None:
    drawn = iter(range(9))

    def by_chance(inputs: Inputs) -> Pods:
        return {"server-x": inputs["values"]["a"], "server-y": next(drawn)}

    step = _step({"values": {"a": 1}}, {"values": {"a": 2}}, "values.a")
    assert restarts_of(step, by_chance, by_chance) == Restarts("server", parts=("x",), unseen=("y",))


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (Restarts("r"), "restarts nothing"),
        (Restarts("r", parts=("a", "b")), "restarts a, b"),
        (Restarts("r", parts=("a",), ends=("c",)), "restarts a; c ends"),
        (Restarts("r", unseen=("a",)), "cannot be seen, assume it restarts: a"),
        (Restarts("r", parts=("b",), unseen=("a",)), "restarts b; cannot be seen, assume it restarts: a"),
    ],
)
def test_in_words(found: Restarts, line: str) -> None:
    assert str(found) == line
