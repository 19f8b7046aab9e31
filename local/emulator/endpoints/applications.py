"""Who sees the running applications of a company (contract 2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.emulator.companies import lookup
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.validation import mapping, refuse_field, string
from local.emulator.roles import SYSTEM
from local.emulator.store import companies

_SETTING = "app_instance_access"
_CHOICES = ("all", "owner", "groups")
_PARTS = ("applications", "categories")


@endpoint(
    "system.update_company_app_instance_access",
    string("company", required=True),
    mapping(_SETTING, required=True),
    roles=SYSTEM,
)
def update_company_app_instance_access(call: Call) -> Data:
    """Set who sees them, for all, for one application or for one category."""
    company, sent = lookup.company(call, call.fields["company"]), call.fields[_SETTING]
    _refuse_unknown(_SETTING, sent)
    for part in _PARTS:
        for name, rule in (sent.get(part) or {}).items():
            _refuse_unknown(f"{_SETTING}.{part}.{name}", rule)
    stored = company.settings.get(_SETTING) or {}
    whole = sent if call.server.assumptions.app_instance_access_replaces else _merged(stored, sent)
    companies.save_settings(call.database, company.id, {**company.settings, _SETTING: whole})
    return {}


@endpoint("system.get_company_app_instance_access", string("company", required=True), roles=SYSTEM)
def get_company_app_instance_access(call: Call) -> Data:
    """What was set; a company about which nothing was said has an empty object."""
    company = lookup.company(call, call.fields["company"])
    return {_SETTING: company.settings.get(_SETTING) or {}}


def _merged(stored: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    parts = {part: {**(stored.get(part) or {}), **(sent.get(part) or {})} for part in _PARTS}
    return {**stored, **sent, **{part: rules for part, rules in parts.items() if rules}}


def _refuse_unknown(field: str, rule: Any) -> None:  # noqa: ANN401 - any JSON
    allowed = rule.get("allowed") if isinstance(rule, Mapping) else rule
    if allowed is not None and allowed not in _CHOICES:
        raise refuse_field(f"{field}.allowed", f"value '{allowed}' is not a valid choice.")
