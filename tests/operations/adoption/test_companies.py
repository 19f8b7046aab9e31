"""What a company may use, and its service accounts, as `make adopt` writes them down."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.clearml.api.calls import service_users
from components.clearml.api.calls.service_user_models import ServiceUsers
from components.clearml.api.client import Client
from tests.operations.adoption.installation import Tenant, agent_values, make_tenant
from tests.operations.adoption.site import Site


def _account(site: Site, tenant: Tenant, name: str, *, role: str = "", as_owner: bool = False) -> tuple[str, Tenant]:
    """A service account by the API's own calls, and the tenant with its key."""
    acting = {"X-Clearml-Impersonate-As": tenant.admin}
    body = {"name": name, "allow_running_as_owner": as_owner}
    made = site.emulator.data_of("auth.create_service_user", body, headers=acting)
    if role:
        site.emulator.data_of("auth.edit_user", {"user": made["id"], "role": role}, headers=acting)
    pair = made["credentials"]
    return made["id"], Tenant(tenant.company, tenant.admin, pair["access_key"], pair["secret_key"])


def _tenant(site: Site, **settings: Any) -> Tenant:
    made = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example", features=["service_users"])
    body = {"company": made.company, "allow_service_user_admins": True, **settings}
    site.emulator.data_of("system.update_company_settings", body)
    return made


def test_limits_and_visibility_of_applications_are_settings(site: Site) -> None:
    made = _tenant(
        site,
        allowed_service_users=0,
        max_running_apps=20,
        supported_application_categories=["general"],
        excluded_application_categories=["AI dev"],
        supported_application_ids=["hpo_app"],
    )
    access = {
        "allowed": "owner",
        "admin_access_all": True,
        "applications": {"hpo_app": {"allowed": "groups"}},
        "categories": {"AI dev": {"allowed": "all"}},
    }
    body = {"company": made.company, "app_instance_access": access}
    site.emulator.data_of("system.update_company_app_instance_access", body)
    site.run()
    assert site.file("acme")["allowedServiceUsers"] == 0
    assert site.file("acme")["applications"] == {
        "maxRunning": 20,
        "categories": ["general"],
        "excludedCategories": ["AI dev"],
        "ids": ["hpo_app"],
        "visibility": {
            "allowed": "owner",
            "adminsSeeAll": True,
            "applications": {"hpo_app": "groups"},
            "categories": {"AI dev": "all"},
        },
    }
    assert site.load().tenants


def test_a_company_about_which_nothing_was_said_has_no_such_settings(site: Site) -> None:
    make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.run()
    assert not {"applications", "allowedServiceUsers", "serviceAccount"} & set(site.file("acme"))


@pytest.mark.parametrize("new", [False, True])
def test_workers_with_a_service_accounts_key_get_one(site_of: Any, *, new: bool) -> None:
    """The account is no admin to be taken, though its role is that; it and others stay and are told."""
    site = site_of(new_server=new)
    made = _tenant(site)
    account, of_account = _account(site, made, "glue", role="admin", as_owner=True)
    other, _ = _account(site, made, "ci")
    site.lists.install("acme", "acme-agent", "clearml-enterprise-agent", agent_values(of_account))
    site.run()
    acme = site.file("acme")
    assert acme["admin"]["email"] == "admin@acme.example"
    assert acme["serviceAccount"] == {"enabled": True, "runAsOwner": True}
    assert acme["agent"] == {"queues": {"default": {"queueSettings": {"maxPods": 10}}}}
    assert (
        f"| acme | serviceAccount | glue (id {account}, admin, runs tasks as their owners) has the keys of workers"
        in site.report
    )
    assert f"| acme | serviceAccount | ci (id {other}, user) is no worker's and stays as it is" in site.report
    assert " of service account glue: without a label" in site.report
    assert of_account.secret_key not in json.dumps(site.texts())
    assert site.load().tenants


def test_a_worker_with_a_plain_users_key_is_its_companys(site_of: Any) -> None:
    """A newer server lists people without their keys: those of admins are asked for, others are looked up."""
    site = site_of(new_server=True)
    made = _tenant(site)
    user = {"name": "Bob", "company": made.company, "email": "bob@acme.example", "role": "user"}
    bob = site.emulator.data_of("auth.create_user", user)["id"]
    acting = {"X-Clearml-Impersonate-As": bob}
    pair = site.emulator.data_of("auth.create_credentials", headers=acting)["credentials"]
    of_bob = Tenant(made.company, bob, pair["access_key"], pair["secret_key"])
    site.lists.install("workers", "some-agent", "clearml-enterprise-agent", agent_values(of_bob))
    site.run()
    assert site.file("workers")["company"] == "Acme Inc."
    assert "is no known company's" not in site.report


def test_an_older_server_without_these_calls_is_no_line_a_company(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(client: Client, admin: str) -> object:
        return client.read("users.get_service_users_of_later", response=ServiceUsers, impersonate=admin)

    monkeypatch.setattr(service_users, "of_company", unknown)
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("acme", "acme-agent", "clearml-enterprise-agent", agent_values(acme))
    site.run()
    assert "users.get_service_users_of_later" in {each["endpoint"] for each in site.emulator.calls()}
    assert "service accounts" not in site.report
