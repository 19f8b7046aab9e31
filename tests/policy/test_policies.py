"""Each policy finds its violation, and nothing in the program as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policy.charts import unpinned_chart
from policy.companies import unprotected_companies
from policy.credentials import plain_credentials
from policy.declaration import Declaration, Violation
from policy.domains import shared_domains
from policy.network import open_namespaces
from policy.rights import cluster_rights
from rendering.unknown import UNKNOWN
from settings.types.naming import COMPANY, DEPARTURES, DOMAINS, NAMESPACE, NETWORK_POLICY, RELEASE, TENANT_LABEL
from tests.policy.program import declared

Judge = Callable[[Sequence[Declaration]], Iterator[Violation]]


def _of_each(judge: Callable[[Declaration], Iterator[Violation]]) -> Judge:
    return lambda stack: (violation for each in stack for violation in judge(each))


POLICIES: Sequence[Judge] = (
    _of_each(unpinned_chart),
    _of_each(plain_credentials),
    _of_each(cluster_rights),
    unprotected_companies,
    open_namespaces,
    shared_domains,
)


@pytest.fixture(scope="module")
def program() -> list[Declaration]:
    return declared()


def one(kind: str, name: str = "acme", *, stack: str = "prod", provider: str = "", **props: Any) -> Declaration:
    return Declaration(kind, f"urn:pulumi:{stack}::clearml-tenants::{kind}::{name}", props, provider=provider)


def test_the_program_violates_no_policy(program: list[Declaration]) -> None:
    assert {RELEASE, COMPANY, DEPARTURES, DOMAINS, NAMESPACE, NETWORK_POLICY} <= {each.type for each in program}
    assert [violation for judge in POLICIES for violation in judge(program)] == []


@pytest.mark.parametrize("version", [None, "6.14", "^6", "latest", ">=6.14.1", ""])
def test_a_chart_in_no_exact_version_is_found(version: str | None) -> None:
    (found,) = unpinned_chart(one(RELEASE, chart="oci://registry.example/agent", version=version))
    assert found.text.startswith(
        f"release acme: version {version!r} of chart oci://registry.example/agent is not exact"
    )


@pytest.mark.parametrize(
    "release",
    [
        one(RELEASE, chart="oci://registry.example/agent", version="6.14.1"),
        one(RELEASE, chart="oci://registry.example/agent", version=None, stack="local"),
        one(RELEASE, chart="./local/charts/agent"),
        one(RELEASE, chart="oci://registry.example/agent", version=UNKNOWN),
        one(NAMESPACE),
    ],
)
def test_a_pinned_a_local_and_an_unknown_chart_are_not(release: Declaration) -> None:
    assert list(unpinned_chart(release)) == []


def _departures(*, protect: object = True) -> Declaration:
    return one(DEPARTURES, "departures", tenants={"admin@acme.example": {"tenant": "acme", "protect": protect}})


def test_a_company_made_without_protection_is_found() -> None:
    company = one(COMPANY, admin_email="Admin@acme.example")
    (found,) = unprotected_companies([_departures(), company])
    assert found.urn == company.urn
    assert "company of tenant acme: is not protected" in found.text


def test_another_tenants_file_lets_no_company_go() -> None:
    company = one(COMPANY, "globex", admin_email="admin@globex.example")
    assert len(list(unprotected_companies([_departures(protect=False), company]))) == 1


def test_a_company_is_not_taken_for_let_go_where_nothing_says_so() -> None:
    company = one(COMPANY, admin_email="admin@acme.example")
    assert len(list(unprotected_companies([company]))) == 1
    assert len(list(unprotected_companies([one(DEPARTURES, "departures", tenants=UNKNOWN), company]))) == 1


def test_a_protected_company_and_one_that_its_file_lets_go_are_sound() -> None:
    company = one(COMPANY, admin_email="admin@acme.example")
    assert list(unprotected_companies([_departures(), replace(company, protect=True)])) == []
    assert list(unprotected_companies([_departures(protect=False), company])) == []


def test_a_company_in_a_shard_is_judged_by_its_own_file(tmp_path: Path) -> None:
    """The platform's stack alone has `Departures`: a tenant that may go was taken for a violation in each shard."""
    folder = tmp_path / "config" / "tenants" / "prod" / "01"
    folder.mkdir(parents=True)
    (folder / "acme.yaml").write_text("protect: false\nadmin: {email: Admin@acme.example}\n")
    (folder / "beta.yaml").write_text("admin: {email: admin@beta.example}\n")
    (folder / "torn.yaml").write_text("admin: {")

    def found(name: str, stack: str = "prod-01", email: str = "") -> int:
        company = one(COMPANY, name, stack=stack, admin_email=email or f"admin@{name}.example")
        return len(list(unprotected_companies([company], root=tmp_path)))

    assert found("acme") == 0
    assert (found("beta"), found("torn"), found("none")) == (1, 1, 1)
    # Nor does the file of a tenant somewhere else, or of another admin's, say anything.
    assert (found("acme", "prod-02"), found("acme", "prod"), found("acme", email="eve@acme.example")) == (1, 1, 1)


def _namespace(**labels: str) -> Declaration:
    return one(NAMESPACE, metadata={"name": "acme", "labels": labels or {TENANT_LABEL: "acme"}})


def _policy(namespace: object = "acme", *, provider: str = "", **spec: Any) -> Declaration:
    closed = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    return one(NETWORK_POLICY, "deny", provider=provider, metadata={"namespace": namespace}, spec={**closed, **spec})


@pytest.mark.parametrize(
    "policy",
    [
        _policy("globex"),
        _policy(provider="urn:of-another-cluster"),
        _policy(podSelector={"matchLabels": {"app": "agent"}}),
        _policy(policyTypes=["Ingress"]),
        _policy(ingress=[{}]),
        _policy(egress=[{"to": []}]),
        _policy(UNKNOWN),
    ],
)
def test_a_tenants_namespace_that_nothing_closes_is_found(policy: Declaration) -> None:
    (found,) = open_namespaces([_namespace(), policy])
    assert found.text.startswith("namespace acme: no network policy closes it")


def test_a_tenants_namespace_without_its_label_is_found_by_what_made_it() -> None:
    namespace = _namespace(other="label")
    made = replace(namespace, urn=namespace.urn.replace(NAMESPACE, f"clearml:tenant:Tenant${NAMESPACE}"))
    assert list(open_namespaces([namespace])) == []
    assert len(list(open_namespaces([made]))) == 1


def test_a_closed_namespace_is_sound_also_before_its_name_is_known() -> None:
    unknown = replace(_policy(UNKNOWN), depends_on=frozenset({_namespace().urn}))
    assert list(open_namespaces([_namespace(), _policy()])) == []
    assert list(open_namespaces([_namespace(), unknown])) == []


def test_the_program_without_its_closing_policy_is_found(program: list[Declaration]) -> None:
    (found,) = open_namespaces([each for each in program if each.name != "acme-default-deny"])
    assert found.urn.endswith("::acme")


@pytest.mark.parametrize(
    ("resource", "key"),
    [
        (one(RELEASE, values={"agentk8sglue": {"apiToken": "planted"}}), "values.agentk8sglue.apiToken"),
        (
            one(RELEASE, values={"a": {"extraEnvs": [{"name": "DB_PASSWORD", "value": "planted"}]}}),
            "extraEnvs[0].value",
        ),
        (one(RELEASE, values={"clearml": {"otherSecret": "planted"}}), "values.clearml.otherSecret"),
        (one("kubernetes:core/v1:ConfigMap", data={"password": "planted"}), "data.password"),
        (one("kubernetes:core/v1:ConfigMap", data={"k": "-----BEGIN PRIVATE KEY-----planted"}), "data.k"),
    ],
)
def test_a_credential_in_plain_text_is_found_and_not_shown(resource: Declaration, key: str) -> None:
    (found,) = plain_credentials(resource)
    assert f"{key} looks like a credential in plain text (not shown)" in found.text
    assert "planted" not in found.text


@pytest.mark.parametrize(
    "resource",
    [
        one(RELEASE, values={"clearml": {"existingAgentk8sglueSecret": "name"}, "a": {"token": UNKNOWN}}),
        one(RELEASE, values={"a": [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "n", "key": "k"}}}]}),
        one("kubernetes:core/v1:Secret", data={"password": "kept encrypted by its provider"}),
        one(COMPANY, secret="not sent to a cluster"),
    ],
)
def test_what_names_a_secret_or_is_none_of_a_clusters_is_sound(resource: Declaration) -> None:
    assert list(plain_credentials(resource)) == []


def test_a_releases_login_at_its_registry_is_a_secret_of_the_stack() -> None:
    login = {"repo": "https://charts.example.com", "username": "me", "password": "planted"}
    assert list(plain_credentials(one(RELEASE, repositoryOpts=login))) == []
    (found,) = plain_credentials(one(RELEASE, repositoryOpts={**login, "repo": "https://u:planted@charts.example.com"}))
    assert "repositoryOpts.repo looks like a credential in plain text (not shown)" in found.text
    assert "planted" not in found.text


@pytest.mark.parametrize("second", ["acme.example", "ACME.example.", " acme.example"])
def test_a_domain_of_two_tenants_is_found_however_it_is_written(second: str) -> None:
    stack = [one(DOMAINS, "b-domains", routes={second: ""}), one(DOMAINS, "a-domains", routes={"acme.example": ""})]
    (found,) = shared_domains(stack)
    assert found.text == "b-domains: 'acme.example' is in a-domains too: keep it in one tenant's file"


def test_other_domains_and_unknown_ones_are_sound() -> None:
    routes: list[object] = [{"a.example": ""}, {"b.example": "", "sub.a.example": ""}, UNKNOWN]
    assert list(shared_domains([one(DOMAINS, f"{i}", routes=each) for i, each in enumerate(routes)])) == []


def test_the_supervisors_pair_stands_in_a_secret_and_what_rolls_pods_with_it_is_none() -> None:
    name = "CLEARML__secure__credentials__supervisor__user_secret"
    named = {"name": name, "valueFrom": {"secretKeyRef": {"name": "clearml-supervisor", "key": "user_secret"}}}
    rollers = [{"name": f"CLEARML_TENANTS_{what}", "value": "c63b6577439b4620"} for what in ("SUPERVISOR", "KEYS")]
    assert list(plain_credentials(one(RELEASE, values={"apiserver": {"extraEnvs": [named, *rollers]}}))) == []
    plain = {"name": name, "value": '"planted-1"'}
    (found,) = plain_credentials(one(RELEASE, values={"apiserver": {"extraEnvs": [plain]}}))
    assert "planted" not in found.text
