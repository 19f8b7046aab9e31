"""What queues are called: a chart hands their names to the agent in one line, with commas between."""

from __future__ import annotations

import re
from collections.abc import Iterator

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.finding import Finding, setting
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.naming import worker_key

# A second queue, an option of the agent's, or what a shell reads as a command of its own.
_SEVERAL = re.compile(r"[,;|&<>$`\"'\\\n]|(?:^|\s)--?[A-Za-z]")


@check("a queue's name is one queue, and no option of the agent's", precedence="last")
@for_each_tenant
def check_queue_names(tenant: Tenant, _: StackSettings, __: Grants) -> Iterator[Finding]:
    """Every name that would be read as several, or as an option."""
    for use, agent in tenant.all_agents.items():
        if found := [name for name in agent.queues if _SEVERAL.search(name)]:
            yield Finding(
                setting(tenant.name, f"{worker_key(use)}.queues"),
                f"{', '.join(map(repr, found))} may be read as several queues, as an option of the agent's or as a "
                "command; leave out , ; & | < > $ \\ quotes, and words that begin with -",
            )
