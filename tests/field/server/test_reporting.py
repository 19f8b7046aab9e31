"""Issue 16.15: the switches of the server's chart for API audit and metering; raw variables that say the same clash.

Each key under `server` that is used here was unknown before, and `extraEnvs` was the only way.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.value_conflicts import load
from components.values.server import server_values
from settings.models.server.secrets import ServerSecrets
from tests.unit.apiserver import environment
from tests.unit.asked import STACK_FILE, WITH_ADDRESSES, project, refusal
from tests.unit.document import SECRETS, STACK_KEYS, settings

_AUDIT = "CLEARML__apiserver__"


def _values(**server: Any) -> dict[str, Any]:
    own: Any = STACK_KEYS["server"]
    return server_values(settings(server={**own, **server}), SECRETS)


def _audit(values: dict[str, Any]) -> dict[str, str]:
    return {
        name.removeprefix(_AUDIT): value
        for name, value in environment(values, SECRETS).items()
        if name.startswith((f"{_AUDIT}apilog", f"{_AUDIT}log_calls", f"{_AUDIT}endpoints"))
    }


@pytest.mark.parametrize(
    ("audit", "switch", "variables"),
    [
        ({}, None, {}),
        ({"enabled": True}, True, {}),
        ({"enabled": True, "redactIdentity": True}, True, {"apilog__redact_identity": "true"}),
        ({"enabled": True, "rotation": "yearly"}, True, {"apilog__rotation__time": '"yearly"'}),
        (
            {"enabled": True, "byDefault": {"call": True, "data": False}},
            True,
            {"endpoints___default__log_call": "true", "endpoints___default__log_data": "false"},
        ),
        ({"enabled": True, "adapter": "elastic"}, None, {"log_calls": "true", "apilog__adapter": '"elastic"'}),
        (
            {"enabled": True, "adapter": "logging", "fluentd": {"host": "fluentd.logging.svc"}},
            None,
            {
                "log_calls": "true",
                "apilog__adapter": '"logging"',
                "apilog__adapters__logging__handler__kwargs__host": '"fluentd.logging.svc"',
                "apilog__adapters__logging__handler__kwargs__port": "24224",
            },
        ),
    ],
)
def test_audit_is_the_guides(audit: dict[str, Any], switch: bool | None, variables: dict[str, str]) -> None:
    values = _values(apiAudit=audit)
    assert values["apiserver"].get("logCalls") is switch
    assert _audit(values) == variables


@pytest.mark.parametrize(
    ("server", "sent"),
    [
        ({}, {}),
        ({"usageAggregator": {"enabled": True}}, {"usageAggregator": {"enabled": True}}),
        (
            {"usageAggregator": {"enabled": True, "configuration": "pricing { currency: USD }"}},
            {"usageAggregator": {"enabled": True, "configuration": "pricing { currency: USD }"}},
        ),
        ({"usageScripts": {"enabled": True}}, {"usageScripts": {"enabled": True}}),
        (
            {"usageScripts": {"enabled": True, "companyLifecycle": {"enabled": False}}},
            {"usageScripts": {"enabled": True, "companyLifecycle": {"enabled": False}}},
        ),
        (
            {"usageScripts": {"enabled": True, "storageResourcesExporter": {"schedule": "0 */6 * * *"}}},
            {"usageScripts": {"enabled": True, "storageResourcesExporter": {"cronJob": {"schedule": "0 */6 * * *"}}}},
        ),
    ],
)
def test_metering_is_the_guides(server: dict[str, Any], sent: dict[str, Any]) -> None:
    values = _values(**server)
    assert {name: each for name, each in values.items() if name.startswith("usage")} == sent


def _stack(server: str) -> str:
    return WITH_ADDRESSES.replace("      cookieName:", f"{server}      cookieName:")


_ON = "      apiAudit: {enabled: true}\n"
_ELASTIC = "      apiAudit: {enabled: true, adapter: elastic}\n"


def _envs(name: str) -> str:
    return f"      apiserver: {{extraEnvs: [{{name: {name}, value: 'true'}}]}}\n"


@pytest.mark.parametrize(
    ("server", "key"),
    [
        (_ON + _envs("CLEARML__apiserver__log_calls"), "apiserver.extraEnvs[0].name"),
        (_ON + _envs("CLEARML__APISERVER__LOG_CALLS"), "apiserver.extraEnvs[0].name"),
        (_ON + _envs("ALLEGRO__apiserver__log_calls"), "apiserver.extraEnvs[0].name"),
        (_ON + _envs("CLEARML__apiserver__apilog__adapter"), "apiserver.extraEnvs[0].name"),
        (_ELASTIC + _envs("CLEARML__apiserver__log_calls"), "apiserver.extraEnvs[0].name"),
        (_ON + "      extraValues: {apiserver: {logCalls: true}}\n", "extraValues.apiserver.logCalls"),
        (
            "      usageAggregator: {enabled: true}\n      extraValues: {usageAggregator: {enabled: true}}\n",
            "extraValues.usageAggregator.enabled",
        ),
    ],
)
def test_what_says_the_same_is_a_conflict(tmp_path: Path, server: str, key: str) -> None:
    with pytest.raises(Exception, match="is set by this program from its own settings") as error:
        load(project(tmp_path, {STACK_FILE: _stack(server)}), "test")
    assert f"stack.server.{key}: " in str(error.value)


@pytest.mark.parametrize(
    "server",
    [
        _envs("CLEARML__apiserver__log_calls"),
        "      extraValues: {apiserver: {logCalls: true}}\n",
        _ON + _envs("CLEARML__apiserver__endpoints__workers__status_report__log_call"),
    ],
)
def test_raw_variables_beside_it_stay_possible(tmp_path: Path, server: str) -> None:
    assert load(project(tmp_path, {STACK_FILE: _stack(server)}), "test").warnings == ()


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ("      apiAudit: {enabled: true, adapter: logging}\n", "needs fluentd for the adapter logging"),
        ("      apiAudit: {enabled: true, fluentd: {host: fluentd.svc}}\n", "which is for the adapter logging"),
        ("      apiAudit: {enabled: true, adapter: stdout}\n", "stack.server.apiAudit.adapter: "),
        ("      apiAudit: {enabled: true, rotation: daily}\n", "stack.server.apiAudit.rotation: "),
        ("      apiAudit: true\n", "stack.server.apiAudit: "),
        ("      usageAggregator: {enabled: 'on'}\n", "stack.server.usageAggregator.enabled: "),
        (
            "      usageScripts: {enabled: true, companyLifecycle: {schedule: hourly}}\n",
            "'hourly' is no schedule of five",
        ),
        (
            "      usageAggregator: {enabled: true, configuration: 'db { uri: \"mongodb://u:hunter2hunter2@h\" }'}\n",
            "encrypted with: pulumi config set --stack test --secret usageAggregatorConfiguration",
        ),
        (
            "      usageAggregator: {enabled: true}\n      extraValues: {usageAggregator: {externalServices: "
            "{mongodbConnectionString: 'mongodb://u:hunter2hunter2@h'}}}\n",
            "encrypted with: pulumi config set --stack test --secret usageMongodbConnectionString",
        ),
        (
            "      extraValues: {externalServices: {mongodbConnectionStringAuth: 'mongodb://u:hunter2hunter2@h'}}\n",
            "encrypted with: pulumi config set --stack test --secret mongodbConnectionStringAuth",
        ),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, server: str, said: str) -> None:
    assert said in refusal(tmp_path, {STACK_FILE: _stack(server)})


@pytest.mark.parametrize(
    ("server", "key", "said"),
    [
        (
            "      apiAudit: {enabled: true, byDefault: {resultData: true}}\n",
            "apiAudit.byDefault.resultData",
            "secrets of new",
        ),
        (
            "      apiAudit: {enabled: true, byDefault: {data: true}}\n",
            "apiAudit.byDefault.data",
            "secrets of new keys",
        ),
        (
            "      usageScripts: {enabled: true}\n",
            "usageScripts.enabled",
            "report to the metering service, which is off",
        ),
    ],
)
def test_what_may_surprise_is_a_warning(tmp_path: Path, server: str, key: str, said: str) -> None:
    (told,) = load(project(tmp_path, {STACK_FILE: _stack(server)}), "test").warnings
    assert f"stack.server.{key}: " in str(told)
    assert said in str(told)


def test_metering_beside_an_external_mongodb_is_told(tmp_path: Path) -> None:
    secret = "  clearml-tenants:mongodbConnectionStringBackend:\n    secure: v1:eee\n  clearml-tenants:stack:"
    stack = _stack("      usageAggregator: {enabled: true}\n").replace("  clearml-tenants:stack:", secret)
    (told,) = load(project(tmp_path, {STACK_FILE: stack}), "test").warnings
    assert "usageAggregator.enabled: keeps its data in the chart's own MongoDB, which is off here" in str(told)
    assert str(told).endswith(": pulumi config set --stack test --secret usageMongodbConnectionString")
    both = "  clearml-tenants:usageMongodbConnectionString: {secure: v1:fff}\n" + secret
    assert load(project(tmp_path, {STACK_FILE: stack.replace(secret, both)}), "test").warnings == ()


def test_where_metering_keeps_its_data_and_a_text_with_a_login_are_secrets() -> None:
    """Before, there was no place for either: `extraValues` is no place for a password."""
    given = {"usageMongodbConnectionString": "mongodb://u:p@h", "usageAggregatorConfiguration": "a {\n  b: c\n}\n"}
    secrets = replace(SECRETS, server=ServerSecrets.by_kind({k: pulumi.Output.secret(v) for k, v in given.items()}))
    own: Any = STACK_KEYS["server"]
    values = server_values(settings(server={**own, "usageAggregator": {"enabled": True}}), secrets)["usageAggregator"]
    assert (
        values["externalServices"]["mongodbConnectionString"] is secrets.server.metering["usageMongodbConnectionString"]
    )
    assert values["configuration"] is secrets.server.metering["usageAggregatorConfiguration"]
    assert "usageAggregator" not in server_values(settings(), secrets)


def test_a_text_of_several_lines_passes_and_one_in_two_places_does_not(tmp_path: Path) -> None:
    written = '      usageAggregator: {enabled: true, configuration: "pricing {\\n\\tcurrency: USD\\n}"}\n'
    stack = _stack(written)
    assert load(project(tmp_path / "a", {STACK_FILE: stack}), "test").warnings == ()
    secret = "  clearml-tenants:usageAggregatorConfiguration: {secure: v1:eee}\n  clearml-tenants:stack:"
    told = refusal(tmp_path / "b", {STACK_FILE: stack.replace("  clearml-tenants:stack:", secret)})
    assert "usageAggregator.configuration: is written here, and is set as the secret" in told
