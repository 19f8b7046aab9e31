"""The API is there exactly while the Server release is, with the environment that the release gives it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest

from local import kubelet
from local.checkout import Checkout
from tests.local.helm import SERVER, Object, deploy, helm
from tests.local.own_cluster import Api, own_cluster, soon

pytestmark = pytest.mark.e2e

# Answers every request with its own environment and arguments, so that a test sees what the API was really given.
MIRROR = """
import http.server, json, os, sys
given = os.environ
if "CLEARML__broken" in given:
    print("an earlier line", file=sys.stderr)
    sys.exit("cannot parse " + given["CLEARML__broken"] + " and " + given["CLEARML__secure__auth__token_secret"])
class Mirror(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"environment": dict(given), "pid": os.getpid()}).encode())
host, port = sys.argv[sys.argv.index("--listen") + 1].split(":")
http.server.ThreadingHTTPServer((host, int(port)), Mirror).serve_forever()
"""
VARIABLE = "CLEARML__services__organization__features__reports"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    with own_cluster(tmp_path_factory.mktemp("pod")) as made:
        Api(made).make_namespace("clearml")
        yield made


@pytest.fixture
def checkout(place: Checkout) -> Iterator[Checkout]:
    """The cluster with no release in it and the runner at work."""
    kubelet.start(place, mirror(place))
    yield place
    kubelet.stop(place)
    helm("uninstall", "clearml-enterprise", "--namespace", "clearml", "--wait", kubeconfig=place.kubeconfig)


def mirror(checkout: Checkout) -> list[str]:
    """The program that stands in for the API."""
    file = checkout.data / "mirror.py"
    file.write_text(MIRROR)
    return [sys.executable, str(file)]


def release(checkout: Checkout, **named: str) -> None:
    """Deploy the Server with these variables, as `helm upgrade --wait` does."""
    entries = [{"name": name, "value": value} for name, value in named.items()]
    values = {"apiserver": {"extraEnvs": entries}}
    code, said = deploy(checkout.kubeconfig, SERVER, "clearml-enterprise", "clearml", values)
    assert code == 0, said


def mirrored(checkout: Checkout) -> Object | None:
    """What the API says of itself; None while it cannot be reached."""
    try:
        found: Object = httpx.get(checkout.api_url, timeout=2).json()
    except httpx.TransportError:
        return None
    return found


def status_of(checkout: Checkout, api: str) -> kubelet.PodStatus | None:
    found = kubelet.status(checkout)
    return found if found.api == api else None


def running(checkout: Checkout) -> Object:
    """What the API says once it runs."""
    soon(lambda: status_of(checkout, "running"))
    return soon(lambda: mirrored(checkout))


def running_anew(checkout: Checkout, before: int) -> Object:
    """What another process than `before` says once it runs."""

    def other() -> Object | None:
        found = mirrored(checkout)
        return found if found and found["pid"] != before else None

    return soon(other)


def test_there_is_no_api_before_the_release_is(checkout: Checkout) -> None:
    time.sleep(2)
    assert mirrored(checkout) is None
    status = kubelet.status(checkout)
    assert (status.running, status.api) == (True, "waiting")
    assert status.reason == "no apiserver Deployment is in the cluster yet"


def test_the_api_has_the_containers_environment_and_nothing_of_ours(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEARML__leaked", "from the shell")
    kubelet.stop(checkout)
    kubelet.start(checkout, mirror(checkout))
    release(checkout, **{VARIABLE: "true", "CLEARML__quoted": '"\\"a b\\""'})
    given = running(checkout)["environment"]
    secret = Api(checkout).secret("clearml", "clearml-conf")
    assert given[VARIABLE] == "true"
    assert given["CLEARML__quoted"] == '"\\"a b\\""'
    assert given["CLEARML__secure__credentials__apiserver__user_key"] == secret["apiserver_key"]
    assert given["CLEARML__secure__credentials__apiserver__user_secret"] == secret["apiserver_secret"]
    assert {name for name in given if not name.startswith("CLEARML")} <= {"PATH", "LC_CTYPE"}
    assert "CLEARML__leaked" not in given
    assert "CLEARML_API_URL" not in given


def test_no_secret_is_in_arguments_state_or_logs(checkout: Checkout) -> None:
    release(checkout)
    running(checkout)
    secrets = Api(checkout).secret("clearml", "clearml-conf").values()
    shown = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
    shown += [file.read_text(errors="replace") for file in checkout.run.iterdir()]
    assert not [secret for secret in secrets if any(secret in text for text in shown)]


def test_a_changed_variable_restarts_it_once(checkout: Checkout) -> None:
    release(checkout, **{VARIABLE: "true"})
    before = running(checkout)["pid"]
    release(checkout, **{VARIABLE: "false"})
    after = running_anew(checkout, before)
    assert after["environment"][VARIABLE] == "false"
    time.sleep(3)
    assert running(checkout)["pid"] == after["pid"]


def test_once_helm_is_done_the_old_settings_are_never_seen_again(checkout: Checkout) -> None:
    for round_ in range(3):
        release(checkout, **{VARIABLE: str(round_)})
        found = soon(lambda: mirrored(checkout))
        assert found["environment"][VARIABLE] == str(round_)


def test_an_upgrade_that_changes_nothing_leaves_it_running(checkout: Checkout) -> None:
    release(checkout, **{VARIABLE: "true"})
    before = running(checkout)["pid"]
    release(checkout, **{VARIABLE: "true"})
    time.sleep(3)
    assert running(checkout)["pid"] == before


def test_a_changed_secret_reaches_it(checkout: Checkout) -> None:
    release(checkout)
    before = running(checkout)["pid"]
    Api(checkout).change_secret("clearml", "clearml-conf", apiserver_key="CHANGED", unused="ignored")
    after = running_anew(checkout, before)
    assert after["environment"]["CLEARML__secure__credentials__apiserver__user_key"] == "CHANGED"


def test_a_crash_is_told_by_its_last_line_without_secrets_and_mended_by_the_next_upgrade(checkout: Checkout) -> None:
    release(checkout, CLEARML__broken="a@b")
    status = soon(lambda: status_of(checkout, "crashed"))
    assert status.reason == "cannot parse a@b and ***"
    release(checkout, **{VARIABLE: "true"})
    assert running(checkout)["environment"][VARIABLE] == "true"


def test_it_is_gone_with_the_release(checkout: Checkout) -> None:
    release(checkout)
    running(checkout)
    helm("uninstall", "clearml-enterprise", "--namespace", "clearml", "--wait", kubeconfig=checkout.kubeconfig)
    soon(lambda: status_of(checkout, "waiting"))
    assert mirrored(checkout) is None


def test_a_killed_runner_is_replaced_and_what_it_left_behind_goes(checkout: Checkout) -> None:
    release(checkout)
    before = running(checkout)["pid"]
    runner = json.loads((checkout.run / "pod.pid").read_text())["process"]["pid"]
    psutil.Process(runner).kill()
    soon(lambda: None if kubelet.status(checkout).running else True)
    kubelet.start(checkout, mirror(checkout))
    assert running(checkout)["pid"] != before
    assert not psutil.pid_exists(before)
