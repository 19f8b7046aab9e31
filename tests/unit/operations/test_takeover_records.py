"""What the state is told of what is taken over, and no secret in clear."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

from operations.releases.inventory import ReleaseAddress
from operations.takeover.objects import Object
from operations.takeover.records import Records, secret
from operations.takeover.secrets import internal_keys, stack_secrets, with_secrets
from operations.takeover.targets import LiveTarget, Target
from settings.models.cluster_ref import ClusterRef
from settings.shards import Part
from settings.types.naming import NETWORK_POLICY, SECRET
from tests.unit.paper_helm import AGENT, HERE, SPACE

_AGENT = Target(AGENT, "acme", "agent", "oci://docker.io/clearml/clearml-enterprise-agent")


VALUES = {
    "clearml": {"cookieDomain": "clearml.example", "secureAuthTokenSecret": "signs-all-tokens-1"},
    "mongodb": {"enabled": True, "auth": {"rootPassword": "root-of-mongo-77"}},
    "apiserver": {
        "extraEnvs": [
            {"name": "CLEARML__secure__credentials__supervisor__user_secret", "value": '"of-the-supervisor"'},
            {"name": "SMTP_PASSWORD", "value": "hunter2-of-the-mail"},
            {"name": "CLEARML__apiserver__log_calls", "value": "true"},
        ]
    },
    "extra": {"text": "a line with hunter2-of-the-mail in it"},
}


def test_no_secret_of_a_release_is_told_in_clear() -> None:
    told = json.dumps(with_secrets(VALUES, lambda _: "***"))
    for each in ("signs-all-tokens-1", "root-of-mongo-77", "of-the-supervisor", "hunter2-of-the-mail"):
        assert each not in told
    assert '"cookieDomain": "clearml.example"' in told
    assert '{"name": "CLEARML__apiserver__log_calls", "value": "true"}' in told


def test_a_servers_secrets_become_the_stacks() -> None:
    assert stack_secrets(VALUES) == {
        "secureAuthTokenSecret": "signs-all-tokens-1",
        "mongodbAuth": '{"rootPassword": "root-of-mongo-77"}',
        "supervisorSecret": "of-the-supervisor",
    }


def test_what_a_servers_chart_drew_becomes_the_stacks_too() -> None:
    """Accident: a server installed without it got another `secureAuthTokenSecret`, which signs everybody out."""
    data = {"apiserver_key": "APIKEY", "secure_auth_token_secret": "kDrawn", "test_user_key": "", "fileserver_key": 1}
    encoded = {
        key: base64.b64encode(each.encode()).decode() if isinstance(each, str) else each for key, each in data.items()
    }
    made = {"kind": "Secret", "metadata": {"name": "clearml-conf"}, "data": encoded}
    another = {**made, "metadata": {"name": "of-the-team"}}
    manifest = "\n---\n".join(map(json.dumps, (another, made)))
    assert internal_keys(manifest) == {"secureAuthTokenSecret": "kDrawn"}
    assert internal_keys(json.dumps(another)) == internal_keys("") == {}


def _records(*there: dict[str, str], shard: str = "") -> Records:
    settings: Any = SimpleNamespace(own_cluster=HERE, secrets={})
    acme: Any = SimpleNamespace(
        name="acme",
        uses=("agent", "gateway-lab"),
        all_gateways={"gateway-lab": None},
        secrets={"git": None},
        worker_of=lambda use: f"acme-{use}",
    )
    return Records(Part("prod", shard), settings, {"acme": acme}, there)


def test_records_hang_on_what_is_there_and_are_written_once() -> None:
    """A provider that the state has is used; elsewhere there is one of that cluster's own."""
    provider = "urn:pulumi:prod::clearml-tenants::clearml:platform:Platform$pulumi:providers:kubernetes::kubernetes"
    records = _records({"urn": provider, "id": "an-id"})
    gpu = ClusterRef(kube_context="gpu")
    lab = Target(ReleaseAddress(HERE, "acme", "acme-gateway-lab"), "acme", "gateway-lab")
    for target in (Target(SPACE, "acme"), _AGENT, lab, Target(ReleaseAddress(gpu, "beta", ""), "beta")):
        records.add(LiveTarget(target, "clearml-enterprise-agent", "6.14.1", VALUES))
    by_name = {each["urn"].rpartition("$")[2]: each for each in records.new}
    assert len(by_name) == len(records.new)
    release = by_name["kubernetes:helm.sh/v3:Release::acme-agent"]
    assert release["provider"] == f"{provider}::an-id"
    assert release["parent"].endswith("clearml:tenant:Tenant$clearml:tenant:Agent::acme-agent")
    assert (release["id"], release["protect"]) == ("acme/acme-agent", True)
    gateway = by_name["kubernetes:helm.sh/v3:Release::acme-gateway-lab"]
    assert gateway["parent"].endswith("clearml:tenant:Tenant$clearml:tenant:Gateway::acme-gateway-lab")
    elsewhere = by_name["pulumi:providers:kubernetes::kubernetes/context/gpu"]
    assert elsewhere["inputs"]["clusterIdentifier"] == "prod/context/gpu"
    known = [provider, *(each["urn"] for each in records.new)]
    for each in records.new:
        above = [each.get("parent"), (each.get("provider") or "").rpartition("::")[0]]
        assert all(known.index(urn) <= known.index(each["urn"]) for urn in above if urn)


def test_a_secret_is_one_that_the_engine_encrypts() -> None:
    assert secret("x") == {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"x"'}


def test_what_a_run_made_before_the_state_was_lost_is_known_by_its_name_and_manager() -> None:
    """Under its own manager: another one's first change of a Secret would be a conflict."""
    names = {
        SECRET: ("acme-agent-credentials", "git", "of-the-team"),
        # `dns` is an earlier version's, which the run after it deletes.
        NETWORK_POLICY: ("every-pod", "dns", "gateway-lab", "gateway-of-another-program"),
    }
    manager = "pulumi-kubernetes-1a2b"
    objects = [Object(kind, "acme", name, manager, "Opaque") for kind, each in names.items() for name in each]
    records = _records()
    records.add(LiveTarget(Target(SPACE, "acme"), manager=manager, objects=tuple(objects)))
    found = {each["urn"].rpartition("clearml:tenant:")[2]: each for each in records.new if each.get("provider")}
    assert {name: each["parent"].rpartition("::")[2] for name, each in found.items()} == {
        "Tenant$kubernetes:core/v1:Namespace::acme": "acme",
        "Agent$kubernetes:core/v1:Secret::acme-agent-credentials": "acme-agent",
        "Tenant$kubernetes:core/v1:Secret::acme/git": "acme",
        "Isolation$kubernetes:networking.k8s.io/v1:NetworkPolicy::acme-every-pod": "acme-isolation",
        "Isolation$kubernetes:networking.k8s.io/v1:NetworkPolicy::acme-dns": "acme-isolation",
        "Isolation$kubernetes:networking.k8s.io/v1:NetworkPolicy::acme/gateway-lab": "acme-isolation",
    }
    assert {each["outputs"]["__fieldManager"] for each in found.values()} == {manager}
    assert [each["inputs"].get("type") for each in found.values()] == [None, None, "Opaque", None, None, None]


def test_a_shards_records_are_its_stacks_and_its_labels_the_environments() -> None:
    """Another label or identifier would be a namespace of nobody's, or replace all that the provider has made."""
    records = _records(shard="01")
    records.add(LiveTarget(Target(SPACE, "acme")))
    by_name = {each["urn"].rpartition("$")[2].rpartition("::")[2]: each for each in records.new}
    provider, space = by_name["kubernetes"], by_name["acme"]
    assert {each["urn"].split("::")[0] for each in records.new} == {"urn:pulumi:prod-01"}
    assert provider["urn"] == "urn:pulumi:prod-01::clearml-tenants::pulumi:providers:kubernetes::kubernetes"
    assert provider["parent"].endswith("pulumi:pulumi:Stack::clearml-tenants-prod-01")
    assert provider["inputs"]["clusterIdentifier"] == "prod"
    assert not [each for each in by_name if "platform" in each]
    namespace = next(each for each in records.new if each.get("id") == "acme")
    assert namespace["inputs"]["metadata"]["labels"] == {"clearml-tenants/stack": "prod"}
    assert space
