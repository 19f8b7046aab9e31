"""What the public charts make of their values, the stand-ins make of them too."""

from __future__ import annotations

import pytest
from pyhocon import ConfigFactory

from tests.local.helm import AGENT, SERVER, Values, content, environment, of_kind, pod_templates, render

_DEPLOYMENT = "tried"


def _agent_variables(values: Values) -> dict[str, str | None]:
    deployment = of_kind(render(AGENT, values), "Deployment")[_DEPLOYMENT]
    return {entry["name"]: entry.get("value") for entry in environment(deployment)}


def test_an_agent_that_does_not_check_certificates_is_told_so() -> None:
    name = "CLEARML_API_HOST_VERIFY_CERT"
    assert _agent_variables({"agentk8sglue": {"clearmlcheckCertificate": False}})[name] == "false"
    assert name not in _agent_variables({"agentk8sglue": {"clearmlcheckCertificate": True}})


def test_an_agent_reads_its_clearml_conf_from_a_secret() -> None:
    objects = render(AGENT, {"clearml": {"clearmlConfig": "sdk {}"}})
    assert of_kind(objects, "Secret")["tried-conf"]["stringData"] == {"clearml.conf": "sdk {}"}
    (template,) = pod_templates(objects)
    assert {"name": "clearml-conf", "secret": {"secretName": "tried-conf"}} in template["spec"]["volumes"]


def test_an_agent_runs_as_an_account_that_exists() -> None:
    objects = render(AGENT, {"agentk8sglue": {"serviceExistingAccountName": "own"}})
    assert of_kind(objects, "ServiceAccount") == {}
    assert [template["spec"]["serviceAccountName"] for template in pod_templates(objects)] == ["own"]
    (binding,) = of_kind(objects, "RoleBinding").values()
    assert [each["name"] for each in binding["subjects"]] == ["own"]


def test_rights_in_the_whole_cluster_are_bound_in_the_whole_cluster() -> None:
    objects = render(AGENT, {"agentk8sglue": {"additionalClusterRoleBindings": ["nodes"]}})
    (binding,) = of_kind(objects, "ClusterRoleBinding").values()
    assert binding["roleRef"]["name"] == "nodes"


@pytest.mark.parametrize(
    "values",
    [
        {"apiserver": {"processes": {"count": 2}}},
        {"fileserver": {"storage": {"data": {"size": "1Ti"}}}},
        {"webserver": {"blockUserScript": True}},
        {"webserver": {"additionalConfigs": {"configuration.json": "{}"}}},
        {"fileserver": {"extraEnvs": [{"name": "A", "value": "1"}]}},
        {"apiserver": {"initContainers": {"resources": {"limits": {"cpu": "1"}}}}},
    ],
)
def test_what_a_part_is_made_of_restarts_that_part_alone(values: Values) -> None:
    (part,) = values
    before, after = (of_kind(render(SERVER, given), "Deployment") for given in ({}, values))
    changed = [name for name in before if before[name]["spec"]["template"] != after[name]["spec"]["template"]]
    assert changed == [f"tried-{part}"]


def test_a_secret_that_exists_pulls_images() -> None:
    for chart in (SERVER, AGENT):
        for template in pod_templates(render(chart, {"imageCredentials": {"existingSecret": "pull"}})):
            assert template["spec"]["imagePullSecrets"] == [{"name": "pull"}]


def test_a_login_goes_to_the_registry_that_is_named() -> None:
    login = {"password": "token", "registry": "registry.example.com", "username": "robot"}
    found = content(of_kind(render(AGENT, {"imageCredentials": login}), "Secret")["tried-registry"])
    assert '"registry.example.com"' in found[".dockerconfigjson"]
    assert '"robot"' in found[".dockerconfigjson"]


@pytest.mark.parametrize("string", ["mongodb://mongo:27017/auth", '"mongodb://user:word@mongo:27017/auth"'])
def test_where_mongodb_is_stands_in_the_variable_as_it_was_given(string: str) -> None:
    """The public chart puts no quotes around it: with an `@` it needs its own."""
    given = {"externalServices": {"mongodbConnectionStringAuth": string}, "mckMongodb": {"migrated": False}}
    deployment = of_kind(render(SERVER, given), "Deployment")["tried-apiserver"]
    values = {entry["name"]: entry.get("value") for entry in environment(deployment)}
    value = values["CLEARML__hosts__mongo__auth__host"]
    assert value == string
    assert ConfigFactory.parse_string(f"a: {value}")["a"] == string.strip('"')


@pytest.mark.parametrize(
    ("key", "own", "variable"),
    [
        ("elasticsearchConnectionString", "elasticsearch", "CLEARML__hosts__elastic__events__hosts"),
        ("mongodbConnectionStringBackend", "mckMongodb", "CLEARML__hosts__mongo__backend__host"),
        ("redisHost", "redis", "CLEARML_REDIS_SERVICE_HOST"),
        ("redisHost", "dragonfly", "CLEARML_REDIS_SERVICE_HOST"),
    ],
)
def test_a_database_elsewhere_is_read_of_only_where_the_chart_s_own_is_off(key: str, own: str, variable: str) -> None:
    given = {"externalServices": {key: "somewhere"}}
    switch = "migrated" if own == "mckMongodb" else "enabled"
    for values, told in ((given, False), ({**given, own: {switch: False}}, True)):
        deployment = of_kind(render(SERVER, values), "Deployment")["tried-apiserver"]
        assert (variable in {entry["name"] for entry in environment(deployment)}) == told
