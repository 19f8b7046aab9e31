"""Where charts and images may come from, and which images stand in values that go to a chart. Pure.

A place is host and path without a scheme, as `docker.io/clearml`; what is listed covers itself and all below it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from settings.types.addresses import host_in_url, in_url, without_port
from settings.types.tree import children

DOCKER_HUB = "docker.io"
# Another of its names, at which it is reached as it is written: `components/charts/access.py`.
DOCKER_HUB_ITSELF = "index.docker.io"
_DOCKER_HUBS = frozenset({DOCKER_HUB, DOCKER_HUB_ITSELF, "registry-1.docker.io", "registry.hub.docker.com"})
# Where Docker Hub keeps images whose name has no folder.
_OFFICIAL = "library"
DEFAULT_REGISTRIES = (f"{DOCKER_HUB}/clearml", f"{DOCKER_HUB}/{_OFFICIAL}")
"""ClearML's own charts and images, and Docker's official images."""
# As container runtimes read it; a host may be an address, or of capitals, and a folder may be refused later.
_REFERENCE = re.compile(
    r"(?:\[[0-9A-Fa-f:]+\](?::[0-9]+)?/|[A-Za-z0-9.-]+:[0-9]+/)?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9+._-]*:[0-9A-Fa-f]+)?"
)
_PARTS_OF_IMAGE = ("tag", "registry", "digest", "pullPolicy")


def registry_of(host: str, scheme: str = "oci") -> str:
    """`host` as it is compared: lower case, without what is the scheme's port anyway, Docker Hub by its one name."""
    written, port = without_port(host.lower())
    name = in_url(host_in_url(written) or written.removesuffix("."))
    usual = port in ("", "80" if scheme == "http" else "443")
    return DOCKER_HUB if name in _DOCKER_HUBS and usual else name if usual else f"{name}:{port}"


def place_of_address(address: str) -> str:
    """The place of a chart's or a repository's address, `oci://…` or `https://…`."""
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.rstrip("/").partition("/")
    return f"{registry_of(host, scheme)}{slash}{path}"


def place_of_image(reference: str) -> str:
    """The place of an image as Kubernetes reads it: `python:3.12` is `docker.io/library/python`.

    Empty where it is no image's name: it holds a login, or arguments, as `python:3.12 --privileged`.
    """
    if not _REFERENCE.fullmatch(reference.strip()):
        return ""
    name = reference.strip().partition("@")[0]
    folder, slash, last = name.rpartition("/")
    name = f"{folder}{slash}{last.partition(':')[0]}"
    first, _, rest = name.partition("/")
    if rest and (set(".:") & set(first) or first.lower() == "localhost"):
        host, path = registry_of(first), rest
    else:
        host, path = DOCKER_HUB, name
    return f"{host}/{_OFFICIAL}/{path}" if host == DOCKER_HUB and "/" not in path else f"{host}/{path}"


def is_listed(place: str, registries: Collection[str]) -> bool:
    """Whether the place is one of `registries`, or below one of them."""
    parts = place.split("/")
    return not {"", ".", ".."} & set(parts) and any(parts[: len(each)] == each for each in map(_parts, registries))


def is_on_this_machine(address: str) -> bool:
    """Whether an address leads to this very machine, where nobody outside can put a chart."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def unlisted_images(value: object, registries: Collection[str], path: str = "") -> Iterator[tuple[str, str]]:
    """Key and place of each image in `value` that comes from none of `registries`; no place where it is no image."""
    for key, place, whole in _images(value, path):
        # A registry by itself goes with the chart's own name of the image.
        inside = not whole and any(each == place or each.startswith(f"{place}/") for each in registries)
        if not inside and not is_listed(place, registries):
            yield key, place


def _images(value: object, path: str) -> Iterator[tuple[str, str, bool]]:
    """Key and place of each image, and whether the place is the whole of it."""
    if isinstance(value, Mapping):
        name, text = value.get("name"), value.get("value")
        if isinstance(name, str) and name.upper().endswith("IMAGE") and isinstance(text, str) and text:
            yield f"{path}.value", place_of_image(text), True
    for key, here, each in children(value, path):
        word = key.lower()
        if isinstance(each, str) and each:
            if word.endswith("image"):
                yield here, place_of_image(each), True
            elif word.endswith("imageregistry"):
                yield here, place_of_address(f"oci://{each}"), False
        elif isinstance(each, Mapping) and key and _is_image(word, each):
            yield from _image(each, here)
        else:
            yield from _images(each, here)


def _is_image(word: str, value: Mapping[str, object]) -> bool:
    """Whether it is an image in parts, which charts write as `{registry: …, repository: …, tag: …}`."""
    repository = isinstance(value.get("repository"), str)
    return (repository and any(part in value for part in _PARTS_OF_IMAGE)) or word.endswith("image")


def _image(parts: Mapping[str, object], path: str) -> Iterator[tuple[str, str, bool]]:
    registry, repository = (
        each if isinstance(each, str) else "" for each in map(parts.get, ("registry", "repository"))
    )
    if repository:
        yield path, place_of_image(f"{registry}/{repository}" if registry else repository), True
    elif registry:
        yield f"{path}.registry", place_of_address(f"oci://{registry}"), False
    others = {key: each for key, each in parts.items() if key not in ("registry", "repository")}
    yield from _images(others, path)


def _parts(registry: str) -> list[str]:
    return registry.split("/")
