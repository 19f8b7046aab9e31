"""`make ready`: each line of the checklist by real HTTP and the emulator, there and missing."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from operations.__main__ import main
from operations.engine import EngineStack
from operations.readiness.answer import Answer, answered
from operations.readiness.cluster_questions import hosts, reachable
from operations.readiness.engine_questions import decrypted, initialised, placeholders
from operations.readiness.server_questions import api, charts
from operations.readiness.takeover_questions import taken_over
from settings.loading.load import Environment, load
from tests.emulator import Emulator
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, project

_SECRET = "PLANTED-apiserver-secret"
_INGRESS = {
    "spec": {"rules": [{"host": "api.clearml.example.com"}]},
    "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.7"}]}},
}

_RELEASE = {"metadata": {"name": "of-helm", "namespace": "acme", "labels": {"owner": "helm", "name": "acme-agent"}}}


class _Server(BaseHTTPRequestHandler):
    """A Kubernetes API server and a chart repository in one, which only gives; `statuses` by the start of a path."""

    statuses: dict[str, int]

    def do_GET(self) -> None:
        status = next((code for start, code in self.statuses.items() if self.path.startswith(start)), 200)
        items: list[Any] = [_INGRESS] if "/ingresses" in self.path else [{"metadata": {"name": "acme"}}]
        items = [_RELEASE] if self.path.startswith("/api/v1/secrets") else items
        body = json.dumps({"items": items}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Place:
    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statuses = dict[str, int]()
        handler = type("Handler", (_Server,), {"statuses": self.statuses})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.folder, self.monkeypatch = folder, monkeypatch
        (folder / "bin").mkdir()
        monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        place = {"name": "somewhere", "context": {"cluster": "somewhere", "user": "somebody"}}
        kubeconfig = {
            "contexts": [place],
            "clusters": [{"name": "somewhere", "cluster": {"server": self.url}}],
            "users": [{"name": "somebody", "user": {}}],
        }
        (folder / "kubeconfig").write_text(json.dumps(kubeconfig))
        monkeypatch.setenv("KUBECONFIG", str(folder / "kubeconfig"))

    def pulumi(self, script: str) -> EngineStack:
        """The stack of an engine that answers so."""
        file = self.folder / "bin" / "pulumi"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        return self.stack

    @property
    def stack(self) -> EngineStack:
        return EngineStack(self.folder / "project", "test", seconds=1)

    def environment(self, **changes: str) -> Environment:
        text = STACK
        for old, new in (pair.split(" => ") for pair in changes.values()):
            assert old in text
            text = text.replace(old, new)
        root = project(self.folder / "project", {STACK_FILE: text})
        for name in ("server", "agent", "gateway"):
            (root / name).mkdir(exist_ok=True)
            (root / name / "Chart.yaml").write_text("name: x\n")
        return load(root, "test")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Place]:
    made = _Place(tmp_path, monkeypatch)
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def _lines(answers: list[Answer]) -> list[str]:
    return [str(each) for each in answers]


def test_a_placeholder_is_a_line_with_its_command(place: _Place) -> None:
    assert _lines(placeholders(place.environment())) == ["ok files: sound, 2 tenants, no placeholder"]
    assert _lines(placeholders(place.environment(key="v1:aaa => replace-me"))) == [
        "missing files: config/Pulumi.test.yaml: clearml-tenants:apiserverKey is a placeholder and no encrypted secret "
        "(the engine says: bad value): pulumi config set --stack test --secret apiserverKey"
    ]


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("echo '{}'", "ok stack: initialised, nothing deployed"),
        ("echo '{\"server\": {}}'", "ok stack: initialised, something is deployed"),
        (
            "echo \"error: no stack named 'test' found\" >&2; exit 255",
            "missing stack: pulumi stack: no stack named 'test' found: pulumi stack init test",
        ),
        (
            "echo 'error: PULUMI_ACCESS_TOKEN must be set for login' >&2; exit 255",
            "missing stack: pulumi stack: PULUMI_ACCESS_TOKEN must be set for login: "
            'pulumi login "$PULUMI_BACKEND_URL"',
        ),
        ("exec sleep 30", "missing stack: pulumi stack: no end within 1 s: pulumi stack select test"),
    ],
)
def test_whether_the_stack_is_initialised(place: _Place, script: str, line: str) -> None:
    place.environment()
    answers, _ = initialised(place.pulumi(script))
    assert _lines(answers) == [line]


def test_an_engine_that_is_not_there(place: _Place) -> None:
    place.environment()
    (line,) = _lines(initialised(place.stack)[0])
    assert line.startswith("missing stack: pulumi is not on PATH: install Pulumi")


def test_whether_this_shell_decrypts_and_nothing_of_it_is_printed(place: _Place) -> None:
    place.environment()
    values = json.dumps({"clearml-tenants:apiserverSecret": {"value": _SECRET}})
    answers, found = decrypted(place.pulumi(f"echo '{values}'"))
    assert _lines(answers) == ["ok secrets: set, and this shell can decrypt them"]
    assert found == {"apiserverSecret": _SECRET}
    wrong = "echo 'error: getting secrets manager: passphrase must be set' >&2; exit 255"
    answers, found = decrypted(place.pulumi(wrong))
    assert str(answers[0]).endswith(": export PULUMI_CONFIG_PASSPHRASE=…")
    assert found is None


def test_whether_the_cluster_answers(place: _Place) -> None:
    own = place.environment().stack.own_cluster
    subject = "cluster context/somewhere"
    assert _lines(reachable(own, place.stack)) == [f"ok {subject}: answers, 1 namespaces"]
    place.statuses["/api/v1/namespaces"] = 403
    assert _lines(reachable(own, place.stack)) == [f"ok {subject}: answers; these credentials may not list namespaces"]
    place.statuses["/api/v1/namespaces"] = 401
    assert _lines(reachable(own, place.stack)) == [
        f"missing {subject}: HTTP 401 Unauthorized: kubectl --context somewhere auth whoami"
    ]


def test_a_context_that_is_not_here_and_a_cluster_that_is_away(place: _Place) -> None:
    gone = place.environment(context="kubeContext: somewhere => kubeContext: gone").stack.own_cluster
    (line,) = _lines(reachable(gone, place.stack))
    assert line.startswith("missing cluster context/gone: cannot be asked: ")
    assert line.endswith(": kubectl config get-contexts")
    place.monkeypatch.setenv("KUBECONFIG", str(place.folder / "none"))
    (line,) = _lines(reachable(place.environment().stack.own_cluster, place.stack))
    assert line.startswith("missing cluster context/somewhere: cannot be asked: ")


def test_whether_what_is_named_for_taking_over_is_there(place: _Place) -> None:
    there = "    kubeContext: =>     takeOver: [acme, acme/acme-agent]\n    kubeContext:"
    assert _lines(taken_over(place.environment(entries=there), place.stack)) == [
        "ok takeOver: all 2 that it names are there"
    ]
    more = there.replace("acme/acme-agent", "acme/acme-gateway, beta")
    environment = place.environment(entries=more)
    assert _lines(taken_over(environment, place.stack)) == [
        f"missing takeOver: {what} is not in context/somewhere: mend its name, or take {entry} out of takeOver in "
        "config/Pulumi.test.yaml"
        for what, entry in (("release acme/acme-gateway", "acme/acme-gateway"), ("namespace beta", "beta"))
    ]
    place.statuses["/api/v1/secrets"] = 403
    assert _lines(taken_over(environment, place.stack)) == [
        "ok takeOver: cluster context/somewhere does not say what is there"
    ]


def test_whether_the_api_takes_the_stacks_key(place: _Place, emulator: Emulator) -> None:
    place.monkeypatch.setenv("CLEARML_API_URL", emulator.url)
    environment = place.environment(api=f"https://api.clearml.example.com => {emulator.url}")
    before = len(emulator.calls())
    values = {"apiserverKey": emulator.key, "apiserverSecret": emulator.secret}
    (line,) = _lines(api(environment, values, is_deployed=True))
    assert line == f"ok API: {emulator.url} answers with the stack's key, 1 companies"
    (line,) = _lines(api(environment, values | {"apiserverSecret": _SECRET}, is_deployed=True))
    assert line.startswith("missing API: ")
    assert line.endswith(": pulumi config set --stack test --secret apiserverKey")
    assert _SECRET not in line
    called = {call["endpoint"] for call in emulator.calls()[before:]}
    assert called <= {"auth.login", "system.get_companies"}


@pytest.mark.parametrize(
    ("is_deployed", "remedy"), [(True, "make status STACK=test"), (False, "pulumi up --stack test, which makes it")]
)
def test_an_api_that_does_not_answer(place: _Place, *, is_deployed: bool, remedy: str) -> None:
    environment = place.environment(api="https://api.clearml.example.com => http://127.0.0.1:9")
    values = {"apiserverKey": "KEY", "apiserverSecret": _SECRET}
    (line,) = _lines(api(environment, values, is_deployed=is_deployed))
    assert line.startswith("missing API: system.get_companies: http://127.0.0.1:9: ")
    assert line.endswith(f": {remedy}")
    (line,) = _lines(api(environment, None, is_deployed=is_deployed))
    assert line == "missing API: not asked, for that needs the secrets: make ready STACK=test when they are set"


def test_whether_the_charts_can_be_fetched(place: _Place) -> None:
    root = place.folder / "project"
    assert _lines(charts(root, place.environment(), {})) == ["ok charts: ./server, ./agent, ./gateway: there"]
    (root / "agent" / "Chart.yaml").unlink()
    (line,) = _lines(charts(root, load(root, "test"), {}))
    assert line == "missing charts: ./agent is no folder with a Chart.yaml: edit config/Pulumi.test.yaml"


@pytest.mark.parametrize(
    ("status", "text", "remedy"),
    [
        (200, "ok charts: a-chart, ./agent, ./gateway: there", ""),
        (401, " asks who wants a-chart", "pulumi config set --stack test --secret chartToken"),
        (404, " has no a-chart, version '11.0.2'", "edit config/Pulumi.test.yaml"),
        (503, " cannot be asked for a-chart, version '11.0.2'", "edit config/Pulumi.test.yaml"),
    ],
)
def test_what_a_repository_says(place: _Place, status: int, text: str, remedy: str) -> None:
    place.statuses["/index.yaml"] = status
    there = f"{{chart: a-chart, repository: '{place.url}', version: 11.0.2}}"
    environment = place.environment(
        chart=f"{{chart: ./server}} => {there}",
        mongodb="      cookieName: =>       mongodb: {mckEnabled: true, mckMigrated: true}\n      cookieName:",
    )
    (line,) = _lines(charts(place.folder / "project", environment, {}))
    assert text in line
    assert line.endswith(remedy)


def test_whether_hosts_resolve_to_the_ingress(place: _Place) -> None:
    known = {"api.clearml.example.com": "203.0.113.7", "app.clearml.example.com": "203.0.113.8"}

    def resolved(host: str, *_: object, **__: object) -> list[tuple[Any, ...]]:
        if host in known or host[0].isdigit():
            return [(0, 0, 0, "", (known.get(host, host), 443))]
        raise socket.gaierror(host)

    environment = place.environment()
    real = socket.getaddrinfo
    place.monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **how: real(host, *more, **how) if host == "127.0.0.1" else resolved(host),
    )
    look = "kubectl --context somewhere get ingress --all-namespaces, and a DNS record to the address there"
    assert _lines(hosts(environment, place.stack)) == [
        "ok host api.clearml.example.com: resolves to 203.0.113.7 (its ingress)",
        "ok host app.clearml.example.com: resolves to 203.0.113.8 (no ingress has it yet, or the cluster cannot be "
        "asked)",
        f"missing host files.clearml.example.com: does not resolve: {look}",
        f"missing host router.acme.clearml.example.com: does not resolve: {look}",
    ]
    known["api.clearml.example.com"] = "203.0.113.9"
    line = _lines(hosts(environment, place.stack))[0]
    text = "resolves to 203.0.113.9, and its ingress is at 203.0.113.7: a DNS record to 203.0.113.7"
    assert line == f"missing host api.clearml.example.com: {text}"


def test_every_gateway_is_asked_for_where_people_open_it(place: _Place) -> None:
    """Nobody can look up `*.`, which was told to resolve to nothing, whatever there was."""
    any_host = "{hostName: '*.any.acme.clearml.example.com', externalUrl: 'https://app.any.acme.clearml.example.com'}"
    lab = f"gateways: {{any: {any_host}, lab: {{hostName: lab.acme.clearml.example.com}}}}\n"
    project(place.folder, {ACME: TENANT + lab})
    rule = {"host": "*.any.acme.clearml.example.com"}
    place.monkeypatch.setitem(_INGRESS, "spec", {"rules": [rule, {"host": "lab.acme.clearml.example.com"}]})
    real = socket.getaddrinfo
    place.monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **how: real(host if host == "127.0.0.1" else "203.0.113.7", *more, **how),
    )
    lines = [each for each in _lines(hosts(load(place.folder, "test"), place.stack)) if ".acme." in each]
    assert lines == [
        "ok host router.acme.clearml.example.com: resolves to 203.0.113.7 (no ingress has it yet, or the cluster "
        "cannot be asked)",
        "ok host app.any.acme.clearml.example.com: resolves to 203.0.113.7 (its ingress)",
        "ok host lab.acme.clearml.example.com: resolves to 203.0.113.7 (its ingress)",
    ]


def test_a_question_that_hangs_is_told_and_the_next_is_asked() -> None:
    started = time.monotonic()
    hangs = threading.Event()

    def question() -> list[Answer]:
        hangs.wait(60)
        return []

    (line,) = _lines(answered("API", question, "look", seconds=0.2))
    hangs.set()
    assert line == "missing API: no answer within 0 s: look"
    assert time.monotonic() - started < 10


def test_the_command_ends_with_1_while_anything_is_missing(place: _Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Without an engine, a cluster and hosts: it says so, and no secret."""
    place.environment(key="v1:aaa => replace-me")
    place.monkeypatch.setenv("KUBECONFIG", str(place.folder / "none"))
    assert main(["--root", str(place.folder / "project"), "ready", "--stack", "test"]) == 1
    told = capsys.readouterr()
    assert [
        line.split()[0] for line in told.out.splitlines() if line.split()[1] in ("files:", "stack:", "cluster")
    ] == ["missing"] * 3
    assert told.err.startswith("error: stack test: ")
    assert main(["ready"]) == 1
    assert capsys.readouterr().err == "error: STACK: is missing; write it like make ready STACK=prod\n"


def test_files_that_are_wrong_end_the_list(place: _Place, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(place.folder / "project", {STACK_FILE: "nonsense"})
    assert main(["--root", str(root), "ready", "--stack", "test"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("missing files: 1 mistakes, the first: config/Pulumi.test.yaml: ")
    assert line.endswith(": make check STACK=test")
