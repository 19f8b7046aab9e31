"""What runs already comes into the state and is changed in place: by real helm, real engine, real API server.

One cluster for the file; the tests go on from each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from kubernetes import client, config

from tests.e2e.site import PLANTED, Site

SERVER = {
    "clearml": {"cookieDomain": "clearml.example", **{key: PLANTED[key] for key in ("apiserverKey", "apiserverSecret")}}
}
AGENT = {
    "clearml": {"agentk8sglueKey": "HANDMADE", "agentk8sglueSecret": "hand-made-secret-of-acme"},
    "agentk8sglue": {
        "apiServerUrlReference": "https://api.clearml.example",
        "fileServerUrlReference": "https://files.clearml.example",
        "webServerUrlReference": "https://app.clearml.example",
        "queues": {"default": {}},
    },
}
PREVIEW = "pulumi preview --stack local --non-interactive --json 2>/dev/null"
UP = "pulumi up --stack local --non-interactive --yes --skip-preview 2>&1"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Server and agent are installed by hand, and nothing is deployed."""
    made = Site.copy(tmp_path_factory.mktemp("takeover") / "project")
    made.plant_secrets()
    assert made.run("preview").code == 0
    _install(made, "clearml", "clearml-enterprise", "clearml-enterprise", SERVER)
    _install(made, "acme", "clearml-agent", "clearml-enterprise-agent", AGENT)
    yield made
    made.run("down")


def _install(site: Site, namespace: str, name: str, chart: str, values: dict[str, Any]) -> None:
    (site.home / "values.json").write_text(json.dumps(values))
    done = site.shell(
        f"helm install {name} local/charts/{chart} --namespace {namespace} --create-namespace --wait "
        f"--values {site.home}/values.json"
    )
    assert done.code == 0, done.output


def _steps(site: Site) -> dict[str, str]:
    done = site.shell(PREVIEW)
    assert done.code == 0, site.shell("pulumi preview --stack local --non-interactive 2>&1").output
    steps = json.loads(done.output)["steps"]
    return {each["urn"].rpartition("$")[2]: each["op"] for each in steps}


def test_what_runs_is_taken_over_where_the_stacks_file_says_so(site: Site) -> None:
    refused = site.run("takeover", module="operations", STACK="local")
    print(refused.output)
    site.edit_stack({"takeOver": ["clearml", "clearml/clearml-enterprise", "acme", "acme/clearml-agent"]})
    site.edit_tenant("acme", {"agent": {"releaseName": "clearml-agent"}})
    before = site.helm("list", "--all-namespaces", "--all")
    done = site.shell("make takeover STACK=local 2>&1")
    print(done.output)
    assert done.code == 0
    assert site.helm("list", "--all-namespaces", "--all") == before
    print(site.shell("pulumi stack export --stack local").output)
    print(_steps(site))
    print(site.shell("pulumi preview --stack local --non-interactive --diff 2>&1").output)
    up = site.shell(UP)
    print(up.output)
    assert up.code == 0
    print(site.helm("list", "--all-namespaces", "--all"))
    print(site.shell("pulumi preview --stack local --non-interactive --expect-no-changes 2>&1").output)
    assert 0
