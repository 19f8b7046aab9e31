"""The server that the deployed values start has the features in effect that `settings.features.effective` says.

Over generated stacks and tenants: 500 in this process, through the emulator's own reading of its environment and its
rules; some more over HTTP, on an emulator started with the environment that helm renders for the apiserver.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from components.values.provisioned_inputs import ProvisionedInputs
from components.values.server import server_values
from local.emulator.companies.feature_names import DOCUMENTED
from local.emulator.companies.features import effective_features, groups_of
from local.emulator.configuration.assumptions import Assumptions
from local.emulator.configuration.effective import read_configuration
from local.kubelet.environment import Reference, resolve
from settings.features.effective import ADMINS, effective, layers_of
from settings.loading.secrets import Secrets
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from tests.emulator import ENVIRONMENT, Emulator, start_emulator
from tests.local.helm import SERVER, content, of_kind, render
from tests.local.tenants import new_tenant
from tests.unit.generated import deployed_environment, small_stack, small_stacks, tenant_of, tenants

SECRETS = Secrets("server-key", "server-secret")
ASSUMPTIONS = Assumptions()
OVER_HTTP = 8


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(small_stacks(), st.lists(tenants(), min_size=1, max_size=3))
def test_it_agrees_for_every_tenant_and_group(stack: StackSettings, asked: list[Tenant]) -> None:
    configuration = read_configuration(deployed_environment(stack, SECRETS))
    assert configuration.complaints == ()
    assert {key for key, _ in stack.groups.items()} <= set(configuration.groups)
    for tenant in asked:
        ours = effective(layers_of(stack, tenant))
        given_to_the_api = {"features": tenant.features, "exclude_features": tenant.exclude_features}
        for key in configuration.groups:
            in_group = groups_of("user", [key], ASSUMPTIONS)
            theirs = effective_features(configuration, given_to_the_api, "user", in_group, ASSUMPTIONS)
            assert theirs == sorted(ours.of_user([key])), key
        admins = groups_of("admin", None, ASSUMPTIONS)
        theirs = effective_features(configuration, given_to_the_api, "admin", admins, ASSUMPTIONS)
        assert theirs == sorted(ours.of_user([ADMINS]))


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Emulator]:
    running = start_emulator(tmp_path)
    yield running
    running.stop()


def _by_chance(chance: random.Random) -> tuple[StackSettings, list[Tenant]]:
    """A stack and two tenants; drawn plainly, since an emulator has to start for each."""

    def some() -> list[str]:
        return chance.sample(DOCUMENTED, chance.randint(0, 8))

    groups: dict[str, Any] = {
        key: {"features": some()} for key in ("users", "admins", "queue_admins") if chance.random() < 0.6
    }
    for number in range(chance.randint(0, 2)):
        identifier = f"{chance.getrandbits(32):08x}-0b7d-4a52-9c68-2f4f3b8f1d10"
        groups[f"group_{number}"] = {"id": identifier, "name": f'Group #{number} "é" $(X)', "features": some()}
    stack = {"groups": groups, "features": {name: chance.random() < 0.7 for name in some()}}
    return small_stack(stack), [tenant_of(some(), some()) for _ in range(2)]


def _rendered(stack: StackSettings) -> Mapping[str, str]:
    """The apiserver's environment as its pod gets it from what helm makes of the deployed values."""
    ids = {key: group.id or "" for key, group in stack.groups.cross_tenant()}
    objects = render(SERVER, server_values(stack, SECRETS, ProvisionedInputs(group_ids=ids)))
    (container,) = of_kind(objects, "Deployment")["tried-apiserver"]["spec"]["template"]["spec"]["containers"]
    secrets = {Reference("Secret", name): content(found) for name, found in of_kind(objects, "Secret").items()}
    return resolve(container, secrets).variables


def test_it_agrees_over_http_on_the_environment_that_helm_renders(api: Emulator) -> None:
    chance, before = random.Random(20261125), set(ENVIRONMENT)  # noqa: S311 - the same ones every time
    api.key, api.secret = "server-key", "server-secret"
    for _ in range(OVER_HTTP):
        stack, asked = _by_chance(chance)
        environment = _rendered(stack)
        api.restart({**dict.fromkeys(before), **environment})
        before = set(environment)
        for tenant in asked:
            _agrees(api, stack, tenant)


def _agrees(api: Emulator, stack: StackSettings, asked: Tenant) -> None:
    made, ours = new_tenant(api), effective(layers_of(stack, asked))
    body = {"features": list(asked.features), "exclude_features": list(asked.exclude_features)}
    api.data_of("system.update_company_settings", {"company": made.company, **body})
    assert made.features() == sorted(ours.of_user([ADMINS]))
    user = made.add_user()
    for key in {"users", "admins", "queue_admins", *(key for key, _ in stack.groups.cross_tenant())}:
        api.set_groups(user, [key])
        seen = {"get_supported_features": True}
        headers = {"X-Clearml-Impersonate-As": user}
        data = api.data_of("users.get_current_user", seen, headers=headers)
        assert data["supported_features"] == sorted(ours.of_user([key])), key
