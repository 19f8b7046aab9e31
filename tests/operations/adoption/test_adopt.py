"""An installation by the guide's own calls, and the files that `make adopt` makes of it."""

from __future__ import annotations

from pathlib import Path

from tests.operations.adoption.cluster_lists import CONTEXT
from tests.operations.adoption.installation import GROUP_ID, gateway_values
from tests.operations.adoption.site import Site


def test_what_is_written_passes_make_check(installed: Site) -> None:
    written = installed.run()
    environment = installed.load()
    assert [each.name for each in environment.tenants] == ["acme", "beta", "gamma-sohne"]
    assert sorted(line for line in written if line.endswith(": written")) == [
        "adoption.md: written",
        "config/Pulumi.prod.yaml: written",
        "config/tenants/prod/acme.yaml: written",
        "config/tenants/prod/beta.yaml: written",
        "config/tenants/prod/gamma-sohne.yaml: written",
    ]


def test_the_report_has_access_keys_whole_and_no_secret_key(installed: Site) -> None:
    """Whoever lists one under revokeKeys has to know it; the values of a release hold both halves."""
    installed.run()
    acme = installed.tenants["acme"]
    assert f"{acme.access_key} of " in installed.report
    assert acme.secret_key not in installed.report


def test_the_files_say_what_is_there(installed: Site) -> None:
    installed.run()
    acme = installed.file("acme")
    assert acme["company"] == "Acme Inc."
    assert acme["admin"] == {"name": "Acme Inc. Admin", "email": "admin@acme.example"}
    assert acme["signIn"] == {
        "domains": ["acme.example"],
        "admins": ["ann@partner.example"],
        "users": ["bob@partner.example"],
    }
    assert (acme["features"], acme["allowedUsers"]) == (["pipelines"], 10)
    assert acme["agent"] == {"queues": {"default": {"queueSettings": {"maxPods": 10}}}}
    assert acme["agents"]["gpu"] == {
        "queues": {"gpu": {}},
        "basePodTemplate": {"nodeSelector": {"pool": "gpu"}},
        "releaseName": "clearml-agent-gpu",
    }
    assert acme["gateway"] == {
        "hostName": "router.acme.clearml.example.com",
        "ingress": {"className": "nginx"},
        "releaseName": "gateway",
    }
    assert acme["isolation"] == {"quota": {"cpu": "32", "pods": 100}}
    assert "adopt" not in acme
    gamma = installed.file("gamma-sohne")
    assert gamma["company"] == "Gamma & Söhne"
    assert "adopt" not in gamma
    assert "| gamma-sohne | admin | the server does not say who is in this company" in installed.report


def test_every_gateway_of_a_tenant_becomes_one_of_its_file(installed: Site) -> None:
    """With the name of its release, which users see in addresses; a third one at a host that is taken stays out."""
    for name, host in (
        ("acme-app-gateway-lab", "lab.acme.clearml.example.com"),
        ("twice", "router.acme.clearml.example.com"),
    ):
        values = gateway_values(installed.tenants["acme"], host)
        installed.lists.install("acme", name, "clearml-enterprise-app-gateway", values, version="3.1.0")
    installed.run()
    acme = installed.file("acme")
    assert acme["gateway"]["releaseName"] == "gateway"
    assert acme["gateways"] == {
        "lab": {
            "hostName": "lab.acme.clearml.example.com",
            "ingress": {"className": "nginx"},
            "releaseName": "acme-app-gateway-lab",
        },
    }
    assert "acme/acme-app-gateway-lab" in installed.settings["takeOver"]
    assert "| acme | gateways.lab | release acme/acme-app-gateway-lab" in installed.report
    assert installed.load()


def test_a_company_with_others_in_it_is_granted_by_the_stacks_file(installed: Site, tmp_path: Path) -> None:
    """People who are named lead to their company, where the server has no list of users."""
    people = tmp_path / "people"
    people.write_text("somebody@gamma.example\n\nnobody@nowhere.example\n")
    installed.run(people=people)
    gamma = installed.file("gamma-sohne")
    assert gamma["adopt"] is True
    assert gamma["admin"]["email"] == "admin@gamma.example"
    assert installed.settings["adoptions"] == {"gamma-sohne": installed.tenants["gamma"].company}
    assert installed.load()


def test_the_stacks_settings_say_what_the_server_runs_with(installed: Site) -> None:
    installed.run()
    settings = installed.settings
    server = settings["server"]
    assert (settings["baseDomain"], settings["kubeContext"]) == ("clearml.example.com", CONTEXT)
    assert settings["groups"]["research_lab"] == {
        "id": GROUP_ID,
        "name": "Research Lab",
        "features": ["user_management_advanced"],
        "assignable": True,
    }
    assert settings["features"] == {"user_management_advanced": True}
    assert server["cookieName"] == "clearml_hand"
    assert server["supervisor"]["email"] == "supervisor@example.com"
    assert server["mongodb"] == {"enabled": True, "mckEnabled": False, "mckMigrated": False}
    assert server["fileserver"]["host"] == "store.clearml.example.com"
    assert server["apiserver"]["extraEnvs"] == [{"name": "CLEARML__apiserver__log_calls", "value": "true"}]
    assert server["extraValues"] == {"apiserver": {"resources": {"limits": {"memory": "8Gi"}}}}
    assert settings["charts"]["server"]["version"] == "10.9.4"
    assert "adoptions" not in settings


def test_what_may_be_taken_over_is_named_in_the_stacks_file(installed: Site) -> None:
    """Whose key says whose it is, in a namespace that no stack has; another stack's and all else stays."""
    installed.run()
    server = ["clearml", "clearml/clearml-enterprise"]
    assert installed.settings["takeOver"] == [
        *server,
        *("acme", "acme/acme-agent", "acme/clearml-agent-gpu", "acme/gateway"),
    ]
    assert "is taken over by make takeover" in installed.report
    installed.lists.namespaces["acme"] = {"clearml-tenants/stack": "dev"}
    installed.run(overwrite=True)
    assert installed.settings["takeOver"] == server
    assert "releaseName" not in installed.file("acme")["gateway"]


def test_secrets_to_set_are_told_once(installed: Site) -> None:
    """Each by its command, and not among the warnings too."""
    installed.run()
    assert installed.report.count("supervisorKey") == 2
    assert "is a placeholder" not in installed.report


def test_no_call_writes(installed: Site) -> None:
    before = installed.emulator.state()
    installed.run()
    reading = {"get", "info", "endpoints", "config", "locate", "login", "company_info"}
    called = {each["endpoint"] for each in installed.emulator.calls()}
    assert not {
        each for each in called if each.partition(".")[2].split("_")[0] not in reading and "company_info" not in each
    }
    assert {method for method, _, _ in installed.lists.requests} == {"GET"}
    after = installed.emulator.state()
    assert after["companies"] == before["companies"]
    assert after["users"] == before["users"]


def test_a_second_run_writes_nothing(installed: Site) -> None:
    installed.run()
    before = {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in installed.root.rglob("*") if path.is_file()
    }
    written = installed.run()
    assert not [line for line in written if line.endswith(": written")]
    after = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in installed.root.rglob("*") if path.is_file()}
    assert after == before


def test_no_secret_that_was_read_stands_in_any_file(installed: Site) -> None:
    installed.run()
    acme = installed.tenants["acme"]
    secrets = [
        *(installed.emulator.secret, installed.emulator.supervisor_secret, installed.emulator.supervisor_key),
        *(acme.secret_key, installed.tenants["gamma"].secret_key, "hunter2-of-the-mail", "image-token-1f2e3d"),
        *("token-signing-9a8b7c", "root-of-mongo-77", "a-token-of-git-55", installed.emulator.key),
    ]
    for name, text in installed.texts().items():
        for secret in secrets:
            assert secret not in text, name


def test_secrets_of_others_are_not_even_sent(installed: Site) -> None:
    installed.run()
    asked = [accept for _, path, accept in installed.lists.requests if path == "/api/v1/secrets"]
    assert any("PartialObjectMetadata" in each for each in asked)
    assert "git-login" in installed.report
