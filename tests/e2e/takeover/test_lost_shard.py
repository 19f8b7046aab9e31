"""The state of a shard is lost, and its tenants run on: the runbook's own commands, by real helm, engine and API."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.e2e.site import Run, Site
from tests.e2e.takeover.installation import core

_SHARD = "local-01"
_FIX = "deploy with a refresh, as the workflow does: pulumi up --refresh"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The platform, and its one tenant in a shard."""
    made = Site.copy(tmp_path / "project")
    try:
        made.plant_secrets()
        assert made.run("preview").code == 0
        config = made.root / "config"
        (config / f"Pulumi.{_SHARD}.yaml").symlink_to("Pulumi.local.yaml")
        (config / "tenants/local/01").mkdir()
        shutil.move(config / "tenants/local/acme.yaml", config / "tenants/local/01/acme.yaml")
        assert _shell(made, "make up STACK=local").code == 0, made.transcript[-1]
        yield made
    finally:
        # A laptop runs one stack, and takes nothing down while another's state is there.
        _shell(made, f"pulumi stack rm --stack {_SHARD} --force --yes --preserve-config")
        (made.root / f"config/Pulumi.{_SHARD}.yaml").unlink(missing_ok=True)
        shutil.rmtree(made.root / "config/tenants/local/01", ignore_errors=True)
        assert made.run("down").code == 0


def _shell(site: Site, script: str) -> Run:
    """In a shell that is set to the local backend, and to none of its stacks alone; `make up STACK=local` is another's
    stack's there."""
    script = script.replace("make up STACK=local", ".venv/bin/python -m operations up --stack local")
    return site.shell(f"export PULUMI_SKIP_CONFIRMATIONS=true; unset CLEARML_TENANTS_STACK; {{ {script}; }} 2>&1")


def _steps(site: Site) -> dict[str, str]:
    done = _shell(site, f"pulumi preview --stack {_SHARD} --non-interactive --json 2>/dev/null")
    assert done.code == 0, done.output
    steps = json.loads(done.output[done.output.index("{") :])["steps"]
    return {each["urn"].rpartition("$")[2].rpartition("/")[2]: each["op"] for each in steps}


def test_a_lost_state_of_a_shard_is_one_command(site: Site) -> None:
    companies = [each["id"] for each in site.state()["companies"]]
    uid = core(site).read_namespace("acme").metadata.uid
    for path in (site.data / "state" / ".pulumi" / "stacks").rglob(f"{_SHARD}*"):
        path.unlink()

    done = _shell(site, "make takeover STACK=local")
    assert done.code == 0, done.output
    assert f"{_SHARD}: made, an empty stack" in done.output
    taken = [line.split(" (")[0] for line in done.output.splitlines() if line.startswith("taken over: ")]
    assert "taken over: release acme/acme-agent" in taken
    assert not [line for line in taken if "clearml/" in line or "namespace clearml" in line]
    assert "config/tenants/local/01/acme.yaml: agent: write keyGeneration: 2 before the next deploy" in done.output
    again = _shell(site, f"make takeover STACK={_SHARD}")
    assert again.output.splitlines()[-1] == f"stack {_SHARD}: nothing to take over"

    path = site.root / "config/tenants/local/01/acme.yaml"
    content = yaml.safe_load(path.read_text())
    for kind in ("agent", "gateway"):
        content[kind]["keyGeneration"] = 2
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    steps = _steps(site)
    assert not {op for op in steps.values() if "delete" in op or "replace" in op}, steps
    assert not {name for name, op in steps.items() if op == "create" and name.startswith(("v1:", "v3:"))}, steps
    up = _shell(site, "make up STACK=local")
    assert up.code == 0, up.output
    nothing = _shell(site, f"pulumi preview --stack {_SHARD} --non-interactive --expect-no-changes")
    assert nothing.code == 0, nothing.output
    assert [each["id"] for each in site.state()["companies"]] == companies
    assert core(site).read_namespace("acme").metadata.uid == uid
    labels = [str(each["label"]) for each in site.state()["credentials"] if each["label"]]
    # That of before is a key beside the one in use, which the first deploy after a refresh revokes.
    assert {each for each in labels if each.startswith("local/acme/agent/")} == {
        "local/acme/agent/1",
        "local/acme/agent/2",
    }

    assert _shell(site, "helm uninstall acme-agent --namespace acme").code == 0
    healed = _shell(site, ".venv/bin/python -m operations heal --stack local")
    assert f"not there: release acme/acme-agent, which the state has: {_FIX} --stack {_SHARD}\n" in healed.output


def test_states_that_are_all_lost_after_a_split_are_one_command(site: Site) -> None:
    """Those of the platform and of the shard: the files say which stack each tenant is in."""
    companies = [each["id"] for each in site.state()["companies"]]
    uids = {name: core(site).read_namespace(name).metadata.uid for name in ("clearml", "acme")}
    shutil.rmtree(site.data / "state" / ".pulumi" / "stacks")
    assert _shell(site, "pulumi stack init local").code == 0

    done = _shell(site, "make takeover STACK=local")
    assert done.code == 0, done.output
    taken = [line.split(" (")[0] for line in done.output.splitlines() if line.startswith("taken over: ")]
    assert {"taken over: release acme/acme-agent", "taken over: release acme/acme-gateway"} <= {*taken}
    assert len(taken) == len({*taken}), "each in one state"
    path = site.root / "config/tenants/local/01/acme.yaml"
    content = yaml.safe_load(path.read_text())
    for kind in ("agent", "gateway"):
        content[kind]["keyGeneration"] = 2
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    up = _shell(site, "make up STACK=local")
    assert up.code == 0, up.output
    for stack in ("local", _SHARD):
        nothing = _shell(site, f"pulumi preview --stack {stack} --non-interactive --expect-no-changes")
        assert nothing.code == 0, nothing.output
    assert [each["id"] for each in site.state()["companies"]] == companies
    assert {name: core(site).read_namespace(name).metadata.uid for name in uids} == uids
