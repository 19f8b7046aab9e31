"""A message says what is wrong, and nothing that is not so."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.clearml.company.resource import CompanyProvider
from components.value_conflicts import load
from settings.errors import ConfigurationError
from settings.finding import Finding, Where
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, project, refusal


@pytest.mark.parametrize("name", ["'Acme Inc. '", "' Acme'", '"Acme\\t"', "'  Acme  '"])
def test_a_space_around_a_name_is_called_so(tmp_path: Path, name: str) -> None:
    said = refusal(tmp_path, {ACME: TENANT.replace("company: Acme Inc.", f"company: {name}")})
    assert "it starts or ends with a space; write it like Acme Inc." in said
    assert "at least 3" not in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ('"Acme\\nInc."', "it holds a line break; write it like Acme Inc."),
        ('"Acme\\tInc."', "it holds a tab"),
        ('"Acme\\_Inc."', "it holds a space of another kind, U+00A0"),
        ('"Acme\\u200bInc."', "it holds an invisible character, U+200B"),
        ("|\n  Acme Inc.", "it starts or ends with a line break (in YAML, `>-` and `|-` leave that out)"),
        ("|-\n  Acme\n  Inc.", "it holds a line break"),
    ],
)
def test_what_nobody_sees_in_a_name_is_called_by_its_name(tmp_path: Path, name: str, said: str) -> None:
    line = refusal(tmp_path, {ACME: TENANT.replace("company: Acme Inc.", f"company: {name}")})
    assert said in line
    assert "at least 3" not in line
    assert "\n" not in line


@pytest.mark.parametrize("name", ["Ac", "''", "'  '"])
def test_a_short_name_is_called_short(tmp_path: Path, name: str) -> None:
    said = refusal(tmp_path, {ACME: TENANT.replace("company: Acme Inc.", f"company: {name}")})
    assert "at least 3 printable characters" in said


def test_a_person_s_and_a_group_s_name_too(tmp_path: Path) -> None:
    said = refusal(tmp_path / "a", {ACME: TENANT.replace("name: Acme Admin", "name: 'Ann '")})
    assert "'Ann ' is not a person's name: it starts or ends with a space" in said
    stack = STACK + "    groups: {data: {name: ' Data', features: []}}\n"
    assert "is not a group's name: it starts or ends" in refusal(tmp_path / "b", {STACK_FILE: stack})


def test_the_preview_says_it_too() -> None:
    (fault,) = CompanyProvider().validate({}, {"name": "Acme "}).values()
    assert fault == "'Acme ' starts or ends with a space: take that away"


GRANTED = STACK + "    tenantRules: {tenants: {acme: {chartValues: [clearml]}}}\n"


def _clash(folder: Path, edit: tuple[str, str]) -> str:
    with pytest.raises(ConfigurationError) as error:
        load(project(folder, {STACK_FILE: GRANTED, ACME: TENANT.replace(*edit)}), "test")
    return str(error.value)


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("agentk8sglue: {apiServerUrlReference: 'http://api:8008'}", "serverUrls: {api: …}"),
        ("agentk8sglue: {webServerUrlReference: 'http://web'}", "serverUrls: {app: …}"),
        ("agentk8sglue: {fileServerUrlReference: 's3://x'}", "serverUrls: {files: …}"),
        ("agentk8sglue: {serviceAccountClusterAccess: true}", "write clusterAccess: true in the agent"),
        ("clearml: {existingAgentk8sglueSecret: mine}", "makes the tenant's own key"),
        ("agentk8sglue: {createQueues: false}", "from its own settings; change the agent's own key of that name"),
    ],
)
def test_change_those_is_said_where_there_is_something_to_change(tmp_path: Path, key: str, word: str) -> None:
    said = _clash(tmp_path, ("agent:\n", f"agent:\n  extraValues: {{{key}}}\n"))
    assert word in said
    assert said.count("\n") == 0


def test_of_a_gateway_s_key_too(tmp_path: Path) -> None:
    said = _clash(tmp_path, ("gateway: {", "gateway: {extraValues: {clearml: {apiKey: x}}, "))
    assert "gateway.extraValues.clearml.apiKey: is set by this program, which makes the tenant's own key" in said


def test_a_line_is_said_once() -> None:
    fault = Finding(Where("f.yaml", "acme", "key"), "is wrong; mend it")
    assert str(ConfigurationError([fault, fault])) == str(fault)


@pytest.mark.parametrize("url", ["https://user:pw@api.example.com", "https://user:p%40w@api.example.com", "u:pw@api"])
def test_an_address_is_shown_without_its_login(tmp_path: Path, url: str) -> None:
    said = refusal(tmp_path, {STACK_FILE: STACK.replace("https://api.clearml.example.com", url)})
    assert "apiUrl" in said
    assert "pw" not in said
    assert "p%40w" not in said


def test_a_file_server_that_is_turned_off_beside_its_setting_is_told(tmp_path: Path) -> None:
    stack = STACK.replace("    server:\n", "    server:\n      extraValues: {fileserver: {enabled: off}}\n")
    assert "agents would still be sent there" in refusal(tmp_path, {STACK_FILE: stack})


GPU = "workers: {kubeContext: gpu}\n"
ADDRESS = "isolation: {network: {allow: [{cidr: 10.1.2.3/32, ports: [443]}]}}\n"
FACTS = "cluster: {pods: [10.244.0.0/16], services: [10.96.0.0/12], nodes: [192.168.7.0/24]}"


@pytest.mark.parametrize(
    ("told", "tenant", "key"),
    [
        ("", ADDRESS, "isolation.network"),
        ("", GPU + ADDRESS, "isolation.elsewhere.context/gpu"),
        (f"network: {{{FACTS}}}", GPU + ADDRESS, "isolation.elsewhere.context/gpu"),
        (f"elsewhere: {{context/gpu: {{{FACTS}}}}}", GPU + ADDRESS, "isolation.network"),
        (f"network: {{{FACTS}}}, elsewhere: {{context/gpu: {{}}}}", ADDRESS, "isolation.elsewhere.context/gpu"),
    ],
)
def test_the_facts_of_the_right_cluster_are_asked_for(tmp_path: Path, told: str, tenant: str, key: str) -> None:
    """The one whose facts are not told: not always the server's."""
    stack = f"{STACK}    tenantRules: {{contexts: [gpu], addresses: [10.1.2.3/32]}}\n    isolation: {{{told}}}\n"
    said = refusal(tmp_path, {STACK_FILE: stack, ACME: TENANT + tenant})
    assert f"set the stack's {key} like {{cluster: " in said


def test_an_address_of_another_version_names_the_cluster_s_own_facts(tmp_path: Path) -> None:
    facts = f"isolation: {{network: {{{FACTS}}}, elsewhere: {{context/gpu: {{{FACTS}}}}}}}"
    stack = f"{STACK}    tenantRules: {{contexts: [gpu]}}\n    {facts}\n"
    tenant = f"{TENANT}{GPU}{ADDRESS.replace('10.1.2.3/32', chr(39) + '2001:db8::/32' + chr(39))}"
    said = refusal(tmp_path, {STACK_FILE: stack, ACME: tenant})
    assert "the stack's isolation.elsewhere.context/gpu.cluster.pods has none of" in said


@pytest.mark.parametrize("name", ["True Blue Ltd", "Falsework AG", "TRUE-North", "false.io GmbH", "Null Industries"])
def test_a_name_that_begins_with_a_word_of_yaml_is_a_text(tmp_path: Path, name: str) -> None:
    tenants = load(project(tmp_path, {ACME: TENANT.replace("Acme Inc.", name)}), "test").tenants
    assert tenants[0].company == name


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "agent:\n",
            "agent:\n  agentk8sglue: {debugMode: true}\n",
            "a value of the chart goes into extraValues: {agentk8sglue: …}",
        ),
        ("agent:\n", "agent:\n  debugMode: true\n", "goes into extraValues: {agentk8sglue: {debugMode: …}}"),
        ("agent:\n", "agent:\n  imageCredentials: {}\n", "goes into extraValues: {imageCredentials: …}"),
        (
            "agent:\n",
            "agent:\n  resources: {limits: {cpu: 1}}\n",
            "basePodTemplate: {resources: …}, for the agent's own pod extraValues: {agentk8sglue: {resources: …}}",
        ),
        ("agent:\n", "agent:\n  nodeSelector: {a: b}\n", "for pods of tasks write basePodTemplate: {nodeSelector: …}"),
        ("gateway: {", "gateway: {replicaCount: 2, ", "a value of the chart goes into extraValues: {replicaCount: …}"),
        (
            "gateway: {",
            "gateway: {nodeSelector: {a: b}, ",
            "gateway.nodeSelector: is not a key here; a value of the chart goes into extraValues: {nodeSelector: …}",
        ),
        ("agent:\n", "agent:\n  queue: default\n", "did you mean queues?"),
    ],
)
def test_a_chart_s_value_one_level_off_is_told_where_it_goes(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refusal(tmp_path, {ACME: TENANT.replace(old, new)})


@pytest.mark.parametrize(
    ("stack", "tenant"),
    [
        ("identityProviders: {google: {clientId: a, realm: b}}", ""),
        ("supervisor: {email: a@example.com, locale: b}", ""),
        ("", "ingress: {enabled: false}, "),
    ],
)
def test_what_the_chart_has_no_such_part_for_is_not_sent_there(tmp_path: Path, stack: str, tenant: str) -> None:
    text = STACK.replace("    server:\n", f"    server:\n      {stack}\n") if "identity" in stack else STACK
    text = text.replace("supervisor: {email: supervisor@example.com}", stack) if "supervisor:" in stack else text
    said = refusal(tmp_path, {STACK_FILE: text, ACME: TENANT.replace("gateway: {", f"gateway: {{{tenant}")})
    assert "is not a key here; known: " in said
    assert "extraValues: {" not in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fileserver: {storage: {data: {size: 1Ti}}}", "goes into extraValues: {fileserver: {storage: …}}"),
        ("webserver: {replicaCount: 2}", "goes into extraValues: {webserver: {replicaCount: …}}"),
        (
            "webserver: {tolerations: []}",
            "is not a key here; a value of the chart goes into extraValues: {webserver: {tolerations: …}}",
        ),
        ("elasticsearch: {replicas: 3}", "goes into extraValues: {elasticsearch: …}"),
        ("webserver: {ingress: {path: /}}", "goes into extraValues: {webserver: {ingress: {path: …}}}"),
    ],
)
def test_so_is_one_of_the_server(tmp_path: Path, line: str, said: str) -> None:
    stack = STACK.replace("    server:\n", f"    server:\n      {line}\n")
    assert said in refusal(tmp_path, {STACK_FILE: stack})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("{agentk8sglue: {queue: training}}", "take it out, and write queues: {training: {}}"),
        ("{agentk8sglue: {createQueueIfNotExists: true}}", "take it out, and write createQueues: true"),
        ("{clearml: {existingAgentk8sglueSecret: mine, agentk8sglueKey: x}}", "makes the tenant's own key"),
    ],
)
def test_no_way_is_proposed_that_leads_to_another_refusal(tmp_path: Path, values: str, said: str) -> None:
    tenant = TENANT.replace("agent:\n", f"agent:\n  extraValues: {values}\n")
    with pytest.raises(ConfigurationError) as error:
        load(project(tmp_path, {ACME: tenant}), "test")
    assert said in str(error.value)
    assert "chartValues" not in str(error.value)


def test_every_queue_that_may_be_read_as_several_is_told_at_once(tmp_path: Path) -> None:
    tenant = TENANT.replace("queues: {default: {}}", "queues: {default: {}, R&D: {}, 'gpu, cpu': {}}")
    said = refusal(tmp_path, {ACME: tenant})
    assert "agent.queues: 'R&D', 'gpu, cpu' may be read as several queues, as an option of the agent's" in said
