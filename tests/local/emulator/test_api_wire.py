"""The emulator's wire: paths, methods, bodies, the envelope, and what is not enveloped."""

from __future__ import annotations

import httpx
import pytest

from tests.emulator import Emulator
from tests.local.tenants import fault_of, message_of, new_tenant


@pytest.fixture
def api(shared_emulator: Emulator) -> Emulator:
    return shared_emulator


def send(api: Emulator, method: str, path: str, **how: object) -> httpx.Response:
    auth = httpx.BasicAuth(api.key, api.secret)
    with httpx.Client(trust_env=False, timeout=10, auth=auth) as client:
        return client.request(method, f"{api.url}{path}", **how)  # type: ignore[arg-type]


def test_the_envelope_has_every_field(api: Emulator) -> None:
    answer = send(api, "POST", "/server.info", headers={"X-Clearml-Trx": "trace-1"}).json()
    meta = answer["meta"]
    assert set(meta) == {
        *("id", "trx", "endpoint", "result_code", "result_subcode", "result_msg", "error_stack", "error_data")
    }
    assert len(meta["id"]) == 32
    assert meta["trx"] == "trace-1"
    assert meta["endpoint"] == {"name": "server.info", "requested_version": "2.34", "actual_version": "2.12"}
    assert (meta["result_code"], meta["result_subcode"], meta["result_msg"]) == (200, 0, "OK")
    assert (meta["error_stack"], meta["error_data"]) == ("", {})
    assert answer["data"]["api_version"] == "2.34"
    assert send(api, "POST", "/no.such").json()["meta"]["error_stack"] is None


def test_the_transaction_is_the_calls_id_unless_given_in_either_spelling(api: Emulator) -> None:
    meta = send(api, "GET", "/debug.ping").json()["meta"]
    assert meta["trx"] == meta["id"]
    assert send(api, "GET", "/debug.ping", headers={"x-trains-trx": "old"}).json()["meta"]["trx"] == "old"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_the_method_does_not_matter(api: Emulator, method: str) -> None:
    assert send(api, method, "/debug.ping").json()["data"]["msg"] == "ClearML server"


def test_options_is_answered_empty(api: Emulator) -> None:
    response = send(api, "OPTIONS", "/system.create_company")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("path", ["/v2.34/server.info", "/v2.34/server.info/", "/server.info/", "/v2.99/server.info"])
def test_paths_take_a_version_and_a_trailing_slash(api: Emulator, path: str) -> None:
    assert send(api, "GET", path).status_code == 200


def test_an_older_caller_gets_the_older_implementation(api: Emulator) -> None:
    answer = send(api, "GET", "/v2.9/server.info").json()
    assert answer["meta"]["endpoint"] == {"name": "server.info", "requested_version": "2.9", "actual_version": "2.8"}
    assert "uid" in answer["data"]
    assert "api_version" not in answer["data"]


def test_versions_before_2_1_are_numbers(api: Emulator) -> None:
    endpoint = send(api, "GET", "/v2.0/server.info").json()["meta"]["endpoint"]
    assert (endpoint["requested_version"], endpoint["actual_version"]) == (2.0, 1.0)


def test_an_unknown_endpoint_is_404_even_without_credentials(api: Emulator) -> None:
    response = api.call("tenants.create_tenant", auth=None)
    assert fault_of(response) == (404, 0)
    assert message_of(response) == "Unable to find endpoint for name tenants.create_tenant and version 2.34"


def test_an_endpoint_newer_than_the_callers_version_is_unknown(api: Emulator) -> None:
    assert fault_of(send(api, "POST", "/v2.3/queues.create")) == (404, 0)


@pytest.mark.parametrize("path", ["/", "/system", "/a.b.c", "/v1/server.info", "/login.get-settings"])
def test_a_malformed_path_is_400(api: Emulator, path: str) -> None:
    response = send(api, "GET", path)
    assert fault_of(response) == (400, 0)
    assert message_of(response) == f"Invalid request path {path}"
    assert response.json()["meta"]["endpoint"]["actual_version"] is None


def test_a_version_with_leading_zeros_is_400_subcode_2(api: Emulator) -> None:
    assert fault_of(send(api, "GET", "/v02.1/server.info")) == (400, 2)


def test_a_body_is_json_whatever_its_type_says(api: Emulator) -> None:
    headers = {"Content-Type": "text/plain"}
    assert send(api, "POST", "/debug.ping", content='{"a": [1]}', headers=headers).json()["data"]["a"] == [1]


def test_query_arguments_are_laid_over_the_body(api: Emulator) -> None:
    query = "?a=2&b.c=true&d=1.5&e[]=x&f=1&f=y&g=007&h=False"
    data = send(api, "POST", f"/debug.ping{query}", json={"a": 1, "z": 0}).json()["data"]
    del data["msg"]
    assert data == {
        **{"a": 2, "z": 0, "b": {"c": True}, "d": 1.5, "e": ["x"], "f": [1, "y"], "g": 7, "h": False},
    }


def test_form_fields_are_fields(api: Emulator) -> None:
    assert send(api, "POST", "/debug.ping", data={"n": "5", "s": "x y"}).json()["data"] == {
        **{"msg": "ClearML server", "n": 5, "s": "x y"}
    }


def test_json_sent_as_a_form_is_not_read_as_json(api: Emulator) -> None:
    """What `curl -d` does without the Content-Type header of the document's commands."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = send(api, "POST", "/system.create_company", content='{"name":"Acme"}', headers=headers)
    assert fault_of(response) == (400, 12)


def test_malformed_json_is_400(api: Emulator) -> None:
    assert fault_of(send(api, "POST", "/debug.ping", content="{")) == (400, 0)


def test_a_json_array_is_500(api: Emulator) -> None:
    response = send(api, "POST", "/debug.ping", content="[1]")
    assert (fault_of(response), message_of(response)) == ((500, 0), "Data should be a dict")


def test_the_role_is_checked_before_the_body(api: Emulator) -> None:
    key = new_tenant(api).key()
    with httpx.Client(trust_env=False, auth=key) as client:
        assert fault_of(client.post(f"{api.url}/system.create_company", content="{")) == (403, 20)


def test_a_content_encoding_gets_a_plain_415(api: Emulator) -> None:
    response = send(api, "POST", "/debug.ping", content=b"x", headers={"Content-Encoding": "gzip"})
    assert response.status_code == 415
    assert response.text == "Content encoding is not supported (gzip)"


def test_answers_are_compressed_for_who_can_read_that(api: Emulator) -> None:
    response = send(api, "GET", "/server.endpoints")
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["server"] == "clearml"
    assert "content-encoding" not in send(api, "GET", "/server.endpoints", headers={"Accept-Encoding": ""}).headers


def test_endpoints_can_be_probed_with_their_fields(api: Emulator) -> None:
    found = api.data_of("server.endpoints")["endpoints"]
    model = found["system.create_company"][0]["request_data_model"]
    assert model["required"] == ["name"]
    assert "tenants.create_tenant" not in found
    assert [each["min_version"] for each in found["server.info"]] == ["2.12", "2.8", "1.0"]


def test_the_configuration_is_shown_without_its_secure_part(api: Emulator) -> None:
    everything = api.data_of("server.config")
    assert everything["apiserver"]["company"]["unique_names"] is True
    assert "secure" not in everything
    assert api.secret not in str(everything)
    assert api.data_of("server.config", {"path": "apiserver.company"}) == {"unique_names": True}


def test_the_configurations_secure_part_is_shown_to_who_asks_for_it(api: Emulator) -> None:
    """As the real server does: a client that asked for it would have every secret in its hands, and in its log."""
    assert api.data_of("server.config", {"path": "secure"})["credentials"]["apiserver"]["user_secret"] == api.secret
    shown = api.data_of("server.config", {"path": "secure.credentials"})
    assert shown["apiserver"]["user_secret"] == api.secret
