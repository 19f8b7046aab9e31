"""`python -m operations heal`: what it asks, what stops it, and what a cluster that is away hides."""

from __future__ import annotations

import json

from tests.operations.releases.shell import RULES, SEALED, WORKERS, Shell
from tests.unit.asked import ACME, BETA, SECOND, STACK_FILE, TENANT


def test_the_stacks_own_context_is_asked_and_what_is_not_ours_stops_the_deploy(shell: Shell) -> None:
    """The engine would take the namespace over and fail on the release."""
    done = shell.heal()
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "in the way: namespace acme (context/somewhere) is there, made by hand or by another program: rename "
        "config/tenants/test/acme.yaml: namespace and releases follow; or, to take it over as it runs: add acme to "
        "takeOver, then make takeover STACK=test; or, if this stack may change and delete all that is in it: "
        "kubectl label --overwrite namespace acme clearml-tenants/stack=test --context somewhere",
        "in the way: release acme/acme-agent (context/somewhere, clearml-enterprise-agent-6.14.1, pending-install) is "
        "there, made by hand or by another program: rename config/tenants/test/acme.yaml: namespace and releases "
        "follow; or, if nobody needs it: helm uninstall acme-agent --namespace acme --kube-context somewhere",
    ]
    assert done.stderr.startswith("error: stack test: 2 in the way that no run of this stack made")
    assert len(done.stderr.splitlines()) == 1
    there = "acme-agent --namespace acme --output json --kube-context somewhere"
    asked = set(shell.log.read_text().splitlines())
    assert asked == {
        "list --all-namespaces --all --max 0 --output json --kube-context somewhere",
        f"get values {there}",
        "get manifest acme-agent --namespace acme --kube-context somewhere",
    }


def test_a_cluster_whose_namespaces_nobody_may_list_stops_the_deploy(shell: Shell) -> None:
    (shell.root.parent / "kubeconfig").unlink()
    done = shell.heal()
    assert done.returncode == 1
    assert done.stdout.startswith("not healed: context/somewhere: its namespaces cannot be listed: ")


def test_a_stack_that_a_run_holds_is_not_touched(shell: Shell) -> None:
    lock = shell.state / ".pulumi" / "locks" / "organization" / "clearml-tenants" / "test" / "one.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(json.dumps({"pid": 7, "username": "jane", "hostname": "ci", "timestamp": "2026-11-25T03:00:00Z"}))
    done = shell.heal()
    assert done.returncode == 1
    assert done.stderr.startswith("error: stack test: jane@ci (process 7) has held it since 2026-11-25T03:00:00Z")
    assert "pulumi cancel --stack test" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not shell.log.exists()


def test_a_stack_that_does_not_exist_is_one_line(shell: Shell) -> None:
    shell.run("pulumi", "stack", "rm", "test", "--yes", "--preserve-config")
    done = shell.heal()
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "no stack named 'test' found" in done.stderr


def test_a_cluster_that_is_away_hides_no_other_and_stops_the_deploy(shell: Shell) -> None:
    """A context that nobody has here, and a kubeconfig that cannot be read: the rest is looked at, the end is a 1."""
    files = {ACME: TENANT, BETA: f"{SECOND}{WORKERS} {{kubeContext: gone}}\n"}
    files["config/tenants/test/gamma.yaml"] = f"{SECOND.replace('eta', 'amma')}{WORKERS} {{kubeconfig: gpu}}\n"
    for name, text in files.items():
        (shell.root / name).write_text(text)
    settings = shell.root / STACK_FILE
    sealed = settings.read_text().replace("  clearml-tenants:stack:", f"{SEALED}  clearml-tenants:stack:")
    settings.write_text(sealed + RULES)
    done = shell.heal()
    told = done.stdout.splitlines()
    assert told[0] == (
        'not healed: context/gone: helm list: context "gone" does not exist: '
        "see `helm list --all-namespaces --all --kube-context gone`, then run this again"
    )
    assert [line.partition(" (")[0] for line in told[1:3]] == [
        "in the way: namespace acme",
        "in the way: release acme/acme-agent",
    ]
    assert told[3].startswith("not healed: kubeconfig/gpu: pulumi config: ")
    assert done.stderr == (
        "error: stack test: 2 of 3 clusters not healed (context/gone, kubeconfig/gpu), the others are: mend what is "
        "told of them, then run this again; docs/runbooks.md says how to deploy without them\n"
    )
    assert done.returncode == 1
    assert len(told) == 4
