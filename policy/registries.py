"""Charts and images come from the registries that the stack's file lists.

`unlisted_registries` judges what a release is given, `rendered_images` what a chart makes of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from policy.declaration import Declaration, Violation
from policy.render import is_tenants, objects_of
from policy.stack_settings import stack_settings
from rendering.unknown import at, replace_unknown
from settings.types.naming import RELEASE
from settings.types.registries import (
    DEFAULT_REGISTRIES,
    is_listed,
    is_on_this_machine,
    place_of_address,
    unlisted_images,
)

_ROOT = Path(__file__).resolve().parents[1]


def unlisted_registries(declared: Declaration, *, root: Path = _ROOT) -> Iterator[Violation]:
    """A release whose chart, or an image among its values, comes from elsewhere; a folder is this project's own."""
    if declared.type != RELEASE:
        return
    registries = registries_of(declared.stack, root)
    chart, repository = declared.props.get("chart"), at(declared.props, "repositoryOpts", "repo")
    address = next((each for each in (chart, repository) if isinstance(each, str) and "://" in each), "")
    if address and not is_on_this_machine(address) and not is_listed(place_of_address(address), registries):
        yield _violation(declared, f"its chart comes from {address}")
    # What a preview does not know yet is judged when it is deployed.
    for path, place in unlisted_images(replace_unknown(declared.props.get("values"), None), registries, "values"):
        what = f"is an image from {place}" if place else "names no image"
        yield _violation(declared, f"{path} {what}")


def rendered_images(declared: Declaration, *, root: Path = _ROOT) -> Iterator[Violation]:
    """Every image of a tenant's release that its chart makes and that comes from elsewhere. Raises NotRenderedError."""
    if not is_tenants(declared):
        return
    registries = registries_of(declared.stack, root)
    yield from (_violation(declared, line) for line in foreign_images(objects_of(declared), registries))


def foreign_images(objects: Collection[Mapping[str, Any]], registries: Collection[str]) -> Iterator[str]:
    """One line for each image in `objects` that comes from none of `registries`."""
    for each in objects:
        what = f"{each.get('kind')} {at(each, 'metadata', 'name')}"
        for place in dict.fromkeys(place for _, place in unlisted_images(each, registries)):
            yield f"{what} has an image {f'from {place}' if place else 'of no name'}"


def registries_of(stack: str, root: Path = _ROOT) -> tuple[str, ...]:
    """What the stack's file in the project at `root` lists; the safe default if it lists nothing that can be read."""
    listed = at(stack_settings(stack, root), "registries")
    if not isinstance(listed, list):
        return DEFAULT_REGISTRIES
    return tuple(place_of_address(f"oci://{each}") for each in listed if isinstance(each, str))


def _violation(declared: Declaration, what: str) -> Violation:
    text = f"release {declared.name}: {what}, which is none of the stack's registries: take another, or list it there"
    return Violation(text, declared.urn)
