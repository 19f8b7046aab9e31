"""A company of our name in which we have no user: ours if nobody is in it, refused wherever the server lets doubt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from components.clearml.run.company_refusals import CompanyTaken
from components.clearml.run.refusals import SignInTaken
from tests.api.runs import Tenant
from tests.emulator import Emulator, start_emulator


def _server(folder: Path, **reading: Any) -> Emulator:
    return start_emulator(folder, {"EMULATOR_ASSUMPTIONS": json.dumps(reading)})


def _strangers(emulator: Emulator, name: str = "Acme", **rules: Any) -> str:
    """Made by the document's calls as far as its admin; returns the admin's id."""
    company = emulator.data_of("system.create_company", {"name": name})["id"]
    body = {"name": "Chief", "company": company, "email": "chief@acme.example", "role": "admin", "internal": True}
    user: str = emulator.data_of("auth.create_user", body)["id"]
    if rules:
        emulator.data_of("login.set_domains", rules, headers={"X-Clearml-Act-As": user})
    return user


def _globex(emulator: Emulator) -> Tenant:
    return Tenant(emulator, name="Globex", email="admin@globex.example", domains=(), admins=(), users=())


@pytest.mark.parametrize(
    ("reading", "why"),
    [
        ({}, r"has users \(1\), of whom admin@acme\.example is none"),
        ({"company_user_counts_internal": False}, "the server does not count internal users"),
        ({"company_user_counts_internal": False, "new_server": True}, r"other users .*: chief@acme\.example"),
        ({"company_user_counts": "absent"}, "the server does not say who is"),
        ({"company_user_counts": "absent", "new_server": True}, r"other users .*: chief@acme\.example"),
    ],
)
def test_strangers_new_company_is_not_taken_for_ours(tmp_path: Path, reading: dict[str, Any], why: str) -> None:
    """It has an admin and no rule yet; another tenant of ours shows what the server counts."""
    emulator = _server(tmp_path, **reading)
    try:
        _strangers(emulator)
        globex = _globex(emulator)
        globex.up()
        acme = Tenant(emulator)
        # As in an environment of both.
        acme.neighbours = {**globex.declared_rules()}
        with pytest.raises(CompanyTaken, match=why):
            acme.up()
        assert acme.members() == ["chief@acme.example"]
    finally:
        emulator.stop()


@pytest.mark.parametrize("reading", [{}, {"new_server": True}, {"company_user_counts": "users"}])
def test_empty_company_is_what_a_lost_run_made(tmp_path: Path, reading: dict[str, Any]) -> None:
    emulator = _server(tmp_path, **reading)
    try:
        globex = _globex(emulator)
        globex.up()
        company = emulator.data_of("system.create_company", {"name": "Acme"})["id"]
        acme = Tenant(emulator)
        acme.neighbours = {**globex.declared_rules()}
        acme.up()
        assert acme.companies() == [company]
        acme.assert_exact()
    finally:
        emulator.stop()


@pytest.mark.parametrize("unfiltered", ["all", "refuse", "none", "absent"])
def test_rule_of_a_tenant_outside_our_files_is_found(tmp_path: Path, unfiltered: str) -> None:
    """Whatever the server says when it is asked for everybody's rules: no answer is taken for no rules."""
    emulator = _server(tmp_path, whitelist_unfiltered=unfiltered)
    try:
        _strangers(emulator, "Stranger", domains=["acme.example"])
        acme = Tenant(emulator)
        with pytest.raises(SignInTaken, match=r"acme\.example already signs in to company 'Stranger'"):
            acme.up()
        assert acme.rules() == (set(), {})
    finally:
        emulator.stop()
