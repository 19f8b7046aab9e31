"""A pull request tried out whole, as `make rehearse` does: real files, real engine, real API server, no real secret."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from operations.preview.comment import comment_of
from operations.preview.document import plan_in
from tests.e2e.site import CANARY, Site

_TENANT = """\
company: {company} Inc.
protect: false
admin: {{name: {company} Admin, email: admin@{name}.example}}
signIn: {{domains: [{domains}]}}
{more}agent:
  queues: {{{queue}: {{}}}}
  keyGeneration: {generation}
gateway: {{hostName: router.{name}.prod.example.com}}
"""
_CHARTS = {
    "server": {"chart": "oci://registry.example.com/clearml-enterprise", "version": "11.0.0"},
    "agent": {"chart": "oci://registry.example.com/clearml-enterprise-agent", "version": "6.14.1"},
    "gateway": {
        "chart": "oci://registry.example.com/clearml-enterprise-app-gateway",
        "version": "3.2.0",
        "digest": f"sha256:{'0' * 64}",
    },
    "registry": {"username": "robot"},
}
_ELSEWHERE = "workers: {kubeconfig: gpu}\n"
_FACTS = {"serverAddresses": [{"cidr": "203.0.113.10/32", "ports": [443]}]}


def _tenant(name: str, domains: str = "", queue: str = "default", generation: int = 1, more: str = "") -> str:
    return _TENANT.format(
        name=name, company=name.title(), domains=domains or f"{name}.example", queue=queue, generation=generation,
        more=more,
    )  # fmt: skip


def _write(site: Site, tenants: dict[str, str]) -> None:
    """By name; that of a shard's tenant is like `01/acme`, and its link is made."""
    config = site.root / "config"
    for file in (*config.glob("tenants/prod/**/*.yaml"), *config.glob("Pulumi.prod-*.yaml")):
        file.unlink()
    for name, text in tenants.items():
        file, shard = config / "tenants" / "prod" / f"{name}.yaml", name.rpartition("/")[0]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        if shard and not (config / f"Pulumi.prod-{shard}.yaml").is_symlink():
            (config / f"Pulumi.prod-{shard}.yaml").symlink_to("Pulumi.prod.yaml")


def _commit(site: Site) -> None:
    git = ["git", "-C", str(site.root), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    # The link to the packages is the test's own.
    for command in (["init", "-q", "-b", "main"], ["add", "-A", ":!.venv"], ["commit", "-qm", "base"]):
        subprocess.run([*git, *command], check=True)


def _production(site: Site) -> None:
    """A stack whose secrets, charts, clusters and API nobody here could reach."""
    content = yaml.safe_load((site.root / "config" / "Pulumi.local.yaml").read_text())
    config = content["config"]
    for key, value in config.items():
        if isinstance(value, dict) and "secure" in value:
            config[key] = {"secure": "v1:UNREADABLE:UNREADABLE"}
    config["clearml-tenants:apiUrl"] = "https://api.prod.example.com"
    config["clearml-tenants:chartToken"] = {"secure": "v1:UNREADABLE:UNREADABLE"}
    config["clearml-tenants:kubeconfigs"] = {"gpu": {"secure": "v1:UNREADABLE:UNREADABLE"}}
    settings = config["clearml-tenants:stack"]
    settings.update(kubeContext="prod", baseDomain="prod.example.com", charts=_CHARTS)
    settings["registries"] = ["registry.example.com"]
    settings["server"] = {**settings["server"], "mongodb": {"mckEnabled": True, "mckMigrated": True}}
    settings["isolation"] = {**settings.get("isolation", {}), "elsewhere": {"kubeconfig/gpu": _FACTS}}
    settings["tenantRules"] = {"contexts": ["kubeconfig/gpu"]}
    content["encryptionsalt"] = "v1:UNREADABLE:v1:UNREADABLE:UNREADABLE"
    (site.root / "config" / "Pulumi.prod.yaml").write_text(yaml.safe_dump(content, sort_keys=False))


@pytest.fixture
def fresh(tmp_path: Path) -> Site:
    """A project of its own: three tenants change, one comes, two go, one is invalid, one only moves a domain."""
    site = Site.copy(tmp_path / "project")
    _production(site)
    before = {name: _tenant(name) for name in ("acme", "beta", "carol", "frank", "gone", "zeta")}
    before["beta"] = _tenant("beta", more=_ELSEWHERE)
    before["firm"] = _tenant("firm").replace("protect: false\n", "")
    before["dave"] = _tenant("dave", "dave.example, labs.example")
    _write(site, before)
    _commit(site)
    after = {name: text for name, text in before.items() if name not in ("gone", "firm")} | {
        "acme": _tenant("acme", more="features: [reports]\n"),
        "beta": _tenant("beta", queue="gpu", more=_ELSEWHERE),
        "carol": _tenant("carol", generation=2),
        "dave": _tenant("dave"),
        "frank": _tenant("frank", "frank.example, labs.example"),
        "newt": _tenant("newt"),
        "zeta": "company: Z\n",
    }
    _write(site, after)
    return site


_TABLE = """\
| tenant | what happens | of it |
|---|---|---|
| acme | **changed** | features |
| beta | **changed** | agent release |
| carol | **rotated** | agent key 1 → 2 |
| dave | **changed** | sign-in rules |
| firm | **removed** | its company and data stay |
| frank | **changed** | sign-in rules |
| gone | **removed** | its company and data stay |
| newt | **created** |"""


def test_a_rehearsal_tells_what_would_happen_and_leaves_nothing(fresh: Site) -> None:
    site = fresh
    done = site.run("--stack", "prod", module="rehearsal")
    assert done.code == 1, done.output
    assert [line for line in done.errors if "zeta.yaml: zeta: company" in line]
    assert [line for line in done.errors if "firm.yaml: firm: is protected, so its removal is refused" in line]
    comment = (site.root / ".rehearsal" / "prod.md").read_text()
    assert _TABLE in comment
    assert "| zeta | **invalid** |" in comment
    moved = "- `labs.example` moves from dave to frank: new users land in frank from now on"
    assert f"{moved}; who has signed in already stays in dave" in comment
    assert "- acme: `reports` is granted" in comment
    assert "gone is removed" in comment
    assert "\n- restart: beta-agent, carol-agent\n" in comment
    assert "+data: (secret)" in comment
    # Not every version of the plugin shows that there is a value which a preview does not know.
    assert "apiSecret: (known when it is deployed)" in comment or "apiSecret" not in comment
    assert "UNREADABLE" not in comment
    assert sorted(path.name for path in (site.root / ".rehearsal").iterdir()) == ["prod.json", "prod.md"]
    document = (site.root / ".rehearsal" / "prod.json").read_bytes()
    assert comment_of(plan_in(document, "prod")) == comment
    assert (site.home / "kubeconfig").read_text() == CANARY
    assert sorted(path.name for path in site.home.iterdir()) == ["kubeconfig"]
    assert not (site.root / ".local").exists()


_ID = "{0}7a3c9e52f1b84d06a9c3e5d7f2b4a18".format
_REFUSED = {
    # The e-mail of an admin never changes.
    "acme": _tenant("acme").replace("admin@acme", "boss@acme"),
    # A name goes from one company to another.
    "beta": _tenant("beta").replace("Beta Inc.", "Carol Inc."),
    "carol": _tenant("carol").replace("Carol Inc.", "Carola Inc."),
    # The chart refuses a value of another kind, and the program one that it sets itself.
    "dave": _tenant("dave").replace("agent:\n", "agent:\n  extraValues: {agentk8sglue: {replicaCount: many}}\n"),
    "eve": _tenant("eve").replace("agent:\n", "agent:\n  extraValues: {agentk8sglue: {createQueues: false}}\n"),
    # A tenant keeps its company.
    "frank": _tenant("frank", more=f"companyId: {_ID('b')}\n"),
}


@pytest.fixture
def refused(tmp_path: Path) -> Site:
    """A project in which one tenant's change is honest, one is new, and each other one's is refused in another way."""
    site = Site.copy(tmp_path / "project")
    _production(site)
    file = site.root / "config" / "Pulumi.prod.yaml"
    granted = "  clearml-tenants:stack:\n    adoptions: {{frank: {0}}}\n".format
    real = file.read_text()
    file.write_text(real.replace("  clearml-tenants:stack:\n", granted(_ID("a"))))
    before = {name: _tenant(name) for name in ("acme", "beta", "carol", "dave", "eve", "gail")}
    _write(site, {**before, "frank": _tenant("frank", more=f"companyId: {_ID('a')}\n")})
    _commit(site)
    file.write_text(real.replace("  clearml-tenants:stack:\n", granted(_ID("b"))))
    _write(site, {**_REFUSED, "gail": _tenant("gail", more="features: [reports]\n"), "hugh": _tenant("hugh")})
    return site


def test_what_is_refused_hides_nothing_else_of_a_change(refused: Site) -> None:
    """One refusal of a preview ended it, and the comment said that nothing could be told."""
    done = refused.run("--stack", "prod", module="rehearsal")
    assert done.code == 1, done.output
    comment = (refused.root / ".rehearsal" / "prod.md").read_text()
    assert "| gail | **changed** | features |" in comment
    assert "| hugh | **created** |" in comment
    assert "- gail: `reports` is granted" in comment
    assert "nothing could be told" not in comment
    assert "dave: release dave-agent: its chart makes nothing of the new values" in comment
    for name, sentence in {
        "acme": "no call changes a user's e-mail: put back admin@acme.example",
        "carol": "'Carol Inc.' goes from one company to another in this change",
        "eve": "createQueues: is set by this program",
        "beta": "goes together with the change of carol alone, which is refused",
        "frank": f"a tenant keeps its company; put {_ID('a')} back",
    }.items():
        lines = [line for line in done.errors if f"prod/{name}.yaml: {name}: " in line]
        assert [line for line in lines if sentence in line], name


@pytest.fixture
def sharded(tmp_path: Path) -> Site:
    """Shards in which tenants change, move, come and are refused; nothing differs in 03, and 04 is new."""
    site = Site.copy(tmp_path / "project")
    _production(site)
    before = {name: _tenant(name.rpartition("/")[2]) for name in ("acme", "01/beta", "01/frank", "02/carol")}
    before |= {"02/gail": _tenant("gail", "gail.example, labs.example"), "03/dave": _tenant("dave", more=_ELSEWHERE)}
    _write(site, {**before, "01/firm": _tenant("firm").replace("protect: false\n", "")})
    _commit(site)
    refused = _tenant("frank").replace("admin@frank", "boss@frank")
    changed = {
        "01/beta": _tenant("beta", "beta.example, labs.example", more="features: [reports]\n"),
        "02/gail": _tenant("gail"), "01/carol": before.pop("02/carol"), "01/frank": refused, "04/newt": _tenant("newt"),
    }  # fmt: skip
    _write(site, {**before, **changed})
    return site


def test_shards_are_rehearsed_as_one_stack(sharded: Site) -> None:
    """A rehearsal refused an environment with shards, and the check of each of its pull requests was red."""
    done = sharded.run("--stack", "prod", module="rehearsal")
    assert done.code == 1, done.output
    assert "6 of 7 tenants are tried" in done.output
    comment = (sharded.root / ".rehearsal" / "prod.md").read_text()
    happens = {"beta": "changed", "frank": "refused", "firm": "removed", "gail": "changed", "newt": "created"}
    for name, what in happens.items():
        assert f"| {name} | **{what}** |" in comment, comment
    assert "| _3 other_ | untouched | |" in comment
    assert "- `labs.example` moves from gail to beta" in comment
    assert "`config/tenants/prod/01/carol.yaml` is renamed from `config/tenants/prod/02/carol.yaml`" in comment
    assert "moved from prod-02 to prod-01: carol; " in comment
    assert "`config/Pulumi.prod-04.yaml` is added" in comment
    assert [line for line in done.errors if "config/tenants/prod/01/frank.yaml: frank: " in line], done.errors
    assert [line for line in done.errors if "config/tenants/prod/01/firm.yaml: firm: is protected" in line]
