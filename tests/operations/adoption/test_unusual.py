"""Installations that are not as the guide has them: what is told of them, and that nothing is lost or made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from operations.__main__ import main
from operations.errors import OperationError
from tests.operations.adoption.cluster_lists import CONTEXT
from tests.operations.adoption.installation import GROUP_ID, agent_values, make_tenant, route, server_values
from tests.operations.adoption.site import Site


def test_two_agents_on_one_queue_are_told(site: Site) -> None:
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    for name in ("one", "two"):
        site.lists.install("acme", name, "clearml-enterprise-agent", agent_values(acme))
    site.run()
    assert "acme/one and acme/two take tasks from queue default: keep one of them" in site.report
    assert "release acme/two serves no queue that no other agent here serves" in site.report
    assert "agents" not in site.file("acme")
    assert [each.name for each in site.load().tenants] == ["acme"]


def test_files_that_are_there_stay_unless_told(installed: Site) -> None:
    folder = installed.root / "config/tenants/prod"
    folder.mkdir(parents=True)
    own = "company: Acme Inc.\nadmin: {name: Somebody, email: admin@acme.example}\n"
    (folder / "customer-1.yaml").write_text(own)
    written = installed.run()
    assert "config/tenants/prod/customer-1.yaml: is there and stays as it is" in written
    assert (folder / "customer-1.yaml").read_text() == own
    assert not (folder / "acme.yaml").exists()
    installed.run(overwrite=True)
    assert installed.file("customer-1")["allowedUsers"] == 10


def test_a_stacks_settings_that_are_there_stay_and_what_they_lack_is_told(installed: Site) -> None:
    installed.run()
    path = installed.root / "config/Pulumi.prod.yaml"
    path.write_text(path.read_text().replace("cookieName: clearml_hand", "cookieName: another"))
    before = path.read_text()
    installed.run(report="second.md")
    assert path.read_text() == before
    assert "* `server.cookieName` is another" in (installed.root / "second.md").read_text()


def test_the_rest_of_a_stacks_file_stays_when_settings_are_written_anew(installed: Site) -> None:
    installed.run()
    path = installed.root / "config/Pulumi.prod.yaml"
    path.write_text(path.read_text().replace("cookieName: clearml_hand", "cookieName: another"))
    installed.run(overwrite=True)
    text = path.read_text()
    assert "  # Set by hand.\n" in text
    assert text.startswith("encryptionsalt: v1:abc\n")
    assert "cookieName: clearml_hand" in text
    assert text.count("clearml-tenants:stack:") == text.count("clearml-tenants:supervisorKey:") == 1
    assert installed.load()


def test_what_make_check_refuses_is_left_out_and_told(site: Site) -> None:
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    route(site.emulator, acme, "gmail.com", ["ann@partner.example"], [])
    pod = {"hostNetwork": True, "nodeSelector": {"pool": "gpu"}}
    values = agent_values(acme, basePodTemplate=pod, serviceAccountName="deployer")
    site.lists.install("acme", "acme-agent", "clearml-enterprise-agent", values)
    site.run()
    assert site.file("acme")["signIn"] == {"admins": ["ann@partner.example"]}
    assert site.file("acme")["agent"]["basePodTemplate"] == {"nodeSelector": {"pool": "gpu"}}
    assert "extraValues" not in site.file("acme")["agent"]
    for key in (
        "signIn.domains[0]",
        "agent.basePodTemplate.hostNetwork",
        "agent.extraValues.agentk8sglue.serviceAccountName",
    ):
        assert f"| acme | {key} | " in site.report
    assert site.load().tenants


def test_a_company_that_no_file_can_name_gets_none(site: Site) -> None:
    make_tenant(site.emulator, "Аcme Inc.", "admin@acme.example")  # noqa: RUF001 - the first letter is Cyrillic
    make_tenant(site.emulator, "Beta Ltd.", "admin@beta.example")
    site.run()
    assert [each.name for each in site.load().tenants] == ["beta"]
    assert "no file is written for this tenant" in site.report


@pytest.mark.parametrize("told", ["refuse", "absent", "none"])
def test_a_server_that_lists_no_rules_is_asked_company_by_company(site_of: Any, told: str) -> None:
    site = site_of(whitelist_unfiltered=told, new_server=True)
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    route(site.emulator, acme, "acme.example", ["ann@partner.example"], ["bob@partner.example"])
    site.run()
    assert site.file("acme")["signIn"] == {"domains": ["acme.example"]}
    assert "ann@partner.example, bob@partner.example: the server tells no role that the file has" in site.report


def test_a_server_that_shows_no_features_is_told(site_of: Any) -> None:
    site = site_of(company_user_counts="absent", company_info_shows_features=False)
    make_tenant(site.emulator, "Acme Inc.", "admin@acme.example", features=["pipelines"])
    site.run()
    assert "features" not in site.file("acme")
    assert "no company shows features of its own" in site.report


def test_a_tenant_ahead_with_its_chart_says_so(site: Site) -> None:
    for name, version in (("acme", "6.14.6"), ("beta", "6.14.6"), ("gamma", "6.15.0")):
        tenant = make_tenant(site.emulator, f"{name.title()} Inc.", f"admin@{name}.example")
        values = agent_values(tenant)
        site.lists.install(name, f"{name}-agent", "clearml-enterprise-agent", values, version=version)
    site.run()
    assert site.settings["charts"]["agent"]["version"] == "6.14.6"
    assert site.file("gamma")["charts"] == {"agent": {"version": "6.15.0"}}
    assert "charts" not in site.file("acme")


def test_the_newest_revision_of_a_release_counts(site: Site) -> None:
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    for revision, queue in ((2, "new"), (10, "newest"), (1, "old")):
        values = agent_values(acme, queues={queue: {}})
        site.lists.install("acme", "acme-agent", "clearml-enterprise-agent", values, revision=revision)
    site.run()
    assert site.file("acme")["agent"]["queues"] == {"newest": {}}


def test_a_group_whose_id_is_no_uuid_keeps_its_variables(site: Site) -> None:
    values = server_values(site.emulator)
    group = "CLEARML__services__auth__default_groups__research_lab__id"
    for each in values["apiserver"]["extraEnvs"]:
        if each["name"] == group:
            each["value"] = '"abcd-1234-abcd-1234"'
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", values)
    site.run()
    assert "research_lab" not in site.settings["groups"]
    listed = {each["name"]: each["value"] for each in site.settings["server"]["apiserver"]["extraEnvs"]}
    assert listed[group] == '"abcd-1234-abcd-1234"'
    assert "groups.research_lab" in site.report
    assert site.load()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("CLEARML__APISERVER__AUTH__SESSION_AUTH_COOKIE_NAME", True),
        ("CLEARML__apiserver__auth__session_auth_cookie_name", False),
    ],
)
def test_a_cookie_s_name_that_stands_twice_under_one_name_is_told(site: Site, name: str, *, told: bool) -> None:
    """Kubernetes takes both away when one goes: tests/local/charts/test_charts_on_cluster.py."""
    values = server_values(site.emulator)
    values["apiserver"]["extraEnvs"].append({"name": name, "value": "clearml_own"})
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", values)
    site.run()
    assert site.settings["server"]["cookieName"] == "clearml_own"
    assert ("server.cookieName" in site.report and "Kubernetes loses both" in site.report) is told
    assert name not in str(site.settings)


def test_a_server_that_is_in_no_cluster_is_described_by_itself(site: Site) -> None:
    site.run()
    assert site.settings["features"] == {"user_management_advanced": True}
    assert site.settings["server"]["cookieName"] == "clearml_token_basic"
    assert "no release in context paper is known to be this server's" in site.report


def test_what_the_account_may_not_list_is_told(installed: Site) -> None:
    installed.lists.refused = {"/api/v1/resourcequotas", "/api/v1/namespaces"}
    installed.run()
    assert "quotas: the account of this kubeconfig may not list them" in installed.report
    assert "isolation" not in installed.file("acme")


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"context": "nowhere"}, "context nowhere: "),
        ({"context": ""}, "CONTEXT is missing: "),
        ({"people": Path("nowhere")}, "PEOPLE=nowhere: cannot be read: "),
    ],
)
def test_a_mistake_is_one_line(site: Site, options: dict[str, Any], line: str) -> None:
    with pytest.raises(OperationError) as error:
        site.run(**options)
    assert str(error.value).startswith(line)
    assert "\n" not in str(error.value)


def test_releases_that_may_not_be_listed_end_the_command(site: Site) -> None:
    site.lists.refused = {"/api/v1/secrets"}
    with pytest.raises(OperationError, match=f"context {CONTEXT}: releases cannot be listed: HTTP 403"):
        site.run()


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path), "adopt"]) == 1
    assert capsys.readouterr().err == "error: STACK: is missing; write it like make adopt STACK=prod\n"
    assert main(["--root", str(tmp_path), "adopt", "--stack", "prod"]) == 1
    assert capsys.readouterr().err.startswith(
        "error: config/Pulumi.prod.yaml: no such file; make it with: pulumi stack"
    )


@pytest.mark.parametrize("style", ["block", "flow"])
def test_ids_of_groups_are_kept_for_a_stack_whose_state_is_lost(installed: Site, style: str) -> None:
    """The files are there and say no id, for the program had made it; with another the group would lose its members."""
    installed.run()
    path = installed.root / "config/Pulumi.prod.yaml"
    text = path.read_text().replace(f"        id: {GROUP_ID}\n", "")
    if style == "flow":
        start, end = text.index("      research_lab:"), text.index("    uiFeaturesPerRole")
        group = "      research_lab: {name: Research Lab, features: [user_management_advanced], assignable: true}\n"
        text = text[:start] + group + text[end:]
    path.write_text(text)
    written = installed.run()
    assert f"id: {GROUP_ID}" in path.read_text()
    kept = path.read_text().replace(f"id: {GROUP_ID}, ", "").replace(f"id: {GROUP_ID}\n        ", "")
    assert kept == text
    assert installed.settings["groups"]["research_lab"]["id"] == GROUP_ID
    assert installed.load()
    assert len([line for line in written if ": written" in line]) == 1
    again = installed.run()
    assert not [line for line in again if ": written" in line]
