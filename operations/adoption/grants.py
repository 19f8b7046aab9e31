"""What only the stack's file can let a tenant's file do: the line that a check names, where what runs needs it.

Nothing is granted that would let a tenant's file give rights in the cluster, or have a chart or a controller run text
of its own: those a person writes, from the sentence that says why the value was left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from operations.adoption.reading.facts import Note
from settings.finding import Finding
from settings.types.chart_rights import names_rights

_WAY = "tenantRules: "
_REGISTRIES = "registries: "
_GRANTED = frozenset(
    {
        *("serverHosts", "hostSuffixes", "guestDomains", "ingressAnnotations", "chartValues", "podSecurity"),
        *("priorityClasses", "tolerations", "volumeTypes"),
    }
)
# A controller runs it as its own configuration.
_SNIPPET = "-snippet"


def grant(stack: dict[str, Any], finding: Finding) -> Note | None:
    """Write the line into a stack's settings, and what a person decides about it; None if there is none to write."""
    tenant = finding.where.tenant
    for rule, value in _lines(finding.message, tenant):
        if rule == "registries":
            stack[rule] = value
            return Note(tenant, "decide", finding.where.key, _text(finding, f"registries: {_flow(value)}"))
        if rule not in _GRANTED or any(_opens_more(rule, each) for each in (value if isinstance(value, list) else ())):
            continue
        own = stack.setdefault("tenantRules", {}).setdefault("tenants", {}).setdefault(tenant, {})
        there = own.get(rule)
        if there == value or (isinstance(there, list) and set(value) <= set(there)):
            continue
        own[rule] = [*there, *value] if isinstance(there, list) else value
        return Note(
            tenant, "decide", finding.where.key, _text(finding, f"tenants: {{{tenant}: {{{rule}: {_flow(value)}}}}}")
        )
    return None


def _text(finding: Finding, line: str) -> str:
    where = "" if line.startswith(_REGISTRIES) else "tenantRules of "
    why = finding.message.partition("; ")[0]
    return f"stays as it runs, by {line} in {where}the stack's file; {why}: take both out if that is not to be"


def _lines(message: str, tenant: str) -> Iterator[tuple[str, Any]]:
    """Rule and value of the line that a check's sentence names, if it is one for this tenant."""
    found = _written_after(message, _WAY, "{", "}")
    tenants = found.get("tenants") if isinstance(found, Mapping) else None
    own = tenants.get(tenant) if isinstance(tenants, Mapping) else None
    yield from own.items() if isinstance(own, Mapping) else ()
    listed = _written_after(message, _REGISTRIES, "[", "]")
    if isinstance(listed, list):
        yield "registries", listed


def _written_after(message: str, head: str, opening: str, closing: str) -> Any:  # noqa: ANN401 - any value
    """The value that a sentence has behind a key, from its first bracket to the last that closes it."""
    _, found, rest = message.partition(head)
    if not found or not rest.startswith(opening):
        return None
    depth, end = 0, 0
    for end, letter in enumerate(rest, 1):  # noqa: B007 - the end is what is looked for
        depth += (letter == opening) - (letter == closing)
        if depth == 0:
            break
    try:
        return yaml.safe_load(rest[:end])
    except yaml.YAMLError:
        return None


def _opens_more(rule: str, value: object) -> bool:
    if rule == "chartValues":
        return any(map(names_rights, str(value).split(".")))
    return rule == "ingressAnnotations" and str(value).endswith(_SNIPPET)


def _flow(value: object) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, width=1000)
    return text.removesuffix("\n").removesuffix("...").strip()
