"""An e-mail domain leads to one tenant: a second one would send its people to the first, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import TypeAdapter, ValidationError

from policy.declaration import Declaration, Violation
from rendering.unknown import at
from settings.types.naming import DOMAINS
from settings.types.vocabulary import Domain

_DOMAIN: TypeAdapter[str] = TypeAdapter(Domain)


def shared_domains(stack: Sequence[Declaration]) -> Iterator[Violation]:
    """Every domain that an earlier resource has too, whichever way it is written."""
    holders: dict[str, str] = {}
    for declared in sorted((each for each in stack if each.type == DOMAINS), key=lambda each: each.urn):
        routes = at(declared.props, "routes")
        for domain in sorted({_canonical(each) for each in routes} if isinstance(routes, Mapping) else ()):
            holder = holders.setdefault(domain, declared.name)
            if holder != declared.name:
                text = f"{declared.name}: {domain!r} is in {holder} too: keep it in one tenant's file"
                yield Violation(text, declared.urn)


def _canonical(domain: str) -> str:
    try:
        return _DOMAIN.validate_python(domain.strip())
    except ValidationError:
        return domain.strip().lower()
