"""A chart's and an image's place, and what a list of places covers."""

from __future__ import annotations

import pytest

from settings.types.registries import is_listed, is_on_this_machine, place_of_address, place_of_image, unlisted_images

_DIGEST = f"sha256:{'ab' * 32}"
_LISTED = ("docker.io/clearml", "registry.example.com:5000", "charts.example.com/stable")


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("python", "docker.io/library/python"),
        ("python:3.12", "docker.io/library/python"),
        (f"python@{_DIGEST}", "docker.io/library/python"),
        ("docker.io/python:3", "docker.io/library/python"),
        ("clearml/agent:1", "docker.io/clearml/agent"),
        ("index.docker.io/clearml/agent", "docker.io/clearml/agent"),
        (f"registry.example.com:5000/a/b:1@{_DIGEST}", "registry.example.com:5000/a/b"),
        ("Registry.example.com:443/a", "registry.example.com/a"),
        ("localhost/a", "localhost/a"),
        ("docker.io.evil.example/clearml/agent", "docker.io.evil.example/clearml/agent"),
    ],
)
def test_an_image_is_where_kubernetes_pulls_it_from(reference: str, place: str) -> None:
    assert place_of_image(reference) == place


@pytest.mark.parametrize(
    "text",
    [
        "python:3.12 --privileged -v /:/host -e X=y",
        "python --network=host",
        "ann:hunter2@registry.example.com/acme/tasks:1",
        "https://registry.example.com/acme/tasks",
        "python:3.12$(ARGUMENTS)",
        "docker.io/clearml/agent:1:2",
    ],
)
def test_what_names_no_image_comes_from_no_place(text: str) -> None:
    assert place_of_image(text) == ""
    assert list(unlisted_images({"image": text}, (*_LISTED, "docker.io"))) == [("image", "")]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("oci://registry-1.docker.io/clearml/agent", "docker.io/clearml/agent"),
        ("https://charts.example.com:443/stable/", "charts.example.com/stable"),
        ("http://charts.example.com:8080", "charts.example.com:8080"),
    ],
)
def test_an_address_is_a_place_without_what_its_scheme_says_anyway(address: str, place: str) -> None:
    assert place_of_address(address) == place


@pytest.mark.parametrize(
    ("place", "listed"),
    [
        ("docker.io/clearml", True),
        ("docker.io/clearml/agent", True),
        ("registry.example.com:5000/any/thing", True),
        ("docker.io/clearml-evil/agent", False),
        ("docker.io/clearml/../evil/agent", False),
        ("docker.io/clearml//evil", False),
        ("docker.io", False),
        ("registry.example.com/any", False),
        ("registry.example.com:5000.evil.example/any", False),
        ("charts.example.com", False),
    ],
)
def test_a_place_covers_itself_and_what_is_below_it(place: str, listed: bool) -> None:
    assert is_listed(place, _LISTED) is listed


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        ({"image": {"registry": "docker.io", "repository": "clearml/agent", "tag": 1}}, []),
        ({"image": {"registry": "docker.io", "repository": "evil/agent"}}, ["image"]),
        ({"a": {"repository": "evil/agent", "tag": "1"}}, ["a"]),
        ({"image": {"repository": "evil.example/agent"}}, ["image"]),
        ({"image": {"registry": "docker.io"}}, []),
        ({"image": {"registry": "docker.io/evil"}}, ["image.registry"]),
        ({"image": {"tag": "2", "pullPolicy": "Always"}}, []),
        ({"image": ""}, []),
        ({"image": None}, []),
        ({"useImage": True}, []),
        ({"global": {"imageRegistry": "evil.example"}}, ["global.imageRegistry"]),
        ({"initContainerImage": "[evil"}, ["initContainerImage"]),
        ({"c": [{"image": "clearml/a"}, {"image": "{{ .Values.x }}"}]}, ["c[1].image"]),
        (
            {"env": [{"name": "DEFAULT_IMAGE", "value": "evil/a"}, {"name": "OTHER", "value": "evil/a"}]},
            ["env[0].value"],
        ),
    ],
)
def test_every_image_among_values_is_found(value: object, keys: list[str]) -> None:
    assert [key for key, _ in unlisted_images(value, _LISTED)] == keys


def test_this_machine_is_known_by_its_names() -> None:
    own = ["http://127.0.0.1:8080", "oci://localhost:5000/a", "https://[::1]:1/a"]
    others = ["https://localhost.evil.example", "oci://127.0.0.1.evil.example/a", "https://[", "x"]
    assert [is_on_this_machine(each) for each in (*own, *others)] == [True] * 3 + [False] * 4
