"""What every takeover here is done with: a site without a deployment, the documented commands, what a preview says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.e2e.site import Site

CONTEXT = "kwok-clearml-tenants"
UP = "pulumi up --stack local --non-interactive --yes --skip-preview 2>&1"
NOTHING = "pulumi preview --stack local --non-interactive --expect-no-changes 2>&1"
FOLDERS = {
    name: {"chart": f"./local/charts/clearml-enterprise{more}", "version": None}
    for name, more in (("server", ""), ("agent", "-agent"), ("gateway", "-app-gateway"))
}


@contextmanager
def undeployed(folder: Path, *without: str) -> Iterator[Site]:
    """Everything runs and nothing is deployed; the stack's file says where the server is, and not what is `without`."""
    made = Site.copy(folder / "project")
    made.plant_secrets()
    assert made.run("preview").code == 0
    path = made.root / "config" / "Pulumi.local.yaml"
    content = yaml.safe_load(path.read_text())
    for key in ("clearml-tenants:stack", *without):
        del content["config"][key]
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    (made.root / "config/tenants/local/acme.yaml").unlink()
    yield made
    made.run("down")


def previewed(site: Site) -> dict[str, str]:
    """What a preview would do with each resource, by type and name."""
    done = site.shell("pulumi preview --stack local --non-interactive --json 2>/dev/null")
    assert done.code == 0, done.output
    steps = json.loads(done.output)["steps"]
    return {each["urn"].rpartition("$")[2].rpartition("/")[2]: each["op"] for each in steps}


@contextmanager
def meanwhile(run: Callable[[threading.Event], None]) -> Iterator[None]:
    """Runs beside the block, until the event says that it ends."""
    end = threading.Event()
    thread = threading.Thread(target=run, args=(end,))
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
