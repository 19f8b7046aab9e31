"""A stack's files for a rehearsal: what only the real one can use is replaced, what a reviewer reads is not."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml

from local.checkout import ONLY_STACK
from local.errors import LocalError
from operations import urns
from operations.preview.restarts import release_restarts as restarts
from rehearsal import chart_repository, contexts
from rehearsal.copies import base_of, copy_of_commit, copy_of_files, names_clusters
from rehearsal.faulty import without_faults
from rehearsal.stand_in_stack import contexts_of, stand_in, stand_in_tenant, versions_of
from settings.loading import shell
from settings.loading.load import load
from settings.types import naming, registries
from tests.unit.asked import ACME, BETA, SECOND, STACK, STACK_FILE, load_project, project

ROOT = Path(__file__).resolve().parents[2]
_LOCAL = yaml.safe_load((ROOT / "config/Pulumi.local.yaml").read_text())
_REAL = """\
secretsprovider: awskms://alias/pulumi
encryptedkey: AAAA
config:
  clearml-tenants:apiUrl: https://api.clearml.example.com
  clearml-tenants:apiCaFile: /etc/ssl/ours.pem
  clearml-tenants:apiserverKey: {secure: v1:REAL1}
  clearml-tenants:apiserverSecret: {secure: v1:REAL2}
  clearml-tenants:supervisorKey: {secure: v1:REAL3}
  clearml-tenants:supervisorSecret: {secure: v1:REAL4}
  clearml-tenants:mongodbAuth: {secure: v1:REAL5}
  clearml-tenants:chartToken: {secure: v1:REAL8}
  clearml-tenants:ssoClientSecrets:
    acme: {secure: v1:REAL6}
  clearml-tenants:stack:
    baseDomain: clearml.example.com
    kubeContext: arn:aws:eks:prod
    workers: {kubeconfig: gpu}
    charts:
      registry: {host: docker.io, username: somebody}
      server:
        chart: oci://docker.io/clearml/clearml-enterprise
        version: '11.0.0'
        digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      agent: {chart: clearml-enterprise-agent, repository: 'https://charts.example.com', version: '6.14.1'}
      gateway: {chart: ./local/charts/clearml-enterprise-app-gateway}
    server:
      cookieName: clearml_token_basic
      mongodb: {mckEnabled: true, mckMigrated: true}
      supervisor: {email: supervisor@example.com}
"""


def test_no_real_secret_and_no_real_place_is_left() -> None:
    made = stand_in(yaml.safe_load(_REAL), _LOCAL, "http://127.0.0.1:1")
    text = json.dumps(made)
    assert "REAL" not in text
    assert "awskms" not in text
    assert "docker.io" not in text
    assert "charts.example.com" not in text
    assert "somebody" not in text
    assert "sha256" not in text
    assert made["encryptionsalt"] == _LOCAL["encryptionsalt"]
    settings = made["config"]["clearml-tenants:stack"]
    assert settings["charts"]["agent"] == {
        "chart": "clearml-enterprise-agent", "repository": "http://127.0.0.1:1", "version": "6.14.1",
    }  # fmt: skip
    assert settings["charts"]["gateway"] == {"chart": "./local/charts/clearml-enterprise-app-gateway"}
    assert contexts_of(made) == {"arn:aws:eks:prod", "kubeconfig/gpu"}


def test_what_is_made_is_as_valid_as_what_was_asked_for(tmp_path: Path) -> None:
    made = stand_in(yaml.safe_load(_REAL), _LOCAL, "http://127.0.0.1:1")
    made["config"].pop("clearml-tenants:ssoClientSecrets")
    load_project(tmp_path, {STACK_FILE: yaml.safe_dump(made)})


@pytest.mark.parametrize(
    ("workers", "name"),
    [
        ("{kubeconfig: gpu}", "kubeconfig/gpu"),
        ("{kubeconfig: gpu, kubeContext: x}", "kubeconfig/gpu/context/x"),
        ("{kubeconfig: gpu, cluster: berlin}", "berlin"),
        ("{kubeContext: gpu, cluster: berlin}", "berlin"),
    ],
)
def test_a_cluster_keeps_its_name_and_so_its_facts(tmp_path: Path, workers: str, name: str) -> None:
    """The stack's own workers, and a tenant's in a cluster of its own whose context is called alike."""
    real = yaml.safe_load(_REAL.replace("workers: {kubeconfig: gpu}", f"workers: {workers}"))
    facts = {key: {"clients": ["203.0.113.0/24"]} for key in (name, "kubeconfig/own")}
    real["config"]["clearml-tenants:stack"]["isolation"] = {"elsewhere": facts}
    real["config"]["clearml-tenants:stack"]["tenantRules"] = {"contexts": ["kubeconfig/own"]}
    real["config"]["clearml-tenants:kubeconfigs"] = {key: {"secure": "v1:REAL7"} for key in ("gpu", "own")}
    real["config"].pop("clearml-tenants:ssoClientSecrets")
    beta = yaml.safe_load(f"{SECOND}workers: {{kubeconfig: own}}\n")
    made = {
        STACK_FILE: yaml.safe_dump(stand_in(real, _LOCAL, "http://127.0.0.1:1")),
        BETA: yaml.safe_dump(stand_in_tenant(beta)),
    }
    loaded = load_project(tmp_path, {**made})
    places = [loaded.stack.cluster_of(tenant.workers) for tenant in loaded.tenants]
    assert [str(place) for place in places] == [name, "kubeconfig/own"]
    assert all(loaded.stack.network_at(place).clients for place in places)


def test_a_base_older_than_the_names_of_clusters_is_not_told_any(tmp_path: Path) -> None:
    """Its own models would refuse the key."""
    schema = tmp_path / "config/schema/tenant.json"
    assert not names_clusters(tmp_path)
    schema.parent.mkdir(parents=True)
    older: tuple[dict[str, object], ...] = ({}, {"Place": {"properties": {"kubeContext": {}}}})
    for places in older:
        schema.write_text(json.dumps({"$defs": places}))
        assert not names_clusters(tmp_path)
    schema.write_text(json.dumps({"$defs": {"Place": {"properties": {"kubeContext": {}, "cluster": {}}}}}))
    assert names_clusters(tmp_path)
    assert names_clusters(ROOT)
    place = {"kubeconfig": "gpu", "cluster": "berlin"}
    assert stand_in_tenant({"workers": place}, named=False) == {"workers": {"kubeContext": "kubeconfig/gpu"}}


def test_a_tenant_ahead_with_a_chart_is_found_by_its_version() -> None:
    tenant = stand_in_tenant({"charts": {"agent": {"version": "6.15.0"}}, "workers": {"kubeContext": "kind-gpu"}})
    made = stand_in(yaml.safe_load(_REAL), _LOCAL, "http://127.0.0.1:1")
    agent = "clearml-enterprise-agent"
    assert versions_of(made, tenant) == {("clearml-enterprise", "11.0.0"), (agent, "6.14.1"), (agent, "6.15.0")}
    assert contexts_of(tenant) == {"kind-gpu"}


def test_the_repository_has_each_chart_in_each_version(tmp_path: Path) -> None:
    wanted = {("clearml-enterprise-agent", version) for version in ("6.14.1", "6.15.0")}
    chart_repository.fill(tmp_path / "charts", ROOT / "local/charts", wanted)
    with chart_repository.serving(tmp_path / "charts") as address:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        index = yaml.safe_load(direct.open(f"{address}/index.yaml").read())
        entries = index["entries"]["clearml-enterprise-agent"]
        assert {entry["version"] for entry in entries} == {"6.14.1", "6.15.0"}
        assert all(direct.open(f"{address}/{url}").read() for entry in entries for url in entry["urls"])


def test_every_name_leads_to_the_rehearsals_cluster(tmp_path: Path) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text("current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\n")
    contexts.add(file, ["prod", "a"])
    assert yaml.safe_load(file.read_text())["contexts"] == [
        {"name": name, "context": {"cluster": "c", "user": "u"}} for name in ("a", "prod")
    ]


def test_a_faulty_tenant_is_as_it_was_and_the_others_as_they_are(tmp_path: Path) -> None:
    before = project(tmp_path / "before")
    after = project(tmp_path / "after", {ACME: "company: X\n", BETA: SECOND.replace("Beta Ltd.", "Beta GmbH")})
    (after / "config/tenants/test/new.yaml").write_text("company: Y\n")
    faults = without_faults(after, before, "test")
    assert {fault.where.tenant for fault in faults} == {"acme", "new"}
    assert {tenant.company for tenant in load(after, "test").tenants} == {"Acme Inc.", "Beta GmbH"}


def test_a_mistake_in_the_only_tenant_of_a_cluster_is_one_fault(tmp_path: Path) -> None:
    """Without it nobody is where the facts are of, which is not what was wrong."""
    facts = "    isolation: {elsewhere: {context/gpu: {clients: [203.0.113.0/24]}}}\n"
    new = "config/tenants/test/new.yaml"
    after = project(tmp_path / "after", {STACK_FILE: STACK + facts, new: "company: Y\nworkers: {kubeContext: gpu}\n"})
    faults = without_faults(after, project(tmp_path / "before"), "test")
    assert {fault.where.tenant for fault in faults} == {"new"}
    assert {tenant.name for tenant in load(after, "test").tenants} == {"acme", "beta"}


def test_a_fault_of_the_stack_itself_leaves_the_tenants_alone(tmp_path: Path) -> None:
    after = project(tmp_path / "after", {STACK_FILE: "config: []\n"})
    faults = without_faults(after, project(tmp_path / "before"), "test")
    assert {fault.where.file for fault in faults} == {STACK_FILE}
    assert (after / ACME).exists()
    assert {tenant.name for tenant in load(after, "test").tenants} == {"acme", "beta"}


def test_the_copies_are_the_commit_and_the_files_as_they_lie_there(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    git = ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    (root / "file").write_text("before")
    (root / ".gitignore").write_text("ignored\n")
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True)
    for name in ("file", "new", "ignored"):
        (root / name).write_text("after")
    copy_of_commit(root, base_of(root, ""), tmp_path / "base")
    copy_of_files(root, tmp_path / "present")
    assert (tmp_path / "base/file").read_text() == "before"
    assert (tmp_path / "present/file").read_text() == (tmp_path / "present/new").read_text() == "after"
    assert not (tmp_path / "present/ignored").exists()
    assert subprocess.run([*git, "worktree", "list"], check=True, capture_output=True).stdout.count(b"\n") == 1


@pytest.mark.parametrize("base", ["nowhere", "--output=x"])
def test_a_base_that_is_no_commit_is_one_line(base: str) -> None:
    with pytest.raises(LocalError) as error:
        base_of(ROOT, base)
    assert "\n" not in str(error.value)


def test_what_runs_a_copys_program_imports_nothing_that_the_copy_brings() -> None:
    """An older copy has its own `settings` and `components`; the first one imported would be everybody's."""
    code = "import sys, rehearsal.program; print({'config', 'settings', 'components'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_names_that_are_therefore_written_twice_are_the_same() -> None:
    assert ONLY_STACK == shell.ONLY_STACK
    urn = "urn:pulumi:prod::clearml-tenants::clearml:tenant:Tenant$kubernetes:core/v1:Namespace::acme"
    assert (urns.PLATFORM, urns.TENANT, urns.RELEASE) == (naming.PLATFORM, naming.TENANT, naming.RELEASE)
    for name in ("kind_of", "name_of", "types_of", "without_id"):
        assert getattr(urns, name)(urn) == getattr(naming, name)(urn)
    assert (restarts.DOCKER_HUB, restarts.DOCKER_HUB_ITSELF) == (registries.DOCKER_HUB, registries.DOCKER_HUB_ITSELF)
