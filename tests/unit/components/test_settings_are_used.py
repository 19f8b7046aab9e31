"""Each setting's example changes what the program registers: none is declared and then passed on to nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pulumi
import pytest
import yaml
from google.protobuf import json_format
from pydantic.fields import FieldInfo

from settings.facts import stack_file_of
from settings.models.encryption import is_encrypted
from settings.models.server.sign_in.providers import IdentityProviders
from settings.models.stack_file import PROJECT, StackFile
from settings.models.tenant import TenantFile
from tests.unit import setting_paths as paths
from tests.unit.deployment import ROOT, finished, inputs, run_program, start

# They permit, and register nothing: tests/hostile tries each.
GRANTS = ("stack", "tenantRules")
SETTINGS = {
    (file, ".".join(map(str, path))): (path, field)
    for file, model in (("tenant", TenantFile), ("stack", StackFile))
    for path, field in paths.settings_of(model).items()
    if not any(map(is_encrypted, field.metadata)) and path[:2] != GRANTS
}
FILES = yaml.safe_load((Path(__file__).parent / "every_setting.yaml").read_text())
PARTS = "the settings in it are tried"
API = "is read by the providers when they are configured: tests/api/client/test_odd_connections.py and test_pace.py"
PLACES = "another way to the same cluster is told in the name of a provider: test_program_places.py"
PROVIDERS = "tests/field/server/sign_in/test_identity_provider_mistakes.py"
# Why a setting is not tried here, and what looks at it instead.
NOT_TRIED = {
    "sso": PARTS,
    "stack": PARTS,
    "stack.charts": PARTS,
    "stack.charts.server": PARTS,
    "stack.charts.registry": PARTS,
    "stack.groups.users": PARTS,
    "ssoClientSecrets": "secrets: test_sso.py",
    "identityProviderSecrets": f"secrets: {PROVIDERS}",
    **dict.fromkeys(
        (
            "stack.server.identityProviders",
            *(f"stack.server.identityProviders.{name}" for name in IdentityProviders.model_fields),
            *(f"stack.server.identityProviders.{each}" for each in ("auth0.clientSecret", "ldap.password")),
        ),
        f"the settings in it are tried, its secret is refused there: {PROVIDERS}",
    ),
    "kubeconfigs": "secrets: test_program_places.py",
    "secrets": "secrets, or the settings in it are tried: test_declared_secrets.py",
    "tenantSecrets": "secrets: test_declared_secrets.py",
    "stack.secrets": "the settings in it are tried: test_declared_secrets.py",
    **dict.fromkeys(
        (f"{above}secrets.example.{key}" for above in ("", "stack.") for key in ("keys", "type")),
        "goes with the values that there are: test_declared_secrets.py",
    ),
    "workers.kubeContext": PLACES,
    "workers.cluster": PLACES,
    "stack.workers.kubeContext": PLACES,
    "stack.charts.registry.username": "told to the plugin beside what is registered: tests/e2e/test_private_charts.py",
    "stack.server.version": "switches checks and features of the server: test_server_version.py",
    "stack.isolation.privilegedTenants": "permits, and registers nothing: test_worker_checks.py",
    **dict.fromkeys(
        ("stack.adoptions", "stack.apiHosts", "stack.registries", "stack.takeOver"),
        "permits, and registers nothing: tests/hostile",
    ),
    "workers.kubeconfig": "needs a secret: test_program_places.py",
    "stack.workers.kubeconfig": "needs a secret: test_program_places.py",
    "sso.clientSecret": "is refused in a file: test_sso.py",
    "apiUrl": API,
    "apiWaitSeconds": API,
    "apiCaFile": API,
    "apiCallsPerSecond": API,
    "stack.charts.server.repository": "in place of what chart says: tests/local/charts/test_chart_hosts.py",
    "stack.charts.registry.host": "beside a host that no stack here has: test_chart_login.py",
    "gateway.externalUrl": "in place of hostName: test_worker_values.py",
    "agent.extraEnvs.0.valueFrom": "in place of value: test_worker_values.py",
    "stack.server.apiserver.extraEnvs.0.valueFrom": "in place of value: test_server_values.py",
    **dict.fromkeys(
        (f"{above}isolation.network.{key}.0.namespace" for above in ("", "stack.") for key in ("allow", "allowFrom")),
        "in place of cidr: test_reach.py",
    ),
    **dict.fromkeys(
        (f"{above}isolation.network.allowFrom.0.labels" for above in ("", "stack.")),
        "goes with a namespace: test_reach.py",
    ),
}
Content = Mapping[str, Mapping[str, Any]]


@pytest.mark.parametrize(("file", "name"), [each for each in SETTINGS if each[1] not in NOT_TRIED])
def test_the_example_of_a_setting_changes_what_is_registered(tmp_path: Path, file: str, name: str) -> None:
    path, field = SETTINGS[file, name]
    base = _base(name)
    before = base if field.is_required() else {**base, file: paths.without(base[file], path)}
    after = with_example(file, name)
    assert _registered(tmp_path / "after", after) != _before(tmp_path / "before", before, base)


def test_the_same_files_register_the_same(tmp_path: Path) -> None:
    """Without which the other test would see a difference in everything."""
    assert _registered(tmp_path / "one", _base("")) == _registered(tmp_path / "two", _base(""))


def test_what_is_not_tried_is_a_setting() -> None:
    """And no reason outlives the setting that it is for."""
    assert set(NOT_TRIED) <= {name for _, name in SETTINGS}
    assert set(FILES["value"]) <= {name for _, name in SETTINGS}


def with_example(file: str, name: str) -> Content:
    """Both files with the example of a setting in one of them, and the secrets that they need."""
    path, field = SETTINGS[file, name]
    base = _base(name)
    return {**base, file: paths.with_value(base[file], path, _value(name, field))}


def write(folder: Path, content: Content) -> dict[str, Any]:
    """The program and both files below `folder`; the keys of the stack's file that are no secrets, by whole names."""
    given = {f"{PROJECT}:{key}": value for key, value in content["stack"].items()}
    secrets = {f"{PROJECT}:{key}": _encrypted(value) for key, value in content["secrets"].items()}
    files = {
        "__main__.py": (ROOT / "__main__.py").read_text(),
        stack_file_of("local"): yaml.safe_dump({"config": {**_secrets_of_local(), **given, **secrets}}),
        "config/tenants/local/acme.yaml": yaml.safe_dump(content["tenant"]),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return given


def _base(name: str) -> dict[str, Any]:
    """Both files as they are beside this setting, and the secrets that they need."""
    case: Mapping[str, Any] = next(
        (case for case in FILES["beside"] if any(map(name.startswith, case["settings"]))), {}
    )
    return {file: _merged(FILES.get(file, {}), case.get(file, {})) for file in ("stack", "tenant", "secrets")}


def _value(name: str, field: FieldInfo) -> object:
    if name in FILES["value"]:
        return FILES["value"][name]
    others = [value for value in _literals(field.annotation) if value != field.default]
    return [*paths.examples_of(field), *others][0]


def _literals(annotation: object) -> list[object]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [value for argument in get_args(annotation) for value in _literals(argument)]


def _before(folder: Path, without: Content, base: Content) -> list[str]:
    """Where others need the setting, it stands there with another value."""
    try:
        return _registered(folder, without)
    except pulumi.RunError:
        return _registered(folder, base)


def _registered(folder: Path, content: Content) -> list[str]:
    """What the program registers for a stack's file, its keys without the project's name, and its one tenant's."""
    given = write(folder, content)
    secrets = {f"{PROJECT}:{key}": value for key, value in content["secrets"].items()}
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}
    monitor = start({**texts, **secrets}, list(secrets))
    finished(lambda: run_program(folder))
    return sorted(_shown(request) for request in monitor.registered if request.type != "pulumi:pulumi:Stack")


def _shown(request: Any) -> str:
    """All that the engine is told of a resource but what differs from run to run."""
    options = json_format.MessageToDict(request)
    for left_out in ("object", "dependencies", "propertyDependencies", "sourcePosition", "stackTrace", "transforms"):
        options.pop(left_out, None)
    return json.dumps([options, inputs(request)], sort_keys=True, default=str)


def _encrypted(value: str) -> Any:
    """As `pulumi config set --secret` leaves it in the file: each text of a mapping by itself."""
    return _each_encrypted(json.loads(value)) if value.startswith("{") else _each_encrypted(value)


def _each_encrypted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _each_encrypted(each) for key, each in value.items()}
    return {"secure": "v1:encrypted"}


def _secrets_of_local() -> dict[str, Any]:
    written = yaml.safe_load((ROOT / stack_file_of("local")).read_text())["config"]
    return {key: value for key, value in written.items() if isinstance(value, dict) and "secure" in value}


def _merged(old: Any, change: Any) -> Any:
    if not isinstance(old, dict) or not isinstance(change, dict):
        return change
    return {**old, **{key: _merged(old.get(key), value) for key, value in change.items()}}
