"""The emulated API, run from the deployed Server: the document's first values block signs its supervisor in."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from local import kubelet
from local.checkout import Checkout
from tests.local.documented_values import FIRST_BLOCK
from tests.local.helm import SERVER, Object, deploy
from tests.local.own_cluster import Api, own_cluster, soon

pytestmark = pytest.mark.e2e
PAIR = {"apiserverKey": "SERVERKEY", "apiserverSecret": "server-secret"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    with own_cluster(tmp_path_factory.mktemp("real")) as made:
        Api(made).make_namespace("clearml")
        kubelet.start(made)
        yield made
        kubelet.stop(made)


def release(checkout: Checkout, entries: list[Object]) -> None:
    values = {"clearml": PAIR, "apiserver": {"extraEnvs": entries}}
    code, said = deploy(checkout.kubeconfig, SERVER, "clearml-enterprise", "clearml", values)
    assert code == 0, said


def status_of(checkout: Checkout, api: str) -> kubelet.PodStatus | None:
    found = kubelet.status(checkout)
    return found if found.api == api else None


def test_the_first_block_lets_server_and_supervisor_in(checkout: Checkout) -> None:
    release(checkout, FIRST_BLOCK)
    soon(lambda: status_of(checkout, "running"))
    assert httpx.get(f"{checkout.api_url}/debug.ping").json()["data"]["msg"] == "ClearML server"
    for pair in (("SERVERKEY", "server-secret"), ("SUPERVISOR_KEY", "SUPERVISOR_SECRET")):
        answer = httpx.post(f"{checkout.api_url}/auth.login", json={}, auth=pair)
        assert answer.status_code == 200
        assert answer.json()["data"]["token"]
    wrong = httpx.post(f"{checkout.api_url}/auth.login", json={}, auth=("SERVERKEY", "wrong"))
    assert wrong.status_code == 401


def test_an_email_without_quotes_of_its_own_stops_the_api_with_a_reason(checkout: Checkout) -> None:
    name = "CLEARML__secure__credentials__supervisor__email"
    release(checkout, [*FIRST_BLOCK, {"name": name, "value": "email@example.com"}])
    crashed = soon(lambda: status_of(checkout, "crashed"))
    assert name in (crashed.reason or "")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{checkout.api_url}/debug.ping")
