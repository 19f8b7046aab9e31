"""What can be deployed but does not do what it seems to: one line each, and nothing is stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.loading.load import load
from tests.unit.asked import (
    ACME,
    BETA,
    SECOND,
    STACK,
    STACK_FILE,
    TENANT,
    WITH_ADDRESSES,
    load_project,
    project,
    refusal,
    warnings_of,
)

_STACK = f"{STACK_FILE}: clearml-tenants:stack."
_ON = "    features: {reports: true, user_management: true}\n"


def warnings(tmp_path: Path, files: dict[str, str | bytes]) -> list[str]:
    return warnings_of(tmp_path, {STACK_FILE: WITH_ADDRESSES, **files})


def of_stack(tmp_path: Path, old: str, new: str) -> list[str]:
    assert old in STACK
    return warnings(tmp_path, {STACK_FILE: WITH_ADDRESSES.replace(old, new)})


def test_nothing_is_said_of_sound_files(tmp_path: Path) -> None:
    assert warnings(tmp_path, {}) == []


@pytest.mark.parametrize("key", ["features", "excludeFeatures"])
def test_a_deprecated_feature(tmp_path: Path, key: str) -> None:
    text = f"{key}[0]: 'queues' is deprecated and has no effect: everybody has it; remove it"
    assert warnings(tmp_path, {ACME: f"{TENANT}{key}: [queues]\n"}) == [f"{ACME}: acme: {text}"]


def test_a_feature_of_newer_servers_only(tmp_path: Path) -> None:
    text = "features[0]: 'tenant_usages' is known to newer servers only, of about 3.30; remove it, or set "
    assert warnings(tmp_path, {ACME: f"{TENANT}features: [tenant_usages]\n"}) == [
        f"{ACME}: acme: {text}server.version if yours is"
    ]


def test_a_newer_feature_on_a_newer_server_is_fine(tmp_path: Path) -> None:
    stack = WITH_ADDRESSES.replace("cookieName:", "version: '3.30.0'\n      cookieName:")
    assert warnings(tmp_path, {STACK_FILE: stack, ACME: f"{TENANT}features: [tenant_usages]\n"}) == []


_CONSUMERS = TENANT.replace("  users: [bob@partner.example]", "  consumers: [bob@partner.example]")


def test_consumers_on_a_server_that_nobody_knows(tmp_path: Path) -> None:
    assert warnings(tmp_path, {ACME: _CONSUMERS}) == [
        f"{ACME}: acme: signIn.consumers: is for servers from about 3.30 on, and nobody knows yours; set "
        "server.version in the stack's file if it is"
    ]


def test_consumers_on_a_newer_server_are_fine_and_on_an_older_one_refused(tmp_path: Path) -> None:
    stack = WITH_ADDRESSES.replace("cookieName:", "version: '3.30.0'\n      cookieName:")
    assert warnings(tmp_path / "newer", {STACK_FILE: stack, ACME: _CONSUMERS}) == []
    older = {STACK_FILE: stack.replace("3.30.0", "3.29.4"), ACME: _CONSUMERS}
    assert refusal(tmp_path / "older", dict(older)) == (
        f"{ACME}: acme: signIn.consumers: needs a server that has this role, of about 3.30, and server.version is "
        "'3.29.4'; list them as users"
    )


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("keycloack", "'keycloack' is no kind of provider that ClearML's guides name; did you mean keycloak?"),
        ("custom", "'custom' is no kind of provider that ClearML's guides name; known: auth0, cognito, google, "),
        ("okta", ""),
    ],
)
def test_a_kind_of_provider_that_no_guide_names(tmp_path: Path, kind: str, says: str) -> None:
    secret = "  clearml-tenants:ssoClientSecrets: {acme: {secure: v1:eee}}\n  clearml-tenants:stack:"
    stack = WITH_ADDRESSES.replace("  clearml-tenants:stack:", secret)
    stack = stack.replace("cookieName:", "multiTenantLogin: true\n      cookieName:")
    ends = "{authorization: 'https://idp.example/a', token: 'https://idp.example/t'}"
    sso = f"sso: {{externalTenant: acme, clientId: a, provider: {kind}, endpoints: {ends}}}\n"
    found = warnings(tmp_path, {STACK_FILE: stack, ACME: f"{TENANT}{sso}"})
    assert [line.startswith(f"{ACME}: acme: sso.provider: {says}") for line in found] == ([True] if says else [])


def test_a_consumer_is_in_no_other_list(tmp_path: Path) -> None:
    both = TENANT.replace("  users: [bob@partner.example]", "  users: [b@p.example]\n  consumers: [B@p.example]")
    assert "signIn.consumers[0]: 'B@p.example' is already the email at signIn.users[0]" in refusal(
        tmp_path, {ACME: both}
    )


def test_user_management_in_a_group_nobody_can_be_put_into(tmp_path: Path) -> None:
    group = "groups: {data: {name: Data, features: [reports, user_management]}}"
    text = "groups.data.features[1]: 'user_management' has no effect in a group that is not assignable; remove it, or "
    assert of_stack(tmp_path, "    server:\n", f"{_ON}    {group}\n    server:\n") == [
        f"{_STACK}{text}add assignable: true"
    ]


def test_a_group_without_features(tmp_path: Path) -> None:
    text = "groups.data.features: [] lets nothing through; list features, or remove the group"
    assert of_stack(tmp_path, "    server:\n", "    groups: {data: {name: Data, features: []}}\n    server:\n") == [
        f"{_STACK}{text}"
    ]


def test_a_group_without_effect_in_a_tenant(tmp_path: Path) -> None:
    stack = WITH_ADDRESSES.replace(
        "    server:\n", "    groups: {data: {name: Data, features: [pipelines]}}\n    server:\n"
    )
    text = "groups.data: lets nothing through in tenants beta: none of its features is enabled there; enable one, or "
    assert warnings(tmp_path, {STACK_FILE: stack, ACME: f"{TENANT}features: [pipelines]\n"}) == [
        f"{_STACK}{text}put nobody there into it"
    ]


def test_a_tenant_where_nobody_has_anything(tmp_path: Path) -> None:
    groups = "    features: {}\n    groups: {users: {features: []}, admins: {features: [reports]}}\n    server:\n"
    stack = WITH_ADDRESSES.replace("    server:\n", groups)
    acme, beta = f"{TENANT}features: [reports]\n", f"{SECOND}features: [pipelines]\n"
    told = warnings(tmp_path, {STACK_FILE: stack, ACME: acme, BETA: beta})
    text = "features: pipelines: no group lets any of them through, so nobody has a feature; add one to a group of the"
    assert told[1:] == [f"{BETA}: beta: {text} stack, like users"]


def test_a_grant_that_no_group_lets_through(tmp_path: Path) -> None:
    groups = "    groups: {users: {features: [reports]}, admins: {features: [reports, pipelines]}}\n    server:\n"
    stack = WITH_ADDRESSES.replace("    server:\n", f"    features: {{reports: true}}\n{groups}")
    acme, beta = f"{TENANT}features: [pipelines, sso_management]\n", f"{SECOND}features: [pipelines]\n"
    text = "features[1]: 'sso_management' is granted, and no group lets it through, so nobody has it; add it to a group"
    told = warnings(tmp_path, {STACK_FILE: stack, ACME: acme, BETA: beta})
    assert told == [f"{ACME}: acme: {text} of the stack, like users, or remove it"]


def test_without_a_list_every_grant_is_let_through(tmp_path: Path) -> None:
    assert warnings(tmp_path, {STACK_FILE: WITH_ADDRESSES, ACME: f"{TENANT}features: [sso_management]\n"}) == []


def test_versions_below_the_floors(tmp_path: Path) -> None:
    assert of_stack(tmp_path, "cookieName:", "version: '3.26.7'\n      cookieName:") == [
        f"{_STACK}server.version: '3.26.7' is below 3.26.8, which closed a leak between tenants "
        "(sessions of one were reachable from another); upgrade the server"
    ]
    chart = "{chart: 'oci://docker.io/clearml/clearml-enterprise-agent', version: '6.13.8'}"
    assert of_stack(tmp_path, "{chart: ./agent}", chart) == [
        f"{_STACK}charts.agent.version: '6.13.8' is below 6.13.9, from which on agents of several tenants no longer "
        "share names of cluster roles; raise it"
    ]


def test_a_tenant_whose_applications_start_nowhere(tmp_path: Path) -> None:
    stack = WITH_ADDRESSES.replace("cookieName:", "queueMode: per_tenant\n      cookieName:")
    text = (
        "agent: is missing, so that no application starts here (server.queueMode is per_tenant); add one like agent: "
    )
    assert warnings(tmp_path, {STACK_FILE: stack, BETA: f"{SECOND}features: [applications]\n"}) == [
        f"{BETA}: beta: {text}{{queues: {{default: {{}}}}}}"
    ]


def test_a_rule_for_a_tenants_own_admin(tmp_path: Path) -> None:
    text = "is admin.email, a user here already; leave it out"
    assert warnings(tmp_path, {ACME: TENANT.replace("[bob@partner.example]", "[Admin@acme.example]")}) == [
        f"{ACME}: acme: signIn.users[0]: 'Admin@acme.example' {text}"
    ]


def test_groups_are_not_judged_while_a_tenants_file_cannot_be_read(tmp_path: Path) -> None:
    stack = WITH_ADDRESSES.replace(
        "    server:\n", "    groups: {data: {name: Data, features: [pipelines]}}\n    server:\n"
    )
    with pytest.raises(Exception, match=r"\Aconfig/tenants/test/beta.yaml: [^\n]*\Z"):
        load_project(tmp_path, {STACK_FILE: stack, BETA: "- x"})


def test_a_cluster_of_agents_whose_addresses_nobody_says(tmp_path: Path) -> None:
    """The stack's own, and another; a cluster without agents opens nothing."""
    elsewhere = "agent: {queues: {default: {}}}\nworkers: {kubeContext: gpu}\n"
    facts = "    isolation: {elsewhere: {context/gpu: {serverAddresses: [{cidr: 203.0.113.10/32, ports: [443]}]}}}\n"
    told = [
        (
            f"{_STACK}{key}.cluster: is missing: agents may reach every pod of this cluster on 443 and 6443, other "
            f"tenants' too, as nobody says which addresses are pods; write {key} like {{cluster: {{pods: "
            "[10.244.0.0/16], services: [10.96.0.0/12], nodes: [192.168.7.0/24]}}"
        )
        for key in ("isolation.elsewhere.context/gpu", "isolation.network")
    ]
    rules = "    tenantRules: {contexts: [gpu]}\n"
    said = warnings(tmp_path, {STACK_FILE: STACK + facts + rules, BETA: SECOND + elsewhere})
    assert [each for each in said if ".cluster: " in each] == told
    assert warnings(tmp_path, {STACK_FILE: STACK, ACME: TENANT.partition("agent:")[0]}) == []


def test_a_laptops_cluster_has_nobody_to_reach(tmp_path: Path) -> None:
    files = {"config/Pulumi.local.yaml": STACK, "config/tenants/local/acme.yaml": TENANT}
    assert load(project(tmp_path, {**files}), "local").warnings == ()


@pytest.mark.parametrize(
    ("workers", "known"), [("workers: {kubeContext: gpu}\n", "context/gpu"), ("", "none")], ids=["mistyped", "gone"]
)
def test_facts_of_a_cluster_that_no_workers_are_in(tmp_path: Path, workers: str, known: str) -> None:
    """A name mistyped leaves the cluster that is meant without them; that the last tenant there goes stops nothing."""
    stack = WITH_ADDRESSES.replace(
        "    isolation:\n",
        "    tenantRules: {contexts: [gpu]}\n    isolation:\n"
        "      elsewhere: {context/gpo: {clients: [203.0.113.0/24]}}\n",
    )
    text = f"is no other cluster where workers run; known: {known}; remove it, or name the cluster as a tenant's "
    told = warnings(tmp_path, {STACK_FILE: stack, BETA: SECOND + workers})
    assert told[0] == f"{_STACK}isolation.elsewhere.context/gpo: {text}workers do"
