"""Companies are protected, unless a tenant's file says `protect: false`.

Neither the company's properties nor its options say what the file does. `Departures` does: it holds every tenant's
own `protect` by its admin's e-mail, and the file's default is true. A shard's stack has none: there the file itself is
asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from policy.declaration import Declaration, Violation
from policy.shard_files import tenant_of_shard
from rendering.unknown import at
from settings.types.naming import COMPANY, DEPARTURES

_ROOT = Path(__file__).resolve().parents[1]


def unprotected_companies(stack: Sequence[Declaration], *, root: Path = _ROOT) -> Iterator[Violation]:
    """Every company that could be deleted though no file is known to let it go."""
    tenants = [at(each.props, "tenants") for each in stack if each.type == DEPARTURES]
    for company in stack:
        if (
            company.type == COMPANY
            and not company.protect
            and not _let_go(company, tenants or _own_file(company, root))
        ):
            text = (
                f"company of tenant {company.name}: is not protected, and its tenant's file does not say so: "
                "pass protect=tenant.protect, or write `protect: false` into the file"
            )
            yield Violation(text, company.urn)


def _own_file(company: Declaration, root: Path) -> list[object]:
    """As `Departures` has tenants: protected where the file does not say otherwise."""
    content = tenant_of_shard(company.stack, company.name, root)
    return [{at(content, "admin", "email"): {"protect": at(content, "protect")}}] if content else []


def _let_go(company: Declaration, tenants: Sequence[object]) -> bool:
    email = at(company.props, "admin_email")
    return any(
        at(declared, "protect") is False
        for known in tenants
        if isinstance(known, Mapping)
        for admin, declared in known.items()
        if str(admin).lower() == str(email).lower()
    )
