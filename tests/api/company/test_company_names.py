"""The declared name is the truth: taken over with the company, passed on in steps, and every refusal's advice works."""

from __future__ import annotations

from typing import Any

import pytest

from components.clearml.run.company_refusals import (
    CompanyShared,
    CompanyTaken,
    CompanyUnknown,
    NamedOtherwise,
    NameTaken,
)
from components.clearml.run.refusals import UserVanished
from settings.models.tenant import Tenant
from tests.api.declarations.environment import tenant
from tests.api.environment import Environment
from tests.emulator import Emulator


def _tenant(name: str, company: str, **more: Any) -> Tenant:
    content = {"company": company, "admin": {"name": "Admin", "email": f"admin@{name}.example"}}
    return tenant(name, {**content, "protect": False, **more})


def _by_hand(emulator: Emulator, name: str, email: str) -> str:
    company: str = emulator.data_of("system.create_company", {"name": name})["id"]
    body = {"name": "Somebody", "company": company, "email": email, "role": "admin"}
    emulator.data_of("auth.create_user", body)
    return company


def _names(emulator: Emulator) -> list[str]:
    return [each["name"] for each in emulator.state()["companies"][1:]]


def _settles(environment: Environment, *tenants: Tenant) -> None:
    environment.up([*tenants])
    assert environment.up([*tenants]) == []


def test_two_that_swap_names_are_told_before_anything_is_written_and_how(emulator: Emulator) -> None:
    environment = Environment(emulator)
    environment.up([_tenant("acme", "Acme"), _tenant("globex", "Globex")])
    emulator.clear_calls()
    with pytest.raises(AssertionError, match="one takes a third name for that run"):
        environment.preview([_tenant("acme", "Globex"), _tenant("globex", "Acme")])
    assert emulator.calls() == []
    _settles(environment, _tenant("acme", "Third"), _tenant("globex", "Globex"))
    _settles(environment, _tenant("acme", "Third"), _tenant("globex", "Acme"))
    _settles(environment, _tenant("acme", "Globex"), _tenant("globex", "Acme"))
    assert _names(emulator) == ["Globex", "Acme"]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("new", ["acme", "beta"])
def test_name_that_another_gives_up_is_free_after_a_run_of_its_own(
    emulator: Emulator, new: str, backwards: bool
) -> None:
    """Whoever takes it, one that is there or a new tenant, and in whatever order the engine comes to them."""
    environment, order = Environment(emulator), -1 if backwards else 1
    environment.up([_tenant("globex", "Globex"), *([_tenant("acme", "Acme")] if new == "acme" else [])])
    both = [_tenant("globex", "Initech"), _tenant(new, "Globex")][::order]
    with pytest.raises(AssertionError, match="'Globex' goes from one company to another in this change"):
        environment.preview(both)
    environment.up([_tenant("globex", "Initech"), *([_tenant("acme", "Acme")] if new == "acme" else [])])
    _settles(environment, *both)


def test_name_of_a_company_outside_our_files(emulator: Emulator) -> None:
    _by_hand(emulator, "Globex", "g@globex.example")
    environment = Environment(emulator)
    environment.up([_tenant("acme", "Acme")])
    with pytest.raises(NameTaken, match=r"'Globex' now: company 'Globex' \(id .*choose another name"):
        environment.up([_tenant("acme", "Globex")])
    _settles(environment, _tenant("acme", "Acme Two"))


def test_company_adopted_by_id_gets_the_declared_name_at_once(emulator: Emulator) -> None:
    company = _by_hand(emulator, "Old Name", "admin@acme.example")
    environment = Environment(emulator)
    _settles(environment, _tenant("acme", "Acme", companyId=company))
    assert _names(emulator) == ["Acme"]


def test_company_adopted_by_id_whose_admin_is_not_ours_yet(emulator: Emulator) -> None:
    """Nobody could rename it; so its name is written as it is first, and nothing is half done."""
    company = _by_hand(emulator, "Old Name", "chief@acme.example")
    environment, before = Environment(emulator), emulator.state()
    with pytest.raises(NamedOtherwise, match="write `company: Old Name` first"):
        environment.up([_tenant("acme", "Acme", companyId=company)])
    assert {**emulator.state(), "credentials": []} == {**before, "credentials": []}
    _settles(environment, _tenant("acme", "Old Name", companyId=company))
    _settles(environment, _tenant("acme", "Acme", companyId=company))
    assert _names(emulator) == ["Acme"]


def test_company_whose_name_differs_in_case_is_adopted_by_its_id(emulator: Emulator) -> None:
    """`adopt: true` is about one of just that name, so it is not advised here."""
    company = _by_hand(emulator, "ACME", "admin@acme.example")
    environment = Environment(emulator)
    with pytest.raises(CompanyTaken) as caught:
        environment.up([_tenant("acme", "Acme")])
    assert str(caught.value).endswith(f"choose another name, or adopt it on purpose with `companyId: {company}`")
    _settles(environment, _tenant("acme", "Acme", companyId=company))
    assert _names(emulator) == ["Acme"]


def test_mistaken_id_is_corrected_or_left_out(emulator: Emulator) -> None:
    environment = Environment(emulator)
    with pytest.raises(CompanyUnknown, match="correct `companyId`, or leave it out"):
        environment.up([_tenant("acme", "Acme", companyId="f" * 32)])
    _settles(environment, _tenant("acme", "Acme"))


@pytest.mark.parametrize("first", ["acme", "beta"])
def test_company_of_another_tenant_is_known_by_its_admin_whatever_it_is_called(emulator: Emulator, first: str) -> None:
    """Somebody renamed it on the server, so that no file declares the name it has."""
    environment, acme = Environment(emulator), _tenant("acme", "Acme")
    environment.up([acme])
    company, users = emulator.state()["companies"][-1]["id"], emulator.state()["users"]
    admin = {"X-Clearml-Impersonate-As": users[-1]["id"]}
    emulator.data_of("organization.update_company_name", {"new_name": "Foo"}, headers=admin)
    both = [acme, _tenant("beta", "Foo", companyId=company)]
    with pytest.raises(CompanyShared, match=r"company 'Foo', the one of the tenant of admin@acme\.example"):
        environment.up(both if first == "acme" else both[::-1])
    assert emulator.state()["users"] == users


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("first", ["acme", "beta"])
def test_company_of_another_tenant_is_not_adopted_by_its_id(emulator: Emulator, first: str, lost: bool) -> None:
    """Whoever comes first, and whether the state knows the company."""
    environment, acme = Environment(emulator), _tenant("acme", "Acme")
    environment.up([acme])
    company, users = emulator.state()["companies"][-1]["id"], emulator.state()["users"]
    both = [acme, _tenant("beta", "Beta", companyId=company)]
    again = Environment(emulator) if lost else environment
    with pytest.raises(CompanyShared, match=r"company 'Acme', the one of the tenant of admin@acme\.example: correct"):
        again.up(both if first == "acme" else both[::-1])
    assert (emulator.state()["users"], _names(emulator)) == (users, ["Acme"])
    _settles(again, acme, _tenant("beta", "Beta"))


def test_rename_whose_admin_is_gone(emulator: Emulator) -> None:
    environment, chief = Environment(emulator), "chief@acme.example"
    environment.up([_tenant("acme", "Acme")])
    company, admin = environment.state["acme/company"].id, environment.state["acme/admin"].id
    body = {"name": "Chief", "company": company, "email": chief, "role": "admin"}
    other = emulator.data_of("auth.create_user", body)["id"]
    emulator.data_of("auth.delete_user", {"user": admin}, headers={"X-Clearml-Act-As": other})
    with pytest.raises(UserVanished, match=r"take this edit back, run `pulumi refresh` and `pulumi up`"):
        environment.up([_tenant("acme", "Acme Two")])
    environment.refresh()
    _settles(environment, _tenant("acme", "Acme"))
    _settles(environment, _tenant("acme", "Acme Two"))
