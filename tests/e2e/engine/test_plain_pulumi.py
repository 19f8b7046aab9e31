"""The same program under the plain `pulumi` command, which is how real environments run it."""

from __future__ import annotations

import subprocess

from tests.e2e.site import CANARY, ROOT, Site


def test_pulumi_sees_what_make_made(site: Site) -> None:
    """`eval "$(make env)"; pulumi preview -s local` finds nothing to do after `make up`."""
    done = site.shell("pulumi preview --stack local --non-interactive --expect-no-changes 2>&1")
    assert done.code == 0, done.output
    # One warning may stay: a kubernetes plugin that had to be built is older than its Python package.
    assert "$PATH" not in done.output


def test_pulumi_up_makes_what_make_then_sees(site: Site) -> None:
    """A change applied by plain pulumi leaves nothing for `make up`."""
    path = site.root / "config" / "tenants" / "local" / "acme.yaml"
    kept = path.read_text()
    users = site.outputs()["tenants"]["acme"]["signIn"]["users"]
    site.edit_tenant("acme", {"signIn": {"users": [*users, "plain@partner.example"]}})
    try:
        done = site.shell("pulumi up --stack local --non-interactive --yes --skip-preview 2>&1")
        assert done.code == 0, done.output
        assert "0 resources changed" in site.up().output
    finally:
        path.write_text(kept)
        site.up()


def test_configuration_fault_is_plain_there_too(site: Site) -> None:
    path = site.root / "config" / "tenants" / "local" / "acme.yaml"
    kept = path.read_text()
    site.edit_tenant("acme", {"admin": {"email": "not-an-email"}})
    try:
        done = site.shell("pulumi preview --stack local --non-interactive 2>&1")
    finally:
        path.write_text(kept)
    assert done.code != 0
    assert "config/tenants/local/acme.yaml" in done.output
    assert "Traceback" not in done.output


def test_nothing_of_the_users_own_is_touched(site: Site) -> None:
    """After all of this, HOME holds what it held, and no file of the checkout was changed by running."""
    assert [path.name for path in site.home.iterdir()] == ["kubeconfig"]
    assert (site.home / "kubeconfig").read_text() == CANARY
    for name in ("Pulumi.yaml", "config/tenants/local/acme.yaml"):
        assert (site.root / name).read_text() == (ROOT / name).read_text()
    listed = subprocess.run(["ls", "-A", str(site.root)], capture_output=True, text=True, check=True).stdout.split()
    assert set(listed) <= {*(path.name for path in ROOT.iterdir()), ".local", ".venv"}
