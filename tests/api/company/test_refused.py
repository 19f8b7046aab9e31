"""A tenant that cannot get its company or its admin: refused before anything is made, and the advised way out works.

Until then nothing is known of it: its file is changed or taken back freely, and nobody else's rules are touched.
"""

from __future__ import annotations

from typing import Any

import pytest

from components.clearml.api.errors import ServerFault
from components.clearml.run.company_refusals import CompanyTaken
from components.clearml.run.refusals import AdminChanged, TenantProtected, UserTaken, UserVanished
from settings.models.company import SignIn
from settings.models.tenant import Tenant
from tests.api.declarations.environment import tenant
from tests.api.environment import Environment
from tests.api.faulty import fault
from tests.api.program import Program
from tests.emulator import Emulator

DOMAIN, INVITED = "acme.example", "ann@partner.example"


def _acme(email: str = "admin@acme.example", **more: Any) -> Tenant:
    rules = {"domains": [DOMAIN], "users": [INVITED]}
    return tenant("acme", {"company": "Acme", "admin": {"name": "Admin", "email": email}, "signIn": rules, **more})


def _globex() -> Tenant:
    rules = {"domains": ["globex.example"]}
    return tenant("globex", {"company": "Globex", "admin": {"name": "G", "email": "g@globex.example"}, "signIn": rules})


def _by_hand(emulator: Emulator, name: str, *users: tuple[str, str]) -> list[str]:
    """Somebody's company with users by e-mail and role, and the very rules that our tenant declares; their ids."""
    company = emulator.data_of("system.create_company", {"name": name})["id"]
    made = []
    for email, role in users:
        body = {"name": "Somebody", "company": company, "email": email, "role": role}
        made.append(str(emulator.data_of("auth.create_user", body)["id"]))
    act = {"X-Clearml-Act-As": made[0]}
    emulator.data_of("login.set_domains", {"domains": [DOMAIN]}, headers=act)
    emulator.data_of("login.add_whitelist_entries", {"emails": [INVITED], "is_admin": False}, headers=act)
    return made


def _names(emulator: Emulator) -> list[str]:
    return [each["name"] for each in emulator.state()["companies"][1:]]


def test_admins_email_of_a_stranger_is_exchanged_for_another(emulator: Emulator) -> None:
    """Literally what the error says, although the company's own domain has to leave the stranger first."""
    (stranger,) = _by_hand(emulator, "Stranger", ("admin@acme.example", "admin"))
    emulator.data_of("login.set_domains", {"domains": []}, headers={"X-Clearml-Act-As": stranger})
    emulator.data_of("login.remove_whitelist_entries", {"emails": [INVITED]}, headers={"X-Clearml-Act-As": stranger})
    environment = Environment(emulator)
    with pytest.raises(UserTaken, match=r"company 'Stranger' .*give the tenant's admin an e-mail of its own"):
        environment.up([_globex(), _acme()])
    assert _names(emulator) == ["Stranger", "Globex"]
    other = _acme("clearml@acme.example")
    environment.up([_globex(), other])
    assert environment.up([_globex(), other]) == []
    assert _names(emulator) == ["Stranger", "Globex", "Acme"]


@pytest.mark.parametrize(
    ("company", "users", "error"),
    [
        ("Stranger", [("admin@acme.example", "admin")], UserTaken),
        ("Acme", [("admin@acme.example", "admin"), ("zoe@acme.example", "user")], CompanyTaken),
        ("Acme", [("chief@acme.example", "admin")], CompanyTaken),
    ],
)
def test_refused_file_is_taken_back_and_no_rule_of_strangers_with_it(
    emulator: Emulator, company: str, users: list[tuple[str, str]], error: type[Exception]
) -> None:
    """The file is protected, as every file that says nothing; and its rules are, by mistake, those of the stranger."""
    _by_hand(emulator, company, *users)
    environment = Environment(emulator)
    before = emulator.state()["rules"]
    for _ in range(2):
        with pytest.raises(error):
            environment.up([_globex(), _acme()])
    environment.up([_globex()])
    assert environment.up([_globex()]) == []
    kept = [each for each in emulator.state()["rules"] if each["domains"] != ["globex.example"]]
    assert kept == before


def test_one_that_was_made_stays_protected(emulator: Emulator) -> None:
    environment = Environment(emulator)
    environment.up([_globex(), _acme()])
    with pytest.raises(TenantProtected, match="tenant acme is protected"):
        environment.up([_globex()])


def test_refused_company_is_adopted_on_purpose(emulator: Emulator) -> None:
    """As the error says; and from then on the tenant is one like any other."""
    _by_hand(emulator, "Acme", ("admin@acme.example", "admin"), ("zoe@acme.example", "user"))
    environment = Environment(emulator)
    with pytest.raises(CompanyTaken, match=r"zoe@acme\.example: choose another name, or adopt it on purpose"):
        environment.up([_acme()])
    adopting = _acme(companyId=emulator.state()["companies"][-1]["id"], protect=False)
    environment.up([adopting])
    assert environment.up([adopting]) == []
    environment.up([_globex()])
    assert [each["domains"] for each in emulator.state()["rules"] if each["domains"]] == [["globex.example"]]


def test_company_that_cannot_be_judged_stops_the_run_and_is_named(emulator: Emulator) -> None:
    """Whether its rules may ever be taken away is open: nothing is written for anybody before that is known."""
    _by_hand(emulator, "Acme", ("admin@acme.example", "admin"))
    environment = Environment(emulator)
    emulator.faults([fault("users.get_all", "error-before", 99)])
    with pytest.raises(ServerFault, match=r"^tenant acme: users\.get_all: "):
        environment.up([_globex(), _acme()])
    assert [each["name"] for each in emulator.state()["companies"][1:]] == ["Acme"]
    emulator.faults([])
    environment.up([_globex(), _acme()])
    assert environment.up([_globex(), _acme()]) == []


def test_list_of_companies_is_nobodys_question_in_particular(emulator: Emulator) -> None:
    environment = Environment(emulator)
    emulator.faults([fault("system.get_companies", "error-before", 99)])
    with pytest.raises(ServerFault, match=r"^system\.get_companies: "):
        environment.up([_globex(), _acme()])


def test_admin_who_is_a_plain_user_is_made_an_admin(emulator: Emulator) -> None:
    user, chief = _by_hand(emulator, "Acme", ("admin@acme.example", "user"), ("chief@acme.example", "admin"))
    environment, adopting = Environment(emulator), _acme(adopt=True)
    with pytest.raises(UserTaken, match="with role user, not admin: make it an admin in the web interface"):
        environment.up([adopting])
    emulator.data_of("auth.edit_user", {"user": user, "role": "admin"}, headers={"X-Clearml-Act-As": chief})
    environment.up([adopting])
    assert environment.up([adopting]) == []


def test_admin_who_is_a_plain_user_is_exchanged_for_another(emulator: Emulator) -> None:
    _by_hand(emulator, "Acme", ("admin@acme.example", "user"))
    environment = Environment(emulator)
    with pytest.raises(UserTaken, match="or give the tenant's admin an e-mail of its own"):
        environment.up([_acme()])
    with pytest.raises(CompanyTaken, match="adopt: true"):
        environment.up([_acme("clearml@acme.example")])
    adopting = _acme("clearml@acme.example", adopt=True)
    environment.up([adopting])
    assert environment.up([adopting]) == []


def test_another_admin_for_a_tenant_that_has_one(emulator: Emulator) -> None:
    """As the error says: removed in a run of its own, and added anew on purpose."""
    environment = Environment(emulator)
    environment.up([_globex(), _acme(protect=False)])
    with pytest.raises(AdminChanged, match=r"put back admin@acme\.example; for another admin, remove the tenant"):
        environment.up([_globex(), _acme("clearml@acme.example", protect=False)])
    environment.up([_globex()])
    anew = _acme("clearml@acme.example", adopt=True)
    environment.up([_globex(), anew])
    assert environment.up([_globex(), anew]) == []
    assert _names(emulator) == ["Globex", "Acme"]
    assert DOMAIN in [domain for each in emulator.state()["rules"] for domain in each["domains"]]


def test_file_and_company_are_renamed_in_two_runs(emulator: Emulator) -> None:
    environment, before = Environment(emulator), _acme(protect=False)
    environment.up([before])
    with pytest.raises(UserTaken, match=r"company 'Acme' .*rename the file and the company in two runs"):
        environment.up([before.model_copy(update={"name": "acme2", "company": "Acme Two"})])
    for edited in ({"name": "acme2"}, {"name": "acme2", "company": "Acme Two"}):
        environment.up([before.model_copy(update=edited)])
        assert environment.up([before.model_copy(update=edited)]) == []
    assert _names(emulator) == ["Acme Two"]


@pytest.mark.parametrize("edit", ["rule", "file"])
def test_rules_of_a_tenant_whose_admin_is_gone(emulator: Emulator, edit: str) -> None:
    """Nobody can take them away; the edit is taken back, the user made again, the edit repeated."""
    environment, whole = Environment(emulator), _acme(protect=False)
    edited = [_globex()] if edit == "file" else [_globex(), whole.model_copy(update={"sign_in": SignIn()})]
    environment.up([_globex(), whole])
    company, admin = environment.state["acme/company"].id, environment.state["acme/admin"].id
    body = {"name": "Chief", "company": company, "email": "chief@acme.example", "role": "admin"}
    chief = emulator.data_of("auth.create_user", body)["id"]
    emulator.data_of("auth.delete_user", {"user": admin}, headers={"X-Clearml-Act-As": chief})
    with pytest.raises(UserVanished, match=r"tenant acme: .*take this edit back, run `pulumi refresh` and `pulumi up`"):
        environment.up(edited)
    environment.refresh()
    environment.up([_globex(), whole])
    assert environment.up([_globex(), whole]) == []
    environment.up(edited)
    assert environment.up(edited) == []
    assert [each["domains"] for each in emulator.state()["rules"] if each["domains"]] == [["globex.example"]]


def test_engine_tells_it_in_a_line_and_goes_on_after_the_edit(program: Program, emulator: Emulator) -> None:
    _by_hand(emulator, "Stranger", ("admin@acme.example", "admin"))
    content = {"company": "Acme", "admin": {"name": "Admin", "email": "admin@acme.example"}}
    program.write("acme", content)
    with pytest.raises(Exception, match="is already a user"):
        program.up()
    content["admin"] = {"name": "Admin", "email": "clearml@acme.example"}
    program.write("acme", content)
    program.up()
    assert set(program.preview()) == {"same"}
    content["admin"] = {"name": "Admin", "email": "other@acme.example"}
    program.write("acme", content)
    with pytest.raises(Exception, match=r"put back clearml@acme\.example"):
        program.preview()
    program.remove("acme")
    with pytest.raises(Exception, match="tenant acme is protected: put its file back") as caught:
        program.preview()
    assert "Traceback" not in str(caught.value)
