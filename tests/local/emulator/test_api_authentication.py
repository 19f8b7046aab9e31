"""Who is calling: key pairs, tokens, cookies, and the errors of each."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.emulator import Emulator, start_emulator
from tests.local.tenants import fault_of, message_of, new_tenant


@pytest.fixture
def api(shared_emulator: Emulator) -> Emulator:
    return shared_emulator


@pytest.mark.parametrize(
    ("authorization", "fault", "message"),
    [
        (None, (401, 20), "Unauthorized (missing credentials)"),
        ("Digest abc", (401, 10), "Unauthorized (bad authentication header type)"),
        ("Basic a", (401, 21), "Unauthorized (malformed credentials)"),
        (
            "Basic " + base64.b64encode(b"no:body").decode(),
            (401, 22),
            "Unauthorized (invalid credentials) (failed to locate provided credentials)",
        ),
        ("Bearer nonsense", (401, 30), "Invalid token"),
    ],
)
def test_bad_credentials(api: Emulator, authorization: str | None, fault: tuple[int, int], message: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    response = api.call("auth.login", headers=headers, auth=None)
    assert fault_of(response) == fault
    assert message_of(response).startswith(message)


def test_a_right_key_with_a_wrong_secret_is_refused(api: Emulator) -> None:
    assert fault_of(api.call("server.info", auth=(api.key, api.secret + "x"))) == (401, 22)


def test_the_supervisor_signs_in_as_the_configured_identity(api: Emulator) -> None:
    pair = (api.supervisor_key, api.supervisor_secret)
    token = api.data_of("auth.login", auth=pair)["token"]
    headers = {"Authorization": f"Bearer {token}"}
    me = api.data_of("users.get_current_user", {"get_supported_features": True}, auth=None, headers=headers)
    assert me["user"]["role"] == "system"
    assert me["user"]["company"] == {"id": "d1bd92a3b039400cbafc60a7a5b1e52b", "name": "clearml"}
    assert me["sec_groups"] == ["users", "admins", "queue_admins"]


def claims(token: str) -> dict[str, object]:
    body = token.split(".")[1]
    decoded: dict[str, object] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return decoded


def test_tokens_carry_the_identity_and_expire_but_for_system(api: Emulator) -> None:
    tenant = new_tenant(api)
    token = claims(tenant.be("auth.login")["token"])
    identity = token["identity"]
    assert isinstance(identity, dict)
    assert (identity["user"], identity["company"], identity["role"]) == (tenant.admin, tenant.company, "admin")
    assert isinstance(token["exp"], int)
    assert isinstance(token["iat"], int)
    assert token["exp"] - token["iat"] == 2_592_000
    assert "exp" not in claims(api.data_of("auth.login")["token"])
    assert "exp" in claims(api.data_of("auth.login", {"expiration_sec": 60})["token"])


def test_an_altered_token_is_refused(api: Emulator) -> None:
    head, _, signature = api.data_of("auth.login")["token"].rpartition(".")
    forged = {"Authorization": f"Bearer {head}x.{signature}"}
    assert fault_of(api.call("server.info", auth=None, headers=forged)) == (401, 30)


def test_a_revoked_token_is_refused(api: Emulator) -> None:
    bearer = {"Authorization": f"Bearer {api.data_of('auth.login')['token']}"}
    api.data_of("auth.logout", auth=None, headers=bearer)
    assert fault_of(api.call("server.info", auth=None, headers=bearer)) == (401, 30)


def test_who_showed_no_token_signs_out_of_nothing(api: Emulator) -> None:
    assert api.data_of("login.logout", auth=None) == {}
    assert fault_of(api.call("auth.logout", auth=None)) == (401, 20)


def test_login_sets_a_cookie_that_works_alone(api: Emulator) -> None:
    response = api.call("auth.login")
    cookie = response.headers["set-cookie"].partition(";")[0]
    assert cookie.startswith("clearml_token_basic=")
    assert api.call("server.info", auth=None, headers={"Cookie": cookie}).status_code == 200
    assert "set-cookie" not in api.call("auth.login", {"set_cookie": False}).headers


def test_a_header_wins_over_the_cookie(api: Emulator) -> None:
    cookie = api.call("auth.login").headers["set-cookie"].partition(";")[0]
    assert fault_of(api.call("server.info", auth=("no", "body"), headers={"Cookie": cookie})) == (401, 22)


def test_each_use_of_a_key_is_noted(api: Emulator) -> None:
    tenant = new_tenant(api)
    key = tenant.key()
    assert "last_used" not in tenant.be("auth.get_credentials")["credentials"][0]
    api.data_of("server.info", auth=key, headers={"X-Clearml-Worker": "agent-1"})
    seen = tenant.be("auth.get_credentials")["credentials"][0]
    assert seen["last_used"] > seen["created"]
    assert seen["last_used_from"] == "agent-1"


def test_a_role_that_is_not_allowed_is_403(api: Emulator) -> None:
    response = api.call("system.get_companies", auth=new_tenant(api).key())
    assert fault_of(response) == (403, 20)
    assert message_of(response) == "Forbidden (not allowed for role): role=admin, allowed=(system, root)"


def test_a_plain_user_may_not_touch_the_sign_in_rules(api: Emulator) -> None:
    tenant = new_tenant(api)
    headers = {"X-Clearml-Impersonate-As": tenant.add_user("user")}
    assert fault_of(api.call("login.get_settings", headers=headers)) == (403, 20)


def test_supported_modes_tells_whether_credentials_are_valid(api: Emulator) -> None:
    assert api.data_of("login.supported_modes")["authenticated"] is True
    assert api.data_of("login.supported_modes", auth=None)["authenticated"] is False
    assert api.data_of("login.supported_modes", auth=("no", "body"))["authenticated"] is False


def test_tokens_outlive_a_restart(tmp_path: Path) -> None:
    api = start_emulator(tmp_path)
    bearer = {"Authorization": f"Bearer {api.data_of('auth.login')['token']}"}
    api.restart()
    assert api.call("server.info", auth=None, headers=bearer).status_code == 200
    api.stop()
