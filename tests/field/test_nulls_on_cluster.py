"""The official kubernetes plugin brings nulls and empty lists to Helm, as `components/release.py` sends them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as messages
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from components.values.nulls import nulls, takes_away
from local.toolchain.plugin import built_plugin, official_plugin
from settings.types.versions import at_least
from tests.field.test_nulls import VALUES
from tests.local.helm import helm
from tests.local.own_cluster import Api, own_cluster

pytestmark = pytest.mark.e2e
_DEFAULTS = {
    "podSecurityContext": {"fsGroup": 1000},
    "tolerations": [{"key": "default"}],
    "resources": {"limits": {"cpu": 1}},
    "a": {"b": {"c": "default"}, "e": ["default"]},
}


@contextmanager
def plugin(kubeconfig: Path) -> Iterator[ResourceProviderStub]:
    executable = built_plugin("kubernetes") or official_plugin("kubernetes", "4.34.2")
    assert executable is not None
    running = subprocess.Popen([str(executable), "127.0.0.1:1"], stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        channel = grpc.insecure_channel(f"127.0.0.1:{int(running.stdout.readline())}")
        provider = ResourceProviderStub(channel)
        settings = {"kubeconfig": kubeconfig.read_text()}
        provider.Configure(
            messages.ConfigureRequest(
                variables={f"kubernetes:config:{key}": each for key, each in settings.items()},
                args=ParseDict(settings, Struct()),
                acceptSecrets=True,
            )
        )
        yield provider
    finally:
        running.terminate()
        running.wait()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A kubeconfig, and a chart that shows its values."""
    folder = tmp_path_factory.mktemp("nulls")
    chart = folder / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("{apiVersion: v2, name: chart, version: 0.1.0}\n")
    (chart / "values.yaml").write_text(json.dumps(_DEFAULTS))
    shown = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\n"
    (chart / "templates" / "shown.yaml").write_text(shown + "data: {values: {{ toJson .Values | quote }}}\n")
    with own_cluster(folder / "data") as checkout:
        Api(checkout).make_namespace("nulls")
        yield checkout.kubeconfig, chart


@pytest.mark.parametrize("case", VALUES)
def test_they_arrive_and_a_second_run_sees_no_change(place: tuple[Path, Path], case: str) -> None:
    """As `components/release.py` asks for them. Nulls only from a version on, before which the program refuses them."""
    kubeconfig, chart = place
    values, name = VALUES[case], f"r{list(VALUES).index(case)}"
    urn = f"urn:pulumi:s::p::kubernetes:helm.sh/v3:Release::{name}"
    with plugin(kubeconfig) as provider:
        old = not at_least(provider.GetPluginInfo(Empty()).version, 4, 30)
        allowed = {"allowNullValues": True} if old and takes_away(values) else {}
        asked = {"name": name, "namespace": "nulls", "chart": str(chart), "values": values, "skipAwait": True}
        news = ParseDict({**asked, **allowed}, Struct())
        checked = provider.Check(messages.CheckRequest(urn=urn, olds=Struct(), news=news))
        assert not checked.failures
        made = provider.Create(messages.CreateRequest(urn=urn, properties=checked.inputs, timeout=60))
        again = provider.Check(messages.CheckRequest(urn=urn, olds=checked.inputs, news=news))
        olds = {"olds": made.properties, "old_inputs": checked.inputs}
        difference = provider.Diff(messages.DiffRequest(id=made.id, urn=urn, news=again.inputs, **olds))
    assert difference.changes != messages.DiffResponse.DIFF_SOME, difference.diffs
    code, said = helm("get", "values", name, "-n", "nulls", "-o", "json", kubeconfig=kubeconfig)
    assert code == 0, said
    # What an old plugin may lose, the program refuses.
    assert json.loads(said) == values or (old and any(nulls(values)))


def test_without_being_asked_to_an_old_plugin_drops_an_empty_list(place: tuple[Path, Path]) -> None:
    """Else `allow_null_values` is needed no more."""
    kubeconfig, chart = place
    asked = {"name": "lost", "namespace": "nulls", "chart": str(chart), "values": {"tolerations": []}}
    urn = "urn:pulumi:s::p::kubernetes:helm.sh/v3:Release::lost"
    with plugin(kubeconfig) as provider:
        old = not at_least(provider.GetPluginInfo(Empty()).version, 4, 30)
        news = ParseDict(asked, Struct())
        checked = provider.Check(messages.CheckRequest(urn=urn, olds=Struct(), news=news))
    assert ("tolerations" in MessageToDict(checked.inputs).get("values", {})) is not old
