"""Installations of many kinds, as people make them: each one's files check without a hand's edit, and lose no value."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.operations.adoption.installation import agent_values, make_tenant
from tests.operations.adoption.site import Site
from tests.operations.adoption.strange.varied import (
    AGENT,
    DOMAIN,
    INSTALLATIONS,
    Make,
    external_databases,
    install_server,
    other_hosts,
    own_images,
    plain_users,
    renamed_chart,
    two_stacks,
    values_by_set,
)

# Keys and addresses by which workers sign in, which settings say once; and switches that are as the settings have them.
_SET_BY_THIS_PROGRAM = frozenset(
    {
        *("agentk8sglueKey", "agentk8sglueSecret", "apiKey", "apiSecret", "apiServerUrlReference", "authCookieName"),
        *(
            "fileServerUrlReference",
            "webServerUrlReference",
            "createQueues",
            "enabled",
            "password",
            "rootPassword",
            "migrated",
        ),
    }
)


@pytest.mark.parametrize("make", INSTALLATIONS, ids=lambda each: each.__name__)
def test_what_is_written_checks_and_loses_no_value(site: Site, make: Make) -> None:
    make(site)
    site.run()
    for refused in ("cannot be left out", "no file is written for this tenant"):
        assert refused not in site.report
    environment = site.load()
    assert environment.tenants or make is external_databases
    told = "\n".join(site.texts().values())
    silent = [f"{path}: {value}" for path, value in _values(site) if path not in told and value not in told]
    assert silent == []


def _values(site: Site) -> Iterator[tuple[str, str]]:
    """The last key and the value of each that a release's newest revision has, but for what this program sets."""
    newest = {each["metadata"]["labels"]["name"] + each["metadata"]["namespace"]: each for each in site.lists.secrets}
    for each in newest.values():
        record = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(each["data"]["release"]))))
        yield from _leaves(record["config"])


def _leaves(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value)
        elif isinstance(value, list):
            variables = [each for each in value if isinstance(each, Mapping) and "value" in each]
            # The guide's own become settings: tests/operations/adoption/test_adopt.py.
            own = [each for each in variables if not each["name"].startswith("CLEARML__")]
            yield from ((each["name"], each["value"]) for each in own)
        elif value not in (None, "", f"app.{DOMAIN}") and key not in _SET_BY_THIS_PROGRAM:
            yield key, str(value)


def test_what_only_the_stacks_file_can_let_is_written_there_for_a_person_to_decide(site: Site) -> None:
    """Without it, workers of a tenant would go to other addresses than they do, or from images of another place."""
    other_hosts(site)
    site.run()
    hosts = ["clearml-api.corp.internal:8443", "clearml.corp.internal"]
    assert site.settings["tenantRules"]["tenants"]["acme"]["serverHosts"] == hosts
    assert site.file("acme")["serverUrls"]["api"] == "https://clearml-api.corp.internal:8443"
    decided = site.report.partition("## What a person decides")[2].partition("## ")[0]
    assert "| acme | serverUrls.api | stays as it runs, by tenants: {acme: {serverHosts: " in decided


def test_images_of_another_registry_stay(site: Site) -> None:
    own_images(site)
    site.run()
    assert "reg.corp.internal/ml" in site.settings["registries"]
    assert site.settings["server"]["extraValues"]["apiserver"]["image"]["repository"] == "ml/server"
    granted = site.settings["tenantRules"]["tenants"]["acme"]
    assert granted["tolerations"] == ["node-role.kubernetes.io/gpu"]
    assert "serviceAccountAnnotations" not in str(site.settings), "rights are a person's to give"
    assert "agent.extraValues.agentk8sglue.serviceAccountAnnotations | names roles" in site.report


def test_a_switch_that_is_a_text_stays_on(site: Site) -> None:
    values_by_set(site)
    site.run()
    assert "ingress" not in site.settings["server"]["apiserver"] or site.settings["server"]["apiserver"]["ingress"] == {
        "ingressClassName": "nginx"
    }
    assert site.settings["server"]["usageAggregator"] == {"enabled": True}
    assert site.file("acme")["agent"]["useOwnerToken"] is True
    assert site.file("acme")["agent"]["queues"] == {"default": {}}


def test_a_chart_of_another_name_is_known_by_its_values(site: Site) -> None:
    renamed_chart(site)
    site.run()
    assert site.file("acme")["agent"]["queues"] == {"default": {"queueSettings": {"maxPods": 10}}}
    assert site.file("acme")["gateway"]["hostName"] == f"r.{DOMAIN}"
    assert site.settings["charts"]["agent"]["chart"].endswith("/corp-clearml-agent")
    assert {"acme/acme-agent", "acme/acme-gateway"} <= set(site.settings["takeOver"])


def test_a_release_whose_name_no_file_can_say_is_not_said_to_be_taken_over(site: Site) -> None:
    two_stacks(site)
    site.run()
    assert "beta" not in site.settings["takeOver"]
    assert (
        "release beta/odd.name-of-2020 (clearml-enterprise-agent 6.14.6, deployed) stays, and beta/beta-agent is "
        in (site.report)
    )


def test_keys_of_plain_users_are_listed(site: Site) -> None:
    plain_users(site)
    site.run()
    assert "of only@acme.example: of a laptop, never used; a plain user's own, and it stays" in site.report


def test_a_new_file_begins_after_the_generation_that_the_server_has(site: Site) -> None:
    """The files were lost with the state; the key of before works until the new one is in use."""
    install_server(site)
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    acting = {"X-Clearml-Impersonate-As": made.admin}
    for label in ("prod/acme/agent/3", "prod/acme/agent/1", "staging/acme/agent/9"):
        site.emulator.data_of("auth.create_credentials", {"label": label}, headers=acting)
    site.lists.install("acme", "acme-agent", AGENT, agent_values(made))
    site.run()
    assert site.file("acme")["agent"]["keyGeneration"] == 4
    assert "| acme | agent.keyGeneration | is 4, for the server has a key of this stack's" in site.report
