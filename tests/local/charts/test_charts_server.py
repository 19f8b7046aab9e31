"""The Server stand-in gives the apiserver the environment and the credentials that its values ask for."""

from __future__ import annotations

import pytest

from tests.local.documented_values import EVERY_SERVER_VALUE, FIRST_BLOCK
from tests.local.helm import SERVER, Object, Values, content, environment, of_kind, pod_templates, render

GROUP = "CLEARML__services__auth__default_groups__my_group_name__"
GROUPS_BLOCK = [
    {"name": f"{GROUP}id", "value": "abcd-1234-abcd-1234"},
    {"name": f"{GROUP}name", "value": "My Group Name"},
    {"name": f"{GROUP}features", "value": '["applications", "experiments", "queues", "pipelines"]'},
    {"name": f"{GROUP}assignable", "value": "false"},
    {"name": f"{GROUP}system", "value": "false"},
    {"name": "CLEARML__services__auth__default_groups__users__features", "value": "[]"},
]
CREDENTIAL = "CLEARML__secure__credentials__apiserver__"


def apiserver(values: Values) -> Object:
    return of_kind(render(SERVER, values, "clearml-enterprise", "clearml"), "Deployment")[
        "clearml-enterprise-apiserver"
    ]


@pytest.mark.parametrize("block", [FIRST_BLOCK, GROUPS_BLOCK], ids=["first block", "groups"])
def test_the_documents_variables_reach_the_apiserver_unchanged_and_last(block: list[Object]) -> None:
    entries = environment(apiserver({"apiserver": {"extraEnvs": block}}), "clearml-apiserver")
    assert entries[-len(block) :] == block


def test_the_apiserver_is_found_by_its_labels() -> None:
    labels = apiserver({})["metadata"]["labels"]
    assert labels["app.kubernetes.io/component"] == "apiserver"
    assert labels["app.kubernetes.io/part-of"] == "clearml"


def test_given_credentials_are_in_the_secret_and_the_apiserver_reads_them_from_it() -> None:
    given = {"apiserverKey": "KEY", "apiserverSecret": "a\"b'c $(X) ü"}
    objects = render(SERVER, {"clearml": given})
    secret = content(of_kind(objects, "Secret")["clearml-conf"])
    assert (secret["apiserver_key"], secret["apiserver_secret"]) == ("KEY", "a\"b'c $(X) ü")
    entries = {entry["name"]: entry for entry in environment(of_kind(objects, "Deployment")["tried-apiserver"])}
    assert entries[f"{CREDENTIAL}role"]["value"] == "system"
    for name, key in (("user_key", "apiserver_key"), ("user_secret", "apiserver_secret")):
        assert entries[CREDENTIAL + name]["valueFrom"]["secretKeyRef"] == {"name": "clearml-conf", "key": key}


def test_what_is_not_given_is_generated_so_that_the_servers_parser_reads_a_string() -> None:
    secret = content(of_kind(render(SERVER, {}), "Secret")["clearml-conf"])
    assert len(secret) == len(set(secret.values())) == 7
    for value in secret.values():
        assert len(value) == 40
        assert value.isalnum()
        assert value[0].isalpha()


def test_an_existing_secret_takes_the_place_of_the_generated_one() -> None:
    objects = render(SERVER, {"clearml": {"existingSecret": "ours"}})
    assert of_kind(objects, "Secret") == {}
    named = {
        entry["valueFrom"]["secretKeyRef"]["name"]
        for deployment in of_kind(objects, "Deployment").values()
        for entry in environment(deployment)
        if "valueFrom" in entry
    }
    assert named == {"ours"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"clearml": {"apiserverSecret": "1"}}, {"clearml": {"apiserverSecret": "2"}}),
        ({"apiserver": {"additionalConfigs": {"a": "1"}}}, {"apiserver": {"additionalConfigs": {"a": "2"}}}),
        ({}, {"apiserver": {"extraEnvs": FIRST_BLOCK}}),
    ],
    ids=["credentials", "configuration", "environment"],
)
def test_a_change_of_what_the_apiserver_reads_rolls_its_pods(before: Values, after: Values) -> None:
    assert apiserver(before)["spec"]["template"] != apiserver(after)["spec"]["template"]


def test_the_same_values_make_the_same_pods() -> None:
    assert apiserver({})["spec"]["template"] == apiserver({})["spec"]["template"]


def test_the_token_becomes_a_pull_secret_that_every_pod_uses() -> None:
    objects = render(SERVER, {"imageCredentials": {"password": "TOKEN", "extraImagePullSecrets": ["more"]}})
    assert '"password":"TOKEN"' in content(of_kind(objects, "Secret")["tried-registry"])[".dockerconfigjson"]
    for pod in pod_templates(objects):
        assert pod["spec"]["imagePullSecrets"] == [{"name": "tried-registry"}, {"name": "more"}]


def test_existing_pull_secrets_take_the_place_of_the_made_one() -> None:
    objects = render(SERVER, {"imageCredentials": {"password": "TOKEN", "existingImagePullSecrets": ["ours"]}})
    assert "tried-registry" not in of_kind(objects, "Secret")
    for pod in pod_templates(objects):
        assert pod["spec"]["imagePullSecrets"] == [{"name": "ours"}]


def test_the_three_hosts_are_reached_by_their_ingresses() -> None:
    values = {
        part: {"ingress": {"enabled": True, "hostName": f"{host}.example.com", "tlsSecretName": "tls"}}
        for part, host in (("apiserver", "api"), ("fileserver", "files"), ("webserver", "app"))
    }
    hosts = {
        name: found["spec"]["rules"][0]["host"] for name, found in of_kind(render(SERVER, values), "Ingress").items()
    }
    assert hosts == {
        "tried-apiserver": "api.example.com",
        "tried-fileserver": "files.example.com",
        "tried-webserver": "app.example.com",
    }


def test_parts_that_are_off_are_not_deployed() -> None:
    off = {"fileserver": {"enabled": False}, "clearmlApplications": {"enabled": False}}
    assert set(of_kind(render(SERVER, off), "Deployment")) == {"tried-apiserver", "tried-webserver"}


def test_per_tenant_applications_reach_the_apps_agent() -> None:
    objects = render(SERVER, {"clearmlApplications": {"queueMode": "per_tenant"}})
    entries = environment(of_kind(objects, "Deployment")["tried-apps-agent"])
    assert {"name": "CLEARML_APPS_QUEUE_MODE", "value": "per_tenant"} in entries


def test_configuration_files_and_file_mounts_are_where_the_server_looks() -> None:
    objects = render(SERVER, EVERY_SERVER_VALUE)
    assert of_kind(objects, "ConfigMap")["tried-apiserver-configmap"]["data"] == {"apiserver.conf": "auth {}\n"}
    container = of_kind(objects, "Deployment")["tried-apiserver"]["spec"]["template"]["spec"]["containers"][0]
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert {"/opt/clearml/config", "/mnt/a.json"} <= mounts
