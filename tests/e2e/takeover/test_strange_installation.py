"""An installation as years leave one: adopted, taken over and deployed as documented, to an empty preview.

A company with two admins, rules in capitals, agents in two namespaces, one value for several queues, amounts that
nobody writes, an older chart, people in no group, and a Secret that something else makes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
import yaml

from tests.e2e.site import Site
from tests.e2e.takeover.by_hand import SERVER, agent_values, call, install, make_admin, route, with_key
from tests.e2e.takeover.installation import core
from tests.e2e.takeover.steps import CONTEXT, FOLDERS, NOTHING, UP, previewed, undeployed

_OLD = "clearml-enterprise-agent-of-2023"


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    pair = ("clearml-tenants:supervisorKey", "clearml-tenants:supervisorSecret")
    with undeployed(tmp_path_factory.mktemp("strange"), *pair) as made:
        yield made


def _old_chart(site: Site) -> None:
    """That of the agent, as a major before had it."""
    folder = site.root / "local/charts"
    shutil.copytree(folder / "clearml-enterprise-agent", folder / _OLD)
    chart = folder / _OLD / "Chart.yaml"
    written = yaml.safe_load(chart.read_text())
    chart.write_text(yaml.safe_dump({**written, "version": "5.3.3"}))
    (folder / _OLD / "values.schema.json").unlink()


def _acme(site: Site) -> None:
    """The one who came later has the key that the agents sign in with."""
    first = with_key(site, make_admin(site, "Acme Inc.", "First", "first@acme.example"))
    route(site, first, "ACME.Example", admins=["Ann@Partner.Example"])
    user = {"name": "Second", "company": first.company, "email": "second@acme.example", "role": "admin"}
    second = call(site, "auth.create_user", user)["id"]
    call(site, "auth.create_user", {**user, "name": "Cleo", "email": "cleo@acme.example", "role": "user"})
    pair = call(site, "auth.create_credentials", **{"X-Clearml-Impersonate-As": second})["credentials"]
    install(site, "acme", "agent", "clearml-enterprise-agent", agent_values(pair, queues={"4x A100": {}, "night": {}}))
    install(site, "acme-gpu", "agent", "clearml-enterprise-agent", agent_values(pair, queues={"gpu": {}}))
    hard = {"requests.cpu": "32000m", "requests.memory": "1e11", "pods": "1k", "count/secrets": "1e2"}
    core(site).create_namespaced_resource_quota("acme", {"metadata": {"name": "of-years"}, "spec": {"hard": hard}})
    sealed = {"name": "git-login", "annotations": {"sealedsecrets.bitnami.com/managed": "true"}}
    core(site).create_namespaced_secret("acme", {"metadata": sealed, "stringData": {"token": "theirs"}})


def _beta(site: Site) -> None:
    beta = with_key(site, make_admin(site, "BETA (old) GmbH", "Beta Admin", "Admin@Beta.Example"))
    values = agent_values(beta.pair)
    del values["agentk8sglue"]["queues"]
    values["agentk8sglue"]["queue"] = "default, gpu,cpu"
    _old_chart(site)
    install(site, "beta", "clearml-agent", _OLD, values)


def _uids(site: Site) -> list[str]:
    return [core(site).read_namespace(each).metadata.uid for each in ("acme", "beta")]


def test_it_is_adopted_taken_over_and_deployed_to_an_empty_preview(site: Site) -> None:
    install(site, "clearml", "clearml", "clearml-enterprise", SERVER)
    _acme(site)
    _beta(site)
    companies, uids = [each["id"] for each in site.state()["companies"]], _uids(site)
    for command in (f"make adopt STACK=local CONTEXT={CONTEXT}", "make check STACK=local"):
        done = site.shell(f"{command} 2>&1")
        assert done.code == 0, done.output
    report = (site.root / "adoption.md").read_text()
    assert "release acme-gpu/agent (clearml-enterprise-agent 6.14.1, deployed) stays" in report
    site.edit_stack({"charts": FOLDERS})
    # A folder has one version; that of before is upgraded to it.
    site.edit_tenant("beta", {"charts": None})
    done = site.shell("make takeover STACK=local 2>&1")
    assert done.code == 0, done.output
    steps = previewed(site)
    assert not {op for op in steps.values() if "delete" in op or "replace" in op}, steps
    up = site.shell(UP)
    assert up.code == 0, up.output
    nothing = site.shell(NOTHING)
    assert nothing.code == 0, nothing.output

    assert ([each["id"] for each in site.state()["companies"]], _uids(site)) == (companies, uids)
    assert core(site).read_namespaced_secret("git-login", "acme").data == {"token": "dGhlaXJz"}
    statuses = {f"{each['namespace']}/{each['name']}": each["status"] for each in site.helm("list", "-A", "--all")}
    assert set(statuses.values()) == {"deployed"}
    assert {"acme-gpu/agent", "acme/agent", "beta/clearml-agent"} <= statuses.keys()
    healed = site.shell("make heal STACK=local 2>&1")
    assert healed.code == 0, healed.output
