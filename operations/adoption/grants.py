"""What only the stack's file can let a tenant's file do: the line that a check names, where what runs needs it.

Nothing is granted that would let a tenant's file give rights in the cluster, or have a chart or a controller run text
of its own: those a person writes, from the sentence that says why the value was left out.
"""

from __future__ import annotations

from typing import Any

from operations.adoption.reading.facts import Note
from settings.finding import Finding
from settings.grant import REGISTRIES, Grant
from settings.types.chart_rights import names_rights

_GRANTED = frozenset(
    {
        *("serverHosts", "hostSuffixes", "guestDomains", "ingressAnnotations", "chartValues", "podSecurity"),
        *("priorityClasses", "schedulerQueues", "tolerations", "volumeTypes", "sessionPorts"),
        *("oldestAgentChart", "oldestGatewayChart"),
    }
)
# A controller runs it as its own configuration.
_SNIPPET = "-snippet"


def grant(stack: dict[str, Any], finding: Finding) -> Note | None:
    """Write the line into a stack's settings, and what a person decides about it; None if there is none to write."""
    tenant, line = finding.where.tenant, finding.grant
    if line is None or (line.tenant and (line.tenant != tenant or not _may_be_written(line))):
        return None
    own = stack.setdefault("tenantRules", {}).setdefault("tenants", {}).setdefault(tenant, {}) if line.tenant else stack
    there = own.get(line.rule)
    value = line.plain
    if isinstance(there, list) and isinstance(value, list):
        value = [*dict.fromkeys((*there, *value))]
    if value == there:
        # It is there, and does not help.
        return None
    own[line.rule] = value
    return Note(tenant, "decide", finding.where.key, _text(finding, line))


def _text(finding: Finding, line: Grant) -> str:
    where = "" if line.rule == REGISTRIES else "tenantRules of "
    said = str(line).removeprefix("tenantRules: ").removeprefix("{").removesuffix("}") if where else str(line)
    why = finding.message.partition("; ")[0]
    return f"stays as it runs, by {said} in {where}the stack's file; {why}: take both out if that is not to be"


def _may_be_written(line: Grant) -> bool:
    values = line.value if isinstance(line.value, tuple) else ()
    return line.rule in _GRANTED and not any(_opens_more(line.rule, each) for each in values)


def _opens_more(rule: str, value: str) -> bool:
    if rule == "chartValues":
        return any(map(names_rights, value.split(".")))
    return rule == "ingressAnnotations" and value.endswith(_SNIPPET)
