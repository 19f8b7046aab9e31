"""Every mistake is one line: file, tenant, key, what is wrong, how to write it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from settings.errors import ConfigurationError
from settings.loading.load import load
from tests.unit.asked import ACME, BETA, SECOND, STACK, STACK_FILE, TENANT, load_project, project, refusal

_FOLDER = Path(__file__).parents[2] / "malformed"


def _changes(file: str) -> list[tuple[str, str, str]]:
    entries = yaml.safe_load((_FOLDER / file).read_text())
    return [(entry["change"], entry["to"], entry["says"]) for entry in entries]


@pytest.mark.parametrize(("old", "new", "line"), [*_changes("tenant.yaml"), *_changes("features.yaml")])
def test_a_mistake_in_a_tenants_file_is_one_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert old in TENANT
    assert refusal(tmp_path, {ACME: TENANT.replace(old, new)}) == f"{ACME}: acme: {line}"


@pytest.mark.parametrize(("old", "new", "line"), [*_changes("stack.yaml"), *_changes("groups.yaml")])
def test_a_mistake_in_the_stacks_file_is_one_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert old in STACK
    assert refusal(tmp_path, {STACK_FILE: STACK.replace(old, new)}) == f"{STACK_FILE}: {line}"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "is empty; see the files beside it, or remove it"),
        ("# nothing\n", "is empty; see the files beside it, or remove it"),
        ("- company\n", "must hold `key: value` lines, not a list at the top"),
        ("company\n", "must hold `key: value` lines, not a single value at the top"),
        (b"company: \xff\n", "byte 10 is not UTF-8; save the file as UTF-8"),
        ("company: [Acme\n", "line 2, column 1: not YAML: expected ',' or ']', but got '<stream end>'; "
         "quote texts that hold : # or start with a special character"),
        ("company: a: b\n", "line 1, column 11: not YAML: mapping values are not allowed here; "
         "quote texts that hold : # or start with a special character"),
        ("company: *other\n", "line 1, column 10: not YAML: found undefined alias 'other'; "
         "quote texts that hold : # or start with a special character"),
        ("{[a]: b}\n", "line 1, column 2: not YAML: found unhashable key; "
         "quote texts that hold : # or start with a special character"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_mapping_is_one_line(tmp_path: Path, content: str | bytes, line: str) -> None:
    assert refusal(tmp_path, {ACME: content}) == f"{ACME}: acme: {line}"


@pytest.mark.parametrize("name", ["Acme", "1st", "a_b", "a.b", "x" * 46, "acme-", "default", "kube-system"])
def test_a_file_whose_name_no_namespace_can_have_is_refused(tmp_path: Path, name: str) -> None:
    line = refusal(tmp_path, {f"config/tenants/test/{name}.yaml": SECOND})
    assert line.startswith(f"config/tenants/test/{name}.yaml: '{name}' is ")
    assert line.endswith("call the file like acme.yaml")
    assert "\n" not in line


@pytest.mark.parametrize(("old", "new", "line"), _changes("second_tenant.yaml"))
def test_what_only_one_tenant_can_have_is_refused_to_the_second(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert old in SECOND
    assert refusal(tmp_path, {BETA: SECOND.replace(old, new)}) == f"{BETA}: beta: {line}"


def test_one_company_is_not_two_tenants(tmp_path: Path) -> None:
    """A copied file with its `companyId` would make the second tenant the first's."""
    known = "companyId: d1bd92a3b039400cbafc60a7a5b1e52c\n"
    granted = "{acme: d1bd92a3b039400cbafc60a7a5b1e52c, beta: d1bd92a3b039400cbafc60a7a5b1e52c}"
    line = "companyId: 'd1bd92a3b039400cbafc60a7a5b1e52c' is already the company's id at companyId of tenant acme"
    stack = f"{STACK}    adoptions: {granted}\n"
    said = refusal(tmp_path, {STACK_FILE: stack, ACME: known + TENANT, BETA: known + SECOND})
    assert said == f"{BETA}: beta: {line}; keep it in one place"


def test_an_admin_whom_an_earlier_tenants_rules_name_is_refused_there(tmp_path: Path) -> None:
    text = "'ann@partner.example' is the admin of tenant beta and a user there; leave it out here"
    said = refusal(tmp_path, {BETA: SECOND.replace("admin@beta.example", "Ann@Partner.example")})
    assert said == f"{ACME}: acme: signIn.admins[0]: {text}"


def test_an_address_of_another_tenants_domain_is_the_stacks_to_grant(tmp_path: Path) -> None:
    """A rule for one address goes before that of its domain, and admins are made and not routed: both take somebody."""
    text = SECOND.replace("admin@beta", "beta@acme").replace(
        "[beta.example]", "[beta.example], users: [eve@acme.example]"
    )
    granted = f"{STACK}    tenantRules: {{tenants: {{beta: {{guestDomains: [acme.example]}}}}}}\n"
    assert len(load_project(tmp_path / "granted", {BETA: text, STACK_FILE: granted}).tenants) == 2
    with pytest.raises(ConfigurationError) as error:
        load_project(tmp_path / "not", {BETA: text})
    assert [fault.where.key for fault in error.value.findings] == ["admin.email", "signIn.users[0]"]


def test_a_tenant_in_the_servers_namespace_is_refused(tmp_path: Path) -> None:
    file = "config/tenants/test/clearml.yaml"
    text = SECOND.replace("eta", "elta")
    line = "has the server's own namespace; call the file otherwise, or change server.namespace"
    assert refusal(tmp_path, {file: text}) == f"{file}: clearml: {line}"


def test_the_other_spelling_of_yaml_is_not_passed_over(tmp_path: Path) -> None:
    line = "config/tenants/test/gamma.yml: must end in .yaml; call it gamma.yaml"
    assert refusal(tmp_path, {"config/tenants/test/gamma.yml": SECOND}) == line


def test_an_unknown_stack_is_told_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        load(project(tmp_path), "prod")
    assert str(error.value) == "config/Pulumi.prod.yaml: no such file; stacks here: test"


def test_a_stack_without_configuration_is_refused(tmp_path: Path) -> None:
    line = f"{STACK_FILE}: config: must be a mapping of keys like clearml-tenants:apiUrl"
    assert refusal(tmp_path, {STACK_FILE: "encryptionsalt: v1:abc\n"}) == line


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    told = refusal(
        tmp_path,
        {
            STACK_FILE: STACK.replace("kubeContext:", "kubecontext:"),
            ACME: TENANT.replace("Acme Inc.", "A").replace("bob@", ""),
            BETA: "- x",
        },
    ).splitlines()
    assert [line.split(": ")[0] for line in told] == [STACK_FILE, ACME, ACME, BETA]


@pytest.mark.parametrize(
    "key", ["extraEnvs: hunter2", "extraEnvs: [hunter2]", "extraValues: hunter2", "fileMounts: hunter2"]
)
def test_what_may_be_a_secret_in_the_wrong_place_is_never_printed(tmp_path: Path, key: str) -> None:
    assert "hunter2" not in refusal(tmp_path, {ACME: TENANT.replace("agent:\n", f"agent:\n  {key}\n")})


@pytest.mark.parametrize("new", [" hunter2", "\n    secret: hunter2", "\n    secure: [hunter2]", " [hunter2]"])
def test_a_secret_in_plain_text_is_never_printed(tmp_path: Path, new: str) -> None:
    told = refusal(tmp_path, {STACK_FILE: STACK.replace("\n    secure: v1:bbb", new)})
    assert "hunter2" not in told
    assert "pulumi config set --stack test --secret apiserverSecret" in told
