"""How a worker is, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from components.clearml.api.models import KeyInfo, UserInfo
from operations.health.hand_made_keys import hand_made_keys
from operations.health.stack import keys_of
from operations.health.workers import ingress_health, key_health, pods_health, release_health
from settings.models.cluster_ref import ClusterRef

REFUSED = "key refused: the server does not know it; raise keyGeneration in the tenant's file for a new one"


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ([], REFUSED),
        ([KeyInfo(access_key="OTHER", last_used="x")], REFUSED),
        ([KeyInfo(access_key="KEY")], "key accepted, never used"),
        ([KeyInfo(access_key="KEY", last_used="2026-11-25T03:00:00Z")], "key accepted, last used 2026-11-25T03:00:00Z"),
        ([KeyInfo(access_key="KEY", expire="2027")], "key accepted, never used, until 2027"),
    ],
)
def test_a_key_is_told_by_what_the_server_lists(known: list[KeyInfo], said: str) -> None:
    assert key_health("KEY", known) == said


@pytest.mark.parametrize(
    ("expire", "said"),
    [
        ("2026-11-25T11:59:59.123456+00:00", "key expired at 2026-11-25T11:59:59.123456+00:00, last used x; raise "),
        ("2026-11-25T11:59:59Z", "key expired at 2026-11-25T11:59:59Z, "),
        ("2026-11-25T11:59:59", "key expired at 2026-11-25T11:59:59, "),
        ("2026-11-25T13:59:59+02:00", "key expired at 2026-11-25T13:59:59+02:00, "),
        ("2026-11-25T12:00:01Z", "key accepted, last used x, until 2026-11-25T12:00:01Z"),
        ("2026-11-25T11:59:59-02:00", "key accepted, last used x, until 2026-11-25T11:59:59-02:00"),
        ("in a form of its own", "key accepted, last used x, until in a form of its own"),
    ],
)
def test_a_key_that_has_ended_is_still_listed_and_not_accepted(expire: str, said: str) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert key_health("KEY", [KeyInfo(access_key="KEY", last_used="x", expire=expire)], now).startswith(said)


class _Keys:
    """Stands for the API, which lists one user's keys."""

    def __init__(self, known: dict[str, list[KeyInfo]]) -> None:
        self.known = known

    def keys(self, user_id: str) -> tuple[list[KeyInfo] | None, str]:
        return self.known.get(user_id), "" if user_id in self.known else "nobody there"


def test_keys_of_a_service_account_count_beside_those_of_the_admin() -> None:
    api: Any = _Keys({"a": [KeyInfo(access_key="ONE")], "s": [KeyInfo(access_key="TWO")]})
    assert keys_of(api, {"adminId": "a"}) == ([KeyInfo(access_key="ONE")], "")
    known, _ = keys_of(api, {"adminId": "a", "serviceAccountId": "s"})
    assert [each.access_key for each in known or ()] == ["ONE", "TWO"]
    assert keys_of(api, {"adminId": "a", "serviceAccountId": "gone"}) == (None, "nobody there")


def _status(**resources: Any) -> dict[str, Any]:
    return {"info": {"resources": {f"v1/{kind}": found for kind, found in resources.items()}}}


def test_pods_are_those_of_every_deployment_that_are_ready() -> None:
    deployments = [{"spec": {"replicas": 2}, "status": {"readyReplicas": 1}}, {"spec": {"replicas": 1}, "status": {}}]
    assert pods_health(_status(Deployment=deployments)) == "pods 1/3 ready"


def test_an_ingress_is_admitted_once_a_controller_gave_it_an_address() -> None:
    rules = {"rules": [{"host": "r.example.com"}]}
    assert ingress_health(_status(Ingress=[{"spec": rules, "status": {"loadBalancer": {}}}])) == (
        "ingress r.example.com not admitted by any controller yet"
    )
    admitted = {"spec": rules, "status": {"loadBalancer": {"ingress": [{"ip": "10.0.0.7"}, {"hostname": "lb"}]}}}
    assert ingress_health(_status(Ingress=[admitted])) == "ingress r.example.com admitted at 10.0.0.7, lb"
    assert ingress_health(_status(Deployment=[])) is None


def test_a_release_that_is_not_whole_comes_with_the_way_out_and_without_values() -> None:
    assert release_health({"name": "a", "info": {"status": "deployed"}}, "acme") is None
    said = (
        'Upgrade "a" failed: cannot patch "a" with kind Deployment: spec.selector: Invalid value: hunter2: field is '
        "immutable"
    )
    told = release_health({"name": "a", "info": {"status": "failed", "description": said}}, "acme")
    assert told is not None
    assert told.startswith("release failed: ")
    assert "kubectl delete deployment a --namespace acme" in told
    assert "hunter2" not in told
    unknown = {"name": "a", "info": {"status": "failed", "description": "hunter2"}}
    place = ClusterRef(kube_context="gpu")
    told = release_health(unknown, "acme", place=place)
    assert told == "release failed: see helm history a --namespace acme --kube-context gpu"


class _People(_Keys):
    """And one company's users, if they are told."""

    def __init__(self, known: dict[str, list[KeyInfo]], people: list[UserInfo] | None) -> None:
        super().__init__(known)
        self.people = people

    def colleagues(self, _: str) -> tuple[list[UserInfo] | None, str]:
        return self.people, "" if self.people is not None else "users.get_all was refused"

    def accounts(self, _: str) -> dict[str, str]:
        return {"s": "ci"} if "s" in self.known else {}

    def owner(self, access_key: str) -> str:
        held = ((user, key) for user, keys in self.known.items() for key in keys)
        return next((user for user, key in held if key.access_key == access_key), "")


_FILE = "config/tenants/prod/01/acme.yaml"
_TENANT = {"adminId": "a", "adminEmail": "admin@acme.example", "credentials": {"agent": {"accessKey": "OURS"}}}
_OURS = [KeyInfo(access_key="OURS", label="prod/acme/agent/1"), KeyInfo(access_key="OLD", label="prod/acme/agent/2")]


def test_keys_made_by_hand_are_listed_with_the_way_to_revoke_them() -> None:
    """Of every admin of the company; a plain user's key is that user's own matter."""
    people = [
        UserInfo(id="a", email="admin@acme.example", role="admin"),
        UserInfo(id="b", email="ann@acme.example", role="admin"),
        UserInfo(id="c", email="bob@acme.example", role="user"),
    ]
    keys = {
        "a": [*_OURS, KeyInfo(access_key="HAND", last_used="2026-11-25T03:00:00Z")],
        "b": [KeyInfo(access_key="ANNS", label="laptop\x1b[2J"), KeyInfo(access_key="DEVS", label="dev/acme/agent/1")],
        "c": [KeyInfo(access_key="BOBS")],
    }
    assert hand_made_keys(_People(keys, people), "prod", _FILE, _TENANT) == (
        "HAND of admin@acme.example (no label, last used 2026-11-25T03:00:00Z); "
        "ANNS of ann@acme.example (label 'laptop\\x1b[2J', never used); "
        "DEVS of ann@acme.example (label dev/acme/agent/1, never used): they go on working; to revoke one, list it "
        "under revokeKeys in config/tenants/prod/01/acme.yaml"
    )


def test_keys_of_machines_and_a_users_key_that_an_agent_has_are_listed_too() -> None:
    """They go on working unseen otherwise, for whoever made the agent by hand took whichever key was there."""
    people = [
        UserInfo(id="a", email="admin@acme.example", role="admin"),
        UserInfo(id="c", email="bob@acme.example", role="user"),
        UserInfo(id="s", name="ci", role="user"),
    ]
    keys = {
        "a": _OURS,
        "s": [KeyInfo(access_key="CI", label="gitlab", last_used="2026-11-25T03:00:00Z")],
        "c": [KeyInfo(access_key="BOBS"), KeyInfo(access_key="LAPTOP")],
        "elsewhere": [KeyInfo(access_key="OTHER")],
    }
    in_use = {"BOBS": "release acme/old-agent", "OTHER": "release beta/agent", "GONE": "release acme/dead"}
    assert hand_made_keys(_People(keys, people), "prod", _FILE, _TENANT, in_use) == (
        "CI of service account ci (label gitlab, last used 2026-11-25T03:00:00Z); BOBS of bob@acme.example, a plain "
        "user (no label, never used), with which release acme/old-agent signs in: they go on working; to revoke one, "
        "list it under revokeKeys in config/tenants/prod/01/acme.yaml"
    )


def test_a_tenant_without_keys_made_by_hand_has_no_line_for_them() -> None:
    assert hand_made_keys(_People({"a": _OURS}, []), "prod", _FILE, _TENANT) == ""


def test_keys_that_nobody_could_ask_for_are_told_as_unknown() -> None:
    api = _People({"a": [KeyInfo(access_key="HAND")]}, None)
    told = hand_made_keys(api, "prod", _FILE, _TENANT)
    assert told.startswith("HAND of admin@acme.example (no label, never used): they go on")
    assert told.endswith("; not all are known: users.get_all was refused")
    away = _People({}, [])
    assert hand_made_keys(away, "prod", _FILE, _TENANT) == "not all are known: nobody there"
