"""`make ready`: whether the cluster answers, and whether hosts resolve to its ingress."""

from __future__ import annotations

import socket
from typing import Any

from operations.readiness.cluster_questions import hosts, reachable
from settings.loading.load import load
from tests.operations.readiness.place import INGRESS, Place, lines
from tests.unit.asked import ACME, TENANT, project


def test_whether_the_cluster_answers(place: Place) -> None:
    own = place.environment().stack.own_cluster
    subject = "cluster context/somewhere"
    assert lines(reachable(own, place.stack)) == [f"ok {subject}: answers, 1 namespaces"]
    place.statuses["/api/v1/namespaces"] = 403
    assert lines(reachable(own, place.stack)) == [f"ok {subject}: answers; these credentials may not list namespaces"]
    place.statuses["/api/v1/namespaces"] = 401
    assert lines(reachable(own, place.stack)) == [
        f"missing {subject}: HTTP 401 Unauthorized: kubectl auth whoami --context somewhere"
    ]


def test_a_context_that_is_not_here_and_a_cluster_that_is_away(place: Place) -> None:
    gone = place.environment(context="kubeContext: somewhere => kubeContext: gone").stack.own_cluster
    (line,) = lines(reachable(gone, place.stack))
    assert line.startswith("missing cluster context/gone: cannot be asked: ")
    assert line.endswith(": kubectl config get-contexts")
    place.monkeypatch.setenv("KUBECONFIG", str(place.folder / "none"))
    (line,) = lines(reachable(place.environment().stack.own_cluster, place.stack))
    assert line.startswith("missing cluster context/somewhere: cannot be asked: ")


def test_whether_hosts_resolve_to_the_ingress(place: Place) -> None:
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
    look = "kubectl get ingress --all-namespaces --context somewhere, and a DNS record to the address there"
    assert lines(hosts(environment, place.stack)) == [
        "ok host api.clearml.example.com: resolves to 203.0.113.7 (its ingress)",
        "ok host app.clearml.example.com: resolves to 203.0.113.8 (no ingress has it yet, or the cluster cannot be "
        "asked)",
        f"missing host files.clearml.example.com: does not resolve: {look}",
        f"missing host router.acme.clearml.example.com: does not resolve: {look}",
    ]
    known["api.clearml.example.com"] = "203.0.113.9"
    line = lines(hosts(environment, place.stack))[0]
    text = "resolves to 203.0.113.9, and its ingress is at 203.0.113.7: a DNS record to 203.0.113.7"
    assert line == f"missing host api.clearml.example.com: {text}"


def test_every_gateway_is_asked_for_where_people_open_it(place: Place) -> None:
    """Nobody can look up `*.`, which was told to resolve to nothing, whatever there was."""
    any_host = "{hostName: '*.any.acme.clearml.example.com', externalUrl: 'https://app.any.acme.clearml.example.com'}"
    lab = f"gateways: {{any: {any_host}, lab: {{hostName: lab.acme.clearml.example.com}}}}\n"
    project(place.folder, {ACME: TENANT + lab})
    rule = {"host": "*.any.acme.clearml.example.com"}
    place.monkeypatch.setitem(INGRESS, "spec", {"rules": [rule, {"host": "lab.acme.clearml.example.com"}]})
    real = socket.getaddrinfo
    place.monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **how: real(host if host == "127.0.0.1" else "203.0.113.7", *more, **how),
    )
    told = [each for each in lines(hosts(load(place.folder, "test"), place.stack)) if ".acme." in each]
    assert told == [
        "ok host router.acme.clearml.example.com: resolves to 203.0.113.7 (no ingress has it yet, or the cluster "
        "cannot be asked)",
        "ok host app.any.acme.clearml.example.com: resolves to 203.0.113.7 (its ingress)",
        "ok host lab.acme.clearml.example.com: resolves to 203.0.113.7 (its ingress)",
    ]
