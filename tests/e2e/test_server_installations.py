"""Published servers in a rehearsal, each in place of another: it deploys, and what restarts is told."""

from __future__ import annotations

import subprocess

import pytest

from tests.e2e.site import Site
from tests.field.published import write

# Of each kind one: a registry and Secrets of one's own, a cookie by variables, files out of a Secret, people by name,
# databases elsewhere.
SERVERS = ("cookies", "databases-elsewhere", "fixed-users", "own-ingress", "wildcard")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One tenant beside a server, as they are on main."""
    found = Site.copy(tmp_path_factory.mktemp("site") / "project")
    write(found.root, "field", "mirrored", ("campus",))
    git = ["git", "-C", str(found.root), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A", ":!.venv"], ["commit", "-qm", "base"]):
        subprocess.run([*git, *command], check=True)
    return found


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_in_place_of_another_deploys(server: str, site: Site) -> None:
    write(site.root, "field", server, ("campus",))
    done = site.run("--stack", "field", module="rehearsal")
    assert (done.code, done.errors) == (0, []), done.output
    comment = (site.root / ".rehearsal" / "field.md").read_text()
    assert "what restarts, for every tenant: " in comment
