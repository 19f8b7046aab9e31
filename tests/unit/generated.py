"""Stacks and tenants by chance, valid as the files' are, and their environment as the server's process gets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from components.values.provisioned_inputs import ProvisionedInputs
from components.values.server import server_values
from local.emulator.companies.feature_names import DOCUMENTED
from settings.loading.secrets import Secrets
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from tests.unit.apiserver import environment
from tests.unit.document import STACK_KEYS

GROUP_ID = "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10"
# What a person may write as a secret or a name: every printable character there is.
PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1)
NAMES = PRINTABLE.filter(lambda text: text == text.strip() and text.isprintable())
FEATURE_LISTS = st.lists(st.sampled_from(DOCUMENTED), unique=True, max_size=8)
LOCAL_PARTS = st.text("abcXYZ019!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=30)
KEYS = st.from_regex(r"[a-z0-9]{1,6}(_[a-z0-9]{1,6}){0,2}", fullmatch=True).filter(
    lambda key: key not in {"users", "admins", "queue_admins"}
)


def _cross_tenant() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"name": NAMES, "features": FEATURE_LISTS, "assignable": st.booleans(), "id": st.uuids().map(str)}
    )


def _groups(most: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    lists = st.fixed_dictionaries({"features": FEATURE_LISTS})
    built_in = st.fixed_dictionaries({}, optional={"users": lists, "admins": lists, "queue_admins": lists})
    others = st.dictionaries(KEYS, _cross_tenant(), max_size=most)
    return st.tuples(built_in, others).map(lambda both: {**both[1], **both[0]})


def stacks() -> st.SearchStrategy[StackSettings]:
    """Stacks that differ in all that their apiserver's environment says."""
    server = st.fixed_dictionaries(
        {
            "cookieName": st.just("clearml_token_basic"),
            "uniqueNames": st.booleans(),
            "multiTenantLogin": st.booleans(),
            "keyLifetimeSeconds": st.none() | st.integers(0, 10**9),
            "supervisor": st.fixed_dictionaries(
                {
                    "email": LOCAL_PARTS.map(lambda local: f"{local}@example.com"),
                    "company": st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
                    "groups": st.lists(NAMES, max_size=3),
                }
            ),
        }
    )
    changes = st.fixed_dictionaries(
        {
            "server": server,
            "groups": _groups(),
            "features": st.dictionaries(st.sampled_from(DOCUMENTED), st.booleans(), max_size=6),
            "uiFeaturesPerRole": st.dictionaries(
                st.sampled_from(["user", "admin"]),
                st.dictionaries(st.sampled_from(DOCUMENTED), st.booleans(), max_size=3),
                max_size=2,
            ),
        }
    )
    return changes.map(_stack)


def small_stacks() -> st.SearchStrategy[StackSettings]:
    """Stacks that say nothing but who may see what, in few variables: pyhocon takes 10 ms for each."""
    features = st.dictionaries(st.sampled_from(DOCUMENTED), st.booleans(), max_size=3)
    return st.fixed_dictionaries({"groups": _groups(1), "features": features}).map(small_stack)


def small_stack(changes: Mapping[str, Any]) -> StackSettings:
    """The least with `changes`: without a supervisor, and with nothing hidden from a role."""
    server = {"cookieName": "clearml_token_basic", "supervisor": {"enabled": False}}
    return _stack({"server": server, "uiFeaturesPerRole": {}, **changes})


def tenants() -> st.SearchStrategy[Tenant]:
    """Tenants that differ in what features they have."""
    return st.builds(tenant_of, FEATURE_LISTS, FEATURE_LISTS)


def tenant_of(features: Sequence[str], exclude_features: Sequence[str]) -> Tenant:
    """A tenant with these; that some may be in both lists is for checks to refuse, and clear to the server."""
    who = {"name": "acme", "company": "Acme Inc.", "admin": {"name": "Ada", "email": "ada@acme.example"}}
    return Tenant.model_validate({**who, "features": features, "exclude_features": exclude_features})


def deployed_environment(stack: StackSettings, secrets: Secrets) -> Mapping[str, str]:
    """What the values say of the apiserver's environment, after Kubernetes' own reading of it."""
    ids = {key: group.id or GROUP_ID for key, group in stack.groups.cross_tenant()}
    values = server_values(stack, secrets, ProvisionedInputs(group_ids=ids))
    return environment(values, secrets)


def _stack(changes: Mapping[str, Any]) -> StackSettings:
    return StackSettings.model_validate({**STACK_KEYS, **changes}, by_alias=True, by_name=False)
