"""Finds sign-in of the whole server that lets anybody into a company, past every tenant's rules (contract 6.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.types.hocon_reading import is_read_as_hocon

_PROVIDERS = re.compile(r"__login__sso__|__fixed_user_providers__")
_KEY = "default_company"
_WHOEVER = "puts whoever signs in with it and is in no tenant's rules into"
_EMPTY = frozenset({"", '""', "''", "null"})


@check("no identity provider of the server lets anybody into a company")
def check_open_companies(facts: Facts) -> Iterator[Finding]:
    """Every setting, and every variable, that gives a provider a company for whoever no rule knows."""
    if facts.settings is None:
        return
    for name, provider in facts.settings.server.identity_providers.items():
        if provider.default_company:
            where = setting("", f"server.identityProviders.{name}.defaultCompany")
            yield Finding(where, f"{_WHOEVER} that company, past the sign-in rules; leave it out", WARNING)
    for index, variable in enumerate(facts.settings.server.apiserver.extra_envs):
        value = variable.value
        if not is_read_as_hocon(variable.name) or not _PROVIDERS.search(variable.name):
            continue
        is_named = variable.name.endswith(f"__{_KEY}") and (value is None or value.strip() not in _EMPTY)
        if is_named or (value is not None and re.search(rf"\b{_KEY}\b", value)):
            text = f"{variable.name} {_WHOEVER} the company of {_KEY}, past the sign-in rules; leave {_KEY} out"
            yield Finding(setting("", f"server.apiserver.extraEnvs[{index}]"), text, WARNING)
