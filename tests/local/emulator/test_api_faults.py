"""Faults of each kind, persistence over kills, the record of calls, and that no secret is ever shown."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.emulator import Emulator, start_emulator
from tests.local.tenants import fault_of, new_tenant

AUTH = (Emulator.key, Emulator.secret)


def create(api: Emulator) -> httpx.Response:
    return api.call("system.create_company", {"name": "Faulty"})


def exists(api: Emulator) -> bool:
    return "Faulty" in {each["name"] for each in api.state()["companies"]}


def ask(api: Emulator, kind: str, **more: object) -> None:
    api.clear_calls()
    api.faults([{"endpoint": "system.create_company", "kind": kind, "times": 1, **more}])


def statuses(api: Emulator) -> list[int | None]:
    return [each["status"] for each in api.calls()]


def test_refuse_resets_the_connection_and_nothing_is_done(emulator: Emulator) -> None:
    ask(emulator, "refuse")
    with pytest.raises(httpx.ReadError):
        create(emulator)
    assert not exists(emulator)
    assert create(emulator).status_code == 200
    assert statuses(emulator) == [None, 200]


def test_slow_works_late(emulator: Emulator) -> None:
    ask(emulator, "slow", seconds=0.5)
    started = time.monotonic()
    assert create(emulator).status_code == 200
    assert time.monotonic() - started >= 0.5


def test_error_before_does_nothing(emulator: Emulator) -> None:
    ask(emulator, "error-before")
    assert fault_of(create(emulator)) == (500, 0)
    assert not exists(emulator)


def test_error_after_has_done_it(emulator: Emulator) -> None:
    ask(emulator, "error-after")
    assert fault_of(create(emulator)) == (500, 0)
    assert exists(emulator)


def test_lost_answer_has_done_it(emulator: Emulator) -> None:
    ask(emulator, "lost-answer")
    with pytest.raises(httpx.TransportError):
        create(emulator)
    assert exists(emulator)
    assert statuses(emulator) == [None]


def test_rate_limit_says_when_to_come_back(emulator: Emulator) -> None:
    ask(emulator, "rate-limit", seconds=3)
    response = create(emulator)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "3")
    assert not exists(emulator)


def test_html_is_what_a_proxy_says(emulator: Emulator) -> None:
    ask(emulator, "html")
    response = create(emulator)
    assert (response.status_code, response.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert response.text.startswith("<html>")
    assert not exists(emulator)


def test_truncated_has_done_it_and_answers_half(emulator: Emulator) -> None:
    ask(emulator, "truncated")
    response = create(emulator)
    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        response.json()
    assert exists(emulator)


def test_late_is_a_gateway_that_gives_up_on_a_server_that_does_not(emulator: Emulator) -> None:
    ask(emulator, "late", seconds=0.4)
    response = create(emulator)
    assert (response.status_code, response.headers["content-type"]) == (504, "text/html; charset=utf-8")
    assert not exists(emulator)
    time.sleep(0.6)
    assert exists(emulator)
    assert statuses(emulator) == [504]


def test_late_work_does_not_outlive_a_fresh_start(emulator: Emulator) -> None:
    ask(emulator, "late", seconds=0.3)
    create(emulator)
    emulator.empty()
    time.sleep(0.5)
    assert not exists(emulator)


def test_drip_answers_a_byte_at_a_time(emulator: Emulator) -> None:
    ask(emulator, "drip", seconds=0.002)
    started = time.monotonic()
    response = create(emulator)
    assert response.json()["data"]["id"]
    assert time.monotonic() - started >= 0.002 * len(response.content)


def test_bomb_is_a_right_answer_of_a_thousand_times_its_size(emulator: Emulator) -> None:
    ask(emulator, "bomb")
    with (
        httpx.Client(trust_env=False) as client,
        client.stream("POST", f"{emulator.url}/system.create_company", json={"name": "Faulty"}, auth=AUTH) as response,
    ):
        packed = b"".join(response.iter_raw())
    assert len(packed) < 2 * 2**20
    unpacker, size, start = zlib.decompressobj(zlib.MAX_WBITS | 16), 0, b""
    while packed:
        piece = unpacker.decompress(packed, 2**20)
        start, size, packed = start or piece, size + len(piece), unpacker.unconsumed_tail
    assert unpacker.eof
    assert size > 1000 * 2**20
    assert json.loads(start)["meta"]["result_code"] == 200
    assert exists(emulator)


def test_faults_are_counted_and_belong_to_their_endpoint(emulator: Emulator) -> None:
    emulator.faults([{"endpoint": "*", "kind": "html", "times": 2}, {"endpoint": "debug.ping", "kind": "rate-limit"}])
    assert [emulator.call("debug.ping").status_code for _ in range(4)] == [502, 502, 429, 200]
    emulator.faults([{"endpoint": "server.info", "kind": "html", "times": 1}])
    assert emulator.call("debug.ping").status_code == 200
    emulator.faults([])
    assert emulator.call("server.info").status_code == 200


@pytest.mark.parametrize("faults", [[{"endpoint": "*", "kind": "odd"}], {"endpoint": "*"}, [{"kind": "html"}]])
def test_a_fault_that_is_none_is_refused(emulator: Emulator, faults: object) -> None:
    response = httpx.put(f"{emulator.control_url}/faults", json=faults, trust_env=False)
    assert response.status_code == 400
    assert "\n" not in response.json()["error"]


def test_calls_are_recorded_with_the_identity_in_effect_and_failed_ones_too(emulator: Emulator) -> None:
    tenant = new_tenant(emulator)
    emulator.clear_calls()
    tenant.act("login.get_settings")
    emulator.call("system.create_company", {})
    emulator.call("no.such_call", auth=None)
    seen = [(each["endpoint"], each["user"], each["company"], each["status"]) for each in emulator.calls()]
    assert seen[0] == ("login.get_settings", tenant.admin, tenant.company, 200)
    assert seen[1][:2] == ("system.create_company", "__apiserver__")
    assert (seen[1][3], seen[2]) == (400, ("no.such_call", None, None, 404))


@pytest.mark.parametrize("end", [Emulator.kill, Emulator.stop], ids=["kill", "stop"])
def test_what_was_answered_is_there_after_the_end(emulator: Emulator, end: Callable[[Emulator], None]) -> None:
    tenant = new_tenant(emulator)
    key = tenant.key()
    tenant.act("login.set_domains", {"domains": ["kept.example.com"]})
    before = emulator.state()
    end(emulator)
    emulator.restart()
    assert emulator.state() == before
    assert emulator.call("server.info", auth=key).status_code == 200


def test_a_failed_call_leaves_nothing_half_made(tmp_path: Path) -> None:
    api = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": '{"new_server": true}'})
    body = {"name": "Half Made", "domain": "half.example.com", "admin_emails": ["x@half.example.com", "wrong"]}
    assert fault_of(api.call("tenants.create_tenant", body)) == (400, 22)
    bad_domain = {"name": "Half Made", "domain": "no domain"}
    assert fault_of(api.call("tenants.create_tenant", bad_domain)) == (400, 23)
    assert "Half Made" not in {each["name"] for each in api.state()["companies"]}
    api.stop()


def test_a_second_emulator_on_the_same_data_is_refused(emulator: Emulator) -> None:
    with pytest.raises(AssertionError, match="stop the emulator that uses it"):
        start_emulator(emulator.data.parent)


def test_no_secret_is_ever_shown_or_kept(emulator: Emulator) -> None:
    _, secret = new_tenant(emulator).key()
    planted = [secret, emulator.secret, emulator.supervisor_secret]
    emulator.call("server.info", auth=("nobody", "planted-in-a-wrong-login"))
    emulator.stop()
    files = b"".join(each.read_bytes() for each in emulator.data.parent.glob("emulator*"))
    assert [each for each in [*planted, "planted-in-a-wrong-login"] if each.encode() in files] == []
    emulator.restart()
    shown = json.dumps(emulator.state()) + json.dumps(emulator.calls())
    assert [each for each in planted if each in shown] == []
