"""A resource as the policies see it: plain values, and what a preview does not know yet said as such."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from rendering.unknown import UNKNOWN
from settings.types.naming import name_of, stack_of


@dataclass(frozen=True)
class Declaration:
    """One resource. Secrets in `props` come unwrapped, so no message may hold a value of them.

    `provider` is the URN of the provider that makes it; `depends_on` are URNs.
    """

    type: str
    urn: str
    props: Mapping[str, object]
    protect: bool = False
    provider: str = ""
    depends_on: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        return name_of(self.urn)

    @property
    def stack(self) -> str:
        return stack_of(self.urn)


@dataclass(frozen=True)
class Violation:
    """One line: what is wrong and how it is mended, and the resource that it is said of."""

    text: str
    urn: str


def known(props: Mapping[str, object], unknown: type[Exception]) -> dict[str, object]:
    """`props` out of the proxies of pulumi-policy, which raise `unknown` where a preview knows nothing yet."""
    return {key: _plain(partial(props.__getitem__, key), unknown) for key in props}


def _plain(take: Callable[[], object], unknown: type[Exception]) -> object:
    try:
        value = take()
    except unknown:
        return UNKNOWN
    if isinstance(value, Mapping):
        return known(value, unknown)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(partial(value.__getitem__, index), unknown) for index in range(len(value))]
    return value
