"""Everything that a stack may say of the Server release reaches the chart under the chart's own key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest

from components import value_conflicts
from components.internal_keys import internal_keys
from components.values.agent import agent_values
from components.values.server import server_values
from settings.errors import ConfigurationError
from settings.loading.secrets import Secrets
from settings.models.server.secrets import INTERNAL_KEYS, ServerSecrets
from settings.models.stack import StackSettings
from settings.models.workers.agent import Agent
from settings.types.plain import is_plain
from tests.unit.apiserver import environment
from tests.unit.asked import STACK, STACK_FILE, load_project, project, refusal
from tests.unit.deployment import finished, inputs, run_program, start
from tests.unit.document import SECRETS, STACK_KEYS, settings

LOGIN = "CLEARML__services__login__sso__"
OFF = "supervisor: {enabled: false}"
EXTERNAL = {
    "elasticsearchConnectionString": '[{"host":"es"}]',
    "mongodbConnectionStringAuth": "mongodb://auth",
    "mongodbConnectionStringBackend": "mongodb://backend",
}


def _server(**keys: object) -> StackSettings:
    return settings(server={**STACK_KEYS["server"], **keys})  # type: ignore[dict-item]


def _values(secrets: Secrets = SECRETS, **keys: object) -> dict[str, Any]:
    return server_values(_server(**keys), secrets)


def _variables(values: dict[str, Any], part: str = "apiserver") -> dict[str, str]:
    if part == "apiserver":
        return environment(values, SECRETS)
    return {entry["name"]: entry["value"] for entry in values[part].get("extraEnvs", [])}


def _with(**server: object) -> Secrets:
    return Secrets("key", "secret", "a", "b", server=ServerSecrets(**server))  # type: ignore[arg-type]


def test_a_part_is_reached_as_its_settings_say() -> None:
    ingress = {"ingressClassName": "nginx", "tlsSecretName": "tls", "annotations": {"a.example/b": "c"}}
    part = {"host": "other.example.com", "ingress": ingress, "serviceType": "NodePort"}
    for name in ("apiserver", "webserver", "fileserver"):
        values = server_values(_server(**{name: part}), SECRETS)[name]
        assert values["ingress"] == {"enabled": True, "hostName": "other.example.com", **ingress}
        assert values["service"] == {"type": "NodePort"}


def test_agents_and_gateways_are_told_the_other_host() -> None:
    assert _server(apiserver={"host": "api.other.example"}).api_host == "api.other.example"
    assert _server(webserver={"host": "app.other.example"}).app_host == "app.other.example"
    assert _server(fileserver={"host": "files.other.example"}).files_host == "files.other.example"


def test_an_agent_is_told_of_no_fileserver_where_there_is_none() -> None:
    agent = Agent.model_validate({"queues": {"default": {}}})
    told = agent_values(agent, _server(fileserver={"enabled": False}), "name", "key", runs_applications=False)
    assert "fileServerUrlReference" not in told["agentk8sglue"]


def test_without_an_ingress_none_is_asked_for() -> None:
    assert _values(webserver={"ingress": {"enabled": False}})["webserver"]["ingress"] == {"enabled": False}


def test_parts_can_be_off() -> None:
    values = _values(fileserver={"enabled": False}, applications={"enabled": False})
    assert values["fileserver"] == {"enabled": False}
    assert values["clearmlApplications"] == {"enabled": False, "queueMode": "global"}


def test_the_supervisor_is_off_by_one_switch_and_needs_no_secrets_then(tmp_path: Path) -> None:
    values = server_values(_server(supervisor={"enabled": False}), Secrets("key", "secret"))
    assert not [name for name in _variables(values) if "supervisor" in name]
    stack = STACK.replace("supervisor: {email: supervisor@example.com}", OFF)
    without = stack.replace("  clearml-tenants:supervisorKey:\n    secure: v1:ccc\n", "").replace(
        "  clearml-tenants:supervisorSecret:\n    secure: v1:ddd\n", ""
    )
    assert "supervisorKey" not in load_project(tmp_path, {STACK_FILE: without}).secrets


def test_multi_tenant_login_is_told_to_both_parts() -> None:
    values = _values(multiTenantLogin=True)
    told = {name: value for name, value in _variables(values).items() if name.startswith(LOGIN)}
    assert told == {f"{LOGIN}tenant_login": "true", f"{LOGIN}allow_settings_providers": "false"}
    assert _variables(values, "webserver") == {"WEBSERVER__onlyPasswordLogin": "true"}
    assert not [name for name in _variables(_values()) if name.startswith(LOGIN)]
    assert not _variables(_values(), "webserver")


@pytest.mark.parametrize("seconds", [0, 7776000])
def test_the_lifetime_of_keys_is_a_number_of_seconds(seconds: int) -> None:
    name = "CLEARML__apiserver__auth__credentials__default_expiration_sec"
    assert _variables(_values(keyLifetimeSeconds=seconds))[name] == str(seconds)
    assert name not in _variables(_values())


@pytest.mark.parametrize(
    ("version", "asked", "secrets", "mongodb", "mck"),
    [
        ("10.11.6", {}, {}, None, None),
        ("10.11.7", {}, {}, {"enabled": False}, {"enabled": True, "migrated": True}),
        ("11.0.0", {}, {}, {"enabled": False}, {"enabled": True, "migrated": True}),
        (None, {}, {}, {"enabled": False}, {"enabled": True, "migrated": True}),
        ("10.11.6", {}, EXTERNAL, {"enabled": False}, None),
        ("11.0.0", {}, EXTERNAL, {"enabled": False}, {"enabled": False, "migrated": False}),
        (
            "11.0.0",
            {"enabled": True, "mckMigrated": False},
            {},
            {"enabled": True},
            {"enabled": True, "migrated": False},
        ),
        ("10.9.0", {"enabled": True}, {}, {"enabled": True}, None),
    ],
)
def test_the_bundled_mongodb_follows_from_the_charts_version(
    version: str | None, asked: dict[str, bool], secrets: dict[str, str], mongodb: object, mck: object
) -> None:
    charts = {**STACK_KEYS["charts"], "server": {"chart": "server", "version": version}}  # type: ignore[dict-item]
    stack = settings(charts=charts, server={**STACK_KEYS["server"], "mongodb": asked})  # type: ignore[dict-item]
    values = server_values(stack, _with(external=secrets))
    assert (values.get("mongodb"), values.get("mckMongodb")) == (mongodb, mck)


def test_external_services_are_told_to_the_chart() -> None:
    values = _values(_with(external=EXTERNAL), redis={"host": "redis.example.com", "port": 6380})
    assert values["externalServices"] == {**EXTERNAL, "redisHost": "redis.example.com", "redisPort": 6380}
    assert "externalServices" not in _values()


def test_database_credentials_are_where_the_chart_wants_them() -> None:
    databases = {"mongodbAuth": {"rootPassword": "x"}, "redisAuth": {"password": "y"}, "elasticsearchSecret": {"a": 1}}
    values = _values(_with(databases=databases))
    assert values["mongodb"] == {"enabled": False, "auth": {"rootPassword": "x"}}
    assert values["redis"] == {"auth": {"password": "y"}}
    assert values["elasticsearch"] == {"secret": {"a": 1}}


def test_internal_keys_are_generated_once_and_in_characters_that_survive() -> None:
    monitor = start()
    finished(run_program)
    made = monitor.of_type("random:index/randomPassword:RandomPassword")
    assert sorted(request.name for request in made) == sorted(INTERNAL_KEYS)
    assert all(inputs(request) == {"length": 40, "special": False} for request in made)
    values = inputs(monitor.one("kubernetes:helm.sh/v3:Release", "clearml-enterprise"))["values"]["clearml"]
    for name in INTERNAL_KEYS:
        assert is_plain(values[name]["secret"])


def test_a_given_internal_key_is_used_and_nothing_generated_for_it() -> None:
    monitor = start({"clearml-tenants:fileserverKey": "planted-fileserver-key"}, ["clearml-tenants:fileserverKey"])
    finished(run_program)
    made = {request.name for request in monitor.of_type("random:index/randomPassword:RandomPassword")}
    assert made == set(INTERNAL_KEYS) - {"fileserverKey"}
    values = inputs(monitor.one("kubernetes:helm.sh/v3:Release", "clearml-enterprise"))["values"]["clearml"]
    assert values["fileserverKey"] == {"secret": "planted-fileserver-key"}


def test_given_keys_of_every_name_generate_nothing() -> None:
    given = dict.fromkeys(INTERNAL_KEYS, "key")
    assert internal_keys(given, pulumi.ResourceOptions()) == given


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("testUserSecret", "planted#x", "its value (not shown) does not start with a letter, or holds something else"),
        ("secureAuthTokenSecret", "1planted", "its value (not shown) does not start with a letter"),
        ("mongodbConnectionStringAuth", "planted\n", "its value (not shown) is empty, or holds a control character"),
        ("mongodbAuth", "planted", "its value (not shown) is not a JSON object with something in it"),
        ("redisAuth", '["planted"]', "its value (not shown) is not a JSON object with something in it"),
        ("elasticsearchSecret", "{}", "its value (not shown) is not a JSON object with something in it"),
    ],
)
def test_a_secret_that_the_server_would_misread_stops_the_program(key: str, value: str, said: str) -> None:
    monitor = start({f"clearml-tenants:{key}": value}, [f"clearml-tenants:{key}"])
    with pytest.raises(pulumi.RunError) as refused:
        run_program()
    line = str(refused.value)
    assert line.startswith(f"config/Pulumi.local.yaml: clearml-tenants:{key}: {said}")
    assert line.endswith(f"; set another with: pulumi config set --stack local --secret {key}")
    assert "planted" not in line
    assert monitor.registered == []


def test_a_secret_given_to_the_stack_is_not_set_twice_through_free_values(tmp_path: Path) -> None:
    free = "      extraValues: {mongodb: {auth: {password: ''}}, imageCredentials: {password: ''}}\n"
    secret = "  clearml-tenants:mongodbAuth:\n    secure: v1:eee\n"
    plain: dict[str, str | bytes] = {STACK_FILE: f"{STACK}{free}"}
    value_conflicts.load(project(tmp_path, plain), "test")
    both: dict[str, str | bytes] = {
        STACK_FILE: f"{STACK}{free}".replace("  clearml-tenants:stack:", f"{secret}  clearml-tenants:stack:")
    }
    with pytest.raises(ConfigurationError) as refused:
        value_conflicts.load(project(tmp_path, both), "test")
    (fault,) = refused.value.findings
    assert fault.where.key == "clearml-tenants:stack.server.extraValues.mongodb.auth"


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (
            "supervisor: {company: d1bd92a3b039400cbafc60a7a5b1e52b}",
            "supervisor: needs an email; write it like email: supervisor@example.com, or enabled: false beside it",
        ),
        ("serviceType: x", "serviceType: is not a key here; known: apiAudit, apiserver, applications, "),
        ("webserver: {ingress: {className: x}}", "webserver.ingress.className: is not a key here; did you mean ing"),
        ("webserver: {serviceType: External}", "webserver.serviceType: must be 'ClusterIP', 'NodePort' or 'LoadBal"),
        ("fileserver: {enabled: 'no'}", "fileserver.enabled: must be true or false, not a text ('no'); write it like "),
        (
            "fileserver: {extraEnvs: []}",
            "fileserver.extraEnvs: is not a key here; known: enabled, externalUrl, ",
        ),
        ("apiserver: {host: 'http://x'}", "apiserver.host: 'http://x' is not a domain; write it like example.com"),
        ("keyLifetimeSeconds: -1", "keyLifetimeSeconds: must be greater than or equal to 0"),
        ("mongodb: {migrated: true}", "mongodb.migrated: is not a key here; did you mean mckMigrated?"),
        ("redis: {port: 6379}", "redis.host: is missing; write it like host: redis.example.com"),
        ("extraValues: []", "extraValues: must be a mapping, not a list; write it like extraValues: {apiserver: "),
    ],
)
def test_a_mistake_about_the_server_is_one_line(tmp_path: Path, keys: str, line: str) -> None:
    old = "supervisor: {email: supervisor@example.com}"
    stack = STACK.replace(old, keys if keys.startswith("supervisor") else f"{old}\n      {keys}")
    said = refusal(tmp_path, {STACK_FILE: stack})
    assert said.startswith(f"{STACK_FILE}: clearml-tenants:stack.server.{line}")
    assert "\n" not in said


@pytest.mark.parametrize("key", [*INTERNAL_KEYS, *EXTERNAL, "mongodbAuth", "redisAuth", "elasticsearchSecret"])
def test_every_secret_of_the_server_has_to_be_encrypted(tmp_path: Path, key: str) -> None:
    stack = STACK.replace("  clearml-tenants:stack:", f"  clearml-tenants:{key}: hunter2\n  clearml-tenants:stack:")
    line = (
        f"clearml-tenants:{key}: is a secret in plain text; set it with: pulumi config set --stack test --secret {key}"
    )
    assert refusal(tmp_path, {STACK_FILE: stack}) == f"{STACK_FILE}: {line}"
