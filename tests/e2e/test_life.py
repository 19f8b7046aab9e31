"""The main job: the document's own example, from nothing to a tenant that works, and back, and again."""

from __future__ import annotations

from typing import Any

from tests.e2e.site import PLANTED, Site, changed


def _company(state: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [company for company in state["companies"] if company["name"] == name]


def test_up_shows_what_now_exists(site: Site) -> None:
    """The table names ids, access keys, rules, namespaces and releases, as the API and the cluster hold them."""
    outputs = site.outputs()
    acme = outputs["tenants"]["acme"]
    shown = site.up().output
    (company,) = _company(site.state(), acme["company"])
    assert company["id"] == acme["companyId"]
    for fact in (
        acme["companyId"],
        acme["adminId"],
        acme["credentials"]["agent"]["accessKey"],
        acme["credentials"]["gateway"]["accessKey"],
        *acme["signIn"]["domains"],
        *acme["signIn"]["admins"],
        *acme["signIn"]["users"],
        acme["namespace"],
        "deployed",
    ):
        assert fact in shown


def test_status_is_one_row_a_tenant(site: Site) -> None:
    (row,) = [line for line in site.run("status").output.splitlines() if line.startswith("  acme  ")]
    for part in (site.outputs()["tenants"]["acme"]["company"], "agent: ", "gateway: "):
        assert part in row


def test_sign_in_rules_are_the_declared_ones(site: Site) -> None:
    acme = site.outputs()["tenants"]["acme"]
    (rules,) = [rule for rule in site.state()["rules"] if rule["company"] == acme["companyId"]]
    roles = {entry["email"]: entry["role"] for entry in rules["whitelist"]}
    assert rules["domains"] == acme["signIn"]["domains"]
    assert {email for email, role in roles.items() if role == "admin"} == set(acme["signIn"]["admins"])
    assert {email for email, role in roles.items() if role == "user"} == set(acme["signIn"]["users"])


def test_agent_secret_signs_in_as_the_tenants_admin(site: Site) -> None:
    """The key pair that lies in the deployed agent's Secret is the tenant's admin, in the tenant's company."""
    acme = site.outputs()["tenants"]["acme"]
    values = site.helm("get", "values", acme["releases"]["agent"]["name"], "-n", acme["namespace"])
    secret = site.deployed_secret(acme["namespace"], values["clearml"]["existingAgentk8sglueSecret"])
    user = site.sign_in(secret["agentk8sglue_key"], secret["agentk8sglue_secret"])
    assert (user["id"], user["company"]["id"], user["role"]) == (acme["adminId"], acme["companyId"], "admin")


def test_gateway_values_sign_in_as_the_tenants_admin(site: Site) -> None:
    """So does the gateway's own pair, which is another one."""
    acme = site.outputs()["tenants"]["acme"]
    values = site.helm("get", "values", acme["releases"]["gateway"]["name"], "-n", acme["namespace"])["clearml"]
    user = site.sign_in(values["apiKey"], values["apiSecret"])
    assert (user["id"], user["company"]["id"], user["role"]) == (acme["adminId"], acme["companyId"], "admin")
    assert acme["credentials"]["gateway"]["accessKey"] != acme["credentials"]["agent"]["accessKey"]


def test_supervisor_signs_in_with_whatever_characters_its_secret_holds(site: Site) -> None:
    """What the web login would use; the planted secret holds `#`, quotes, `${}` and a backslash.

    ASCII only: the server reads Basic credentials as Latin-1, and clients send UTF-8.
    """
    user = site.sign_in(PLANTED["supervisorKey"], PLANTED["supervisorSecret"])
    assert user["role"] == "system"


def test_second_up_changes_nothing_and_calls_nothing(site: Site) -> None:
    """0 resources, 0 calls, at most 20 s; other tests share the machine, so the best of three tries counts."""
    site.clear_calls()
    seconds: list[float] = []
    while len(seconds) < 3 and min(seconds, default=99) > 20:
        again = site.up()
        assert changed(again.output) == 0
        seconds.append(again.seconds)
    assert site.calls() == []
    assert min(seconds) <= 20, seconds


def test_refresh_finds_no_drift(site: Site) -> None:
    done = site.run("refresh")
    assert done.code == 0, done.output
    assert "0 resources differed" in done.output
    assert changed(site.up().output) == 0


def test_preview_after_an_edit_names_it_and_changes_nothing(site: Site) -> None:
    before = site.state()
    path = site.root / "config" / "tenants" / "local" / "acme.yaml"
    kept = path.read_text()
    users = site.outputs()["tenants"]["acme"]["signIn"]["users"]
    site.edit_tenant("acme", {"signIn": {"users": [*users, "newcomer@partner.example"]}})
    try:
        shown = site.run("preview")
    finally:
        path.write_text(kept)
    assert shown.code == 0, shown.output
    assert "newcomer@partner.example" in shown.output
    assert {k: v for k, v in site.state().items() if k != "credentials"} == {
        k: v for k, v in before.items() if k != "credentials"
    }


def test_a_rotated_key_is_rolled_out_and_then_the_old_one_revoked(site: Site) -> None:
    """Twice: the agent's Secret holds the new pair, it signs in, and of each use one key is live."""
    path = site.root / "config" / "tenants" / "local" / "acme.yaml"
    kept = path.read_text()
    before = site.outputs()["tenants"]["acme"]["credentials"]
    try:
        for generation in (2, 3):
            site.edit_tenant("acme", {"agent": {"keyGeneration": generation}})
            site.up()
            acme = site.outputs()["tenants"]["acme"]
            keys = acme["credentials"]
            assert keys["agent"]["label"] == f"local/acme/agent/{generation}"
            assert keys["gateway"] == before["gateway"]
            held = [key for key in site.state()["credentials"] if key["company"] == acme["companyId"]]
            assert {key["access_key"] for key in held} == {key["accessKey"] for key in keys.values()}
            secret = site.deployed_secret("acme", "acme-agent-credentials")
            assert secret["agentk8sglue_key"] == keys["agent"]["accessKey"] != before["agent"]["accessKey"]
            assert site.sign_in(secret["agentk8sglue_key"], secret["agentk8sglue_secret"])["id"] == acme["adminId"]
            assert changed(site.up().output) == 0
    finally:
        path.write_text(kept)
        site.up()


def test_destroy_keeps_the_company_and_up_finds_it_again(site: Site) -> None:
    """Releases and namespaces gone, credentials revoked, the company kept and named; then the same company again."""
    old = site.outputs()["tenants"]["acme"]
    destroyed = site.run("destroy")
    assert destroyed.code == 0, destroyed.output
    assert old["companyId"] in destroyed.output
    assert "kept" in destroyed.output
    assert site.helm("list", "--all-namespaces") == []
    assert not {"clearml", old["namespace"]} & site.namespaces()
    assert site.live_keys(old["companyId"]) == set()

    site.up()
    new = site.outputs()["tenants"]["acme"]
    state = site.state()
    assert new["companyId"] == old["companyId"]
    assert new["adminId"] == old["adminId"]
    assert len(_company(state, new["company"])) == 1
    live = {key["access_key"] for key in state["credentials"] if key["company"] == new["companyId"]}
    assert live == {new["credentials"][use]["accessKey"] for use in ("agent", "gateway")}
    assert changed(site.up().output) == 0
