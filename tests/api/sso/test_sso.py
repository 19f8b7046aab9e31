"""A tenant's own identity provider: written whole, seen when somebody changes it, gone when the file says nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime import rpc

from components.clearml.api.calls.identity_providers import save
from components.clearml.api.client import Client
from components.clearml.api.errors import InvalidRequest
from components.clearml.run.refusals import NotApplied
from components.clearml.sso.resource import SsoProvider, admins
from tests.api.answering import answering
from tests.api.signing_in import READS, SECRET, WRITES, SigningIn
from tests.emulator import Emulator, start_emulator


@pytest.fixture
def acme(emulator: Emulator) -> SigningIn:
    return SigningIn(emulator)


def _saved_by_hand(acme: SigningIn, **changes: Any) -> None:
    whole = {"id": acme.company, **acme.declared["configuration"], "client_secret": SECRET, **changes}
    body = {"provider": "keycloak", "company": acme.company, "configuration": whole}
    acme.emulator.data_of("sso.save_provider_configuration", body)


def test_made_in_two_writes_read_back_and_then_left_alone(acme: SigningIn, emulator: Emulator) -> None:
    emulator.clear_calls()
    acme.up()
    acme.assert_exact()
    assert [call["endpoint"] for call in emulator.calls()] == [WRITES[0], READS[1], WRITES[1], READS[0]]
    emulator.clear_calls()
    assert acme.up() is False
    assert emulator.calls() == []
    assert acme.refresh() == {}
    assert len(emulator.calls()) == 2
    assert acme.up() is False


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("tenant", "acme-2"),
        ("group_mapping", {"staff": "users"}),
        ("group_mapping", {"staff": ["Data Scientists", "users"]}),
        ("admin_groups", admins([])),
        ("provider", "okta"),
        ("client_secret", "another"),
    ],
)
def test_each_change_is_made_in_place(acme: SigningIn, changed: str, value: Any) -> None:
    acme.up()
    acme.declared[changed] = value
    assert acme.up()
    acme.assert_exact()
    assert acme.refresh() == {}
    assert acme.up() is False


def test_several_groups_in_another_order_are_the_same(acme: SigningIn, emulator: Emulator) -> None:
    acme.declared["group_mapping"] = {"staff": ["a", "b"], "ops": "admins"}
    acme.up()
    sso = {"tenant": "acme-ext", "group_mapping": {"staff": ["b", "a"], "ops": ["admins"]}}
    sso["admin_groups"] = sorted(acme.declared["admin_groups"])
    emulator.data_of("system.update_company_sso_config", {"company": acme.company, "sso": sso})
    assert acme.refresh() == {}
    assert acme.up() is False


def test_what_left_the_configuration_is_gone_from_the_server(acme: SigningIn) -> None:
    acme.up()
    del acme.declared["configuration"]["end_session_endpoint"]
    acme.declared["configuration"] |= {"logout_from_provider": False}
    assert acme.up()
    acme.assert_exact()


def test_what_is_there_already_is_taken_over(acme: SigningIn) -> None:
    """Saved by a run whose end was lost, or by hand; switched off too."""
    _saved_by_hand(acme, client_id="other", client_secret="other")
    acme.switched_off_by_hand()
    acme.up()
    acme.assert_exact()


def test_configurations_of_others_are_left_alone(acme: SigningIn, emulator: Emulator) -> None:
    _saved_by_hand(acme, id="made-by-the-tenants-admin", display_name="Ours")
    acme.up()
    acme.remove()
    assert [each["id"] for each in acme.held()["providers"]] == ["made-by-the-tenants-admin"]


def test_deleted_by_hand_is_made_again(acme: SigningIn, emulator: Emulator) -> None:
    acme.up()
    body = {"ids": [acme.company], "company": acme.company}
    emulator.data_of("sso.delete_provider_configurations", body)
    acme.refresh()
    assert acme.id == ""
    assert acme.up()
    acme.assert_exact()


def test_switched_off_by_hand_is_seen_and_switched_on(acme: SigningIn) -> None:
    acme.up()
    acme.switched_off_by_hand()
    assert acme.refresh() == {"condition": "switched off"}
    assert acme.up()
    acme.assert_exact()
    assert acme.refresh() == {}


def test_saved_by_hand_is_seen_by_its_time_and_put_back(acme: SigningIn) -> None:
    """Even what can never be read, the client secret."""
    acme.up()
    _saved_by_hand(acme, client_secret="somebody-else")
    seen = acme.refresh()
    assert list(seen) == ["condition"]
    assert seen["condition"].startswith("saved by somebody else at 20")
    assert acme.refresh() == {}
    assert acme.up()
    acme.assert_exact()
    assert acme.refresh() == {}


def test_shown_name_and_tie_changed_by_hand_are_put_back(acme: SigningIn, emulator: Emulator) -> None:
    acme.up()
    _saved_by_hand(acme, display_name="Evil")
    sso = {"tenant": "evil", "group_mapping": {}, "admin_groups": ["evil"]}
    emulator.data_of("system.update_company_sso_config", {"company": acme.company, "sso": sso})
    seen = acme.refresh()
    assert (seen["tenant"], seen["group_mapping"], list(seen["admin_groups"])) == ("evil", {}, ["evil"])
    assert seen["configuration"]["display_name"] == "Evil"
    assert acme.up()
    acme.assert_exact()


def test_removal_deletes_the_configuration_and_says_what_stays(
    acme: SigningIn, capsys: pytest.CaptureFixture[str]
) -> None:
    acme.up()
    acme.remove()
    held = acme.held()
    assert held["providers"] == []
    assert held["config"]["tenant"] == "acme-ext"
    said = capsys.readouterr().out
    assert "nobody signs in through external tenant 'acme-ext' any more" in said
    assert "give that id to no other tenant" in said


def test_removal_of_what_is_gone_already_is_fine(acme: SigningIn) -> None:
    acme.up()
    kept = acme.id, acme.kept
    acme.remove()
    acme.id, acme.kept = kept
    acme.remove()
    acme.id, acme.kept = kept[0], {**kept[1], "company_id": "f" * 32}
    acme.remove()


def test_the_secret_is_in_no_error_and_no_repr(acme: SigningIn) -> None:
    """A server may repeat what it was sent: as it is, as JSON or Python write it, in lower case."""
    for echoed in (SECRET, json.dumps(SECRET), repr(SECRET), SECRET.lower()):
        body = {"meta": {"result_code": 400, "result_subcode": 12, "result_msg": f"bad value {echoed}"}, "data": {}}
        with answering(json.dumps(body).encode(), status=400) as where, Client(where) as client:
            with pytest.raises(InvalidRequest) as caught:
                save(client, acme.company, "keycloak", {"client_id": "c"}, SECRET)
            told = f"{caught.value} {caught.value!r} {caught.value.failure!r} {client.connection!r}"
        assert "[secret]" in told
        assert "weak" not in told


@pytest.mark.parametrize("name", ["tenant", "client_secret"])
def test_an_empty_value_is_told_in_the_preview_and_an_unknown_one_is_not(name: str) -> None:
    inputs = {"tenant": "t", "client_secret": "s"}
    assert [each.property for each in SsoProvider().check({}, {**inputs, name: " "}).failures] == [name]
    assert SsoProvider().check({}, {**inputs, name: rpc.UNKNOWN}).failures == []


@pytest.mark.parametrize("name", ["provider", "tenant", "configuration", "client_secret", "condition"])
def test_only_another_company_is_another_resource(name: str) -> None:
    olds = {"company_id": "1", "tenant": "t"}
    assert SsoProvider().diff("sso/1", olds, {**olds, name: "other"}).replaces == []
    assert SsoProvider().diff("sso/1", olds, {**olds, "company_id": "2"}).replaces == ["company_id"]


@pytest.mark.parametrize("shown", [True, False])
def test_whether_or_not_the_server_shows_the_tie(tmp_path: Path, shown: bool) -> None:
    emulator = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps({"company_info_shows_sso": shown})})
    try:
        acme = SigningIn(emulator)
        acme.up()
        acme.assert_exact()
        sso = {"tenant": "evil", "group_mapping": {}, "admin_groups": []}
        emulator.data_of("system.update_company_sso_config", {"company": acme.company, "sso": sso})
        assert acme.refresh().get("tenant") == ("evil" if shown else None)
    finally:
        emulator.stop()


@pytest.mark.parametrize(
    ("shown", "field"),
    [
        ({"defaults": {"sso": {"tenant": "other"}}}, "sso.tenant"),
        ({"configurations": [{"id": "c1", "display_name": "Other"}]}, "display_name"),
        ({"configurations": [{"id": "c1", "active": False}]}, "active"),
        ({"configurations": [{"id": "somebody else's"}]}, "configuration"),
    ],
)
def test_what_the_server_says_otherwise_is_an_error_that_names_the_field(shown: dict[str, Any], field: str) -> None:
    """One that accepts everything and keeps something else."""
    data = {"configurations": [{"id": "c1"}], **shown}
    answer = json.dumps({"meta": {"result_code": 200}, "data": data}).encode()
    with answering(answer) as where:
        provider = SsoProvider()
        provider.connect(where)
        inputs = {"company_id": "c1", "provider": "keycloak", "tenant": "acme", "client_secret": SECRET}
        with pytest.raises(NotApplied, match=f"accepted {field} = ") as caught:
            provider.create({**inputs, "configuration": {"display_name": "Acme"}, "condition": ""})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("sso", [None, "acme", [], {"tenant": 7}])
def test_a_tie_in_another_form_counts_as_not_shown(sso: object) -> None:
    answer = {"id": "c1", "defaults": {"sso": sso}, "configurations": [{"id": "c1"}]}
    with answering(json.dumps({"meta": {"result_code": 200}, "data": answer}).encode()) as where:
        provider = SsoProvider()
        provider.connect(where)
        inputs = {"company_id": "c1", "provider": "keycloak", "tenant": "acme", "client_secret": SECRET}
        made = provider.create({**inputs, "configuration": {}, "condition": ""}).outs or {}
    assert made["tenant"] == "acme"
