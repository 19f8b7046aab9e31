"""The stand-in kubernetes plugin under the real engine, on a real API server, with the real helm."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.checkout import Checkout
from tests.local.own_cluster import Api, own_cluster
from tests.local.plugins_stack import Stack

pytestmark = pytest.mark.e2e

WORD = "hunter2hunter2"
PROGRAM = """
import os
import pulumi
import pulumi_kubernetes as k8s

word = pulumi.Output.secret(os.environ.get("WORD", "none"))
cluster = k8s.Provider("cluster", context=os.environ.get("CONTEXT", "kwok-clearml-tenants"), enable_secret_mutable=True)
opts = pulumi.ResourceOptions(provider=cluster)
space = k8s.core.v1.Namespace("space", metadata={"name": os.environ["SPACE"]}, opts=opts)
where = space.metadata["name"]
k8s.core.v1.Secret(
    "key", metadata={"name": "key", "namespace": where}, string_data={"word": word}, type="Opaque", opts=opts
)
number = os.environ.get("OPEN", "1")
words = k8s.core.v1.ConfigMap("words", metadata={"namespace": where}, data={"open": number}, opts=opts)
k8s.networking.v1.NetworkPolicy(
    "closed",
    metadata={"name": "closed", "namespace": where},
    spec={"podSelector": {}, "policyTypes": ["Ingress"]},
    opts=opts,
)
release = k8s.helm.v3.Release(
    "tiny",
    name="tiny",
    chart=os.environ.get("CHART", "./chart"),
    namespace=where,
    timeout=int(os.environ.get("TIMEOUT", "60")),
    values={"word": word, "open": number, "stuck": bool(os.environ.get("STUCK")), "list": [word]},
    opts=opts,
)
pulumi.export("revision", release.status.revision)
pulumi.export("status", release.status.status)
pulumi.export("words", words.metadata["name"])
"""
CHART = {
    "Chart.yaml": "apiVersion: v2\nname: tiny\nversion: 0.1.0\nappVersion: '1'\n",
    "values.yaml": "word: ''\nopen: ''\nstuck: false\nlist: []\n",
    "values.schema.json": '{"properties": {"open": {"pattern": "^[0-9]+$"}, "word": {"pattern": "^[a-z0-9]+$"}}}',
    "templates/all.yaml": """
apiVersion: v1
kind: Secret
metadata: {name: tiny}
stringData: {word: {{ .Values.word | quote }}, open: {{ .Values.open | quote }}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: tiny}
spec:
  selector: {matchLabels: {app: tiny}}
  template:
    metadata: {labels: {app: tiny}}
    spec:
      schedulerName: {{ .Values.stuck | ternary "nobody" "default-scheduler" }}
      containers: [{name: tiny, image: tiny, env: [{name: OPEN, value: {{ .Values.open | quote }}}]}]
""",
}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    with own_cluster(tmp_path_factory.mktemp("cluster")) as checkout:
        yield checkout


class Hand(Api):
    """Somebody else at work on the cluster."""

    def make_open_namespace(self, name: str) -> None:
        self._call("POST", "/api/v1/namespaces", {"metadata": {"name": name}})

    def delete_secret(self, namespace: str, name: str) -> None:
        self._call("DELETE", f"/api/v1/namespaces/{namespace}/secrets/{name}")


class Site(Stack):
    """The program above in a namespace of its own."""

    def __init__(self, folder: Path, checkout: Checkout) -> None:
        super().__init__(folder, PROGRAM, checkout)
        self.api = Hand(checkout)
        self.space = f"space-{uuid.uuid4().hex[:8]}"
        self._variables = {**self._variables, "SPACE": self.space, "WORD": WORD}
        for name, text in CHART.items():
            file = self.folder / "chart" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def status(self) -> str:
        """Of the release's newest revision, by helm; empty if there is none."""
        listed = json.loads(self.helm("list", "--namespace", self.space, "--all", "--output", "json"))
        return str(listed[0]["status"]) if listed else ""


@pytest.fixture
def site(cluster: Checkout, tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, cluster)
    yield made
    made.run("cancel", "--yes")
    made.destroy()


def test_life(site: Site) -> None:
    assert site.up().counts["created"] == 7
    assert site.outputs() == {"revision": 1, "status": "deployed", "words": site.outputs()["words"]}
    assert site.api.secret(site.space, "tiny") == {"word": WORD, "open": "1"}
    assert site.up().changed == 0
    assert site.refresh().changed == 0
    assert site.up(OPEN="2", WORD="changed2changed2").changed == 3  # the ConfigMap is replaced: its data is immutable
    assert site.outputs()["revision"] == 2
    assert site.api.secret(site.space, "tiny") == {"word": "changed2changed2", "open": "2"}
    assert site.api.secret(site.space, "key") == {"word": "changed2changed2"}
    assert site.up(OPEN="2", WORD="changed2changed2").changed == 0
    site.destroy()
    assert site.helm("list", "--namespace", site.space, "--short", "--all") == ""


def test_no_secret_is_readable_anywhere(site: Site) -> None:
    """Not in the state, not in what is printed, not among the arguments of any process meanwhile."""
    seen: list[str] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            for process in psutil.process_iter(["name", "cmdline"]):
                if process.info["name"] in {"helm", "pulumi"} or "python" in (process.info["name"] or ""):
                    seen.append(" ".join(process.info["cmdline"] or []))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        shown = site.run("preview", "--diff").output + site.up().output
        shown += site.run("preview", "--diff", OPEN="3").output + site.up(OPEN="3").output + site.refresh().output
    finally:
        ended.set()
        watcher.join()
    assert any("helm install tiny" in line or "install tiny ./chart" in line for line in seen)
    assert WORD not in "\n".join(seen)
    assert WORD not in shown + site.stored()
    assert WORD not in site.run("stack", "export").output


def test_a_refusal_does_not_quote_a_secret(site: Site) -> None:
    """The chart's schema says which value is wrong, and what it is; that is masked."""
    done = site.fails(WORD="Bad Bad Hunter2")
    assert "does not match pattern" in done.output
    assert "Bad Bad Hunter2" not in done.output + site.stored()


def test_drift_is_shown_by_refresh_and_put_right_by_up(site: Site) -> None:
    site.up()
    site.helm("upgrade", "tiny", str(site.folder / "chart"), "--namespace", site.space, "--set", "open=9,word=a")
    site.api.delete_secret(site.space, "key")
    refreshed = site.refresh()
    assert refreshed.counts == {"updated": 1, "deleted": 1, "unchanged": 5}
    assert site.up().changed == 2
    assert site.api.secret(site.space, "tiny") == {"word": WORD, "open": "1"}
    assert site.api.secret(site.space, "key") == {"word": WORD}
    assert site.outputs()["revision"] == 3


def test_a_release_that_never_gets_ready_is_kept_and_mended(site: Site) -> None:
    done = site.fails(STUCK="yes", TIMEOUT="3")
    assert "tiny failed: " in done.output
    assert "Traceback" not in done.output
    assert site.status() == "failed"
    site.up()
    assert site.outputs() == {**site.outputs(), "revision": 2, "status": "deployed"}
    site.fails(STUCK="yes", TIMEOUT="3")
    site.up()
    assert site.outputs() == {**site.outputs(), "revision": 4, "status": "deployed"}


def test_a_chart_that_is_not_there_fails_in_the_preview(site: Site) -> None:
    done = site.run("preview", CHART="./nowhere")
    assert done.code != 0
    assert 'path "./nowhere" not found' in done.output


def test_another_chart_version_is_a_change(site: Site) -> None:
    site.up()
    file = site.folder / "chart" / "Chart.yaml"
    file.write_text(file.read_text().replace("0.1.0", "0.2.0"))
    assert "version" in site.run("preview", "--diff").output
    assert site.up().changed == 1


def test_a_missing_context_is_one_line_and_touches_nothing(site: Site) -> None:
    assert site.run("preview", CONTEXT="prod").code == 0  # as with the official plugin: a preview needs no cluster
    done = site.fails(CONTEXT="prod")
    assert 'cluster is unreachable: context "prod" does not exist in ' in done.output
    assert "Traceback" not in done.output
    assert site.space not in site.helm("list", "--all-namespaces", "--short", "--all")


def test_what_exists_already_is_not_taken_over(site: Site) -> None:
    site.api.make_open_namespace(site.space)
    done = site.fails()
    assert f"Namespace {site.space} was not created: it already exists in the cluster" in done.output
    assert site.up(PULUMI_K8S_UPSERT_EXISTING_OBJECTS="true").changed > 0
