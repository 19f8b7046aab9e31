"""`make status` is one row a tenant, however many workers it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.checkout import Checkout
from local.plugins.launcher import write_launcher
from local.status import plugin_rows
from local.table import show_health

_SERVER = {
    "url": "u",
    "release": "r",
    "chartVersion": "1",
    "status": "deployed",
    "namespace": "n",
    "supervisorEmail": "e",
}


def test_each_tenant_is_one_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tenants = {name: {"company": f"{name} Inc."} for name in ("beta", "acme", "gone")}
    health = {
        "acme": {"agent": "key accepted, never used; pods 1/1 ready", "gateway": "key accepted; pods 0/1 ready"},
        "beta": {},
    }
    checkout = Checkout(tmp_path, tmp_path / ".local", 8008, None)
    show_health(checkout, {"server": _SERVER, "tenants": tenants}, health)
    told = capsys.readouterr().out
    rows = told.partition("Tenants\n")[2].partition("\n\n")[0].splitlines()
    assert rows == [
        "  acme  acme Inc.  agent: key accepted, never used; pods 1/1 ready | gateway: key accepted; pods 0/1 ready",
        "  beta  beta Inc.  no workers",
        "  gone  gone Inc.  health unknown",
    ]


def test_the_sdks_own_module_is_no_stand_in(tmp_path: Path) -> None:
    """Our launcher starts it, with this checkout's Python; the launcher alone is ours."""
    checkout = Checkout(tmp_path, tmp_path / ".local", 8008, None)
    checkout.bin.mkdir(parents=True)
    for name, module in (("pulumi-resource-pulumi-python", "pulumi.dynamic"), ("pulumi-resource-random", "local.x")):
        write_launcher(checkout.bin / name, tmp_path, module)
    assert plugin_rows(checkout).rows == [
        ("pulumi-resource-pulumi-python", "SDK  with this checkout's Python"),
        ("pulumi-resource-random", "stand-in"),
    ]


def test_what_identity_providers_are_to_be_told_is_a_row_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = {**_SERVER, "callbackUrls": {"okta": "https://app.clearml.example/callback_okta"}}
    show_health(Checkout(tmp_path, tmp_path / ".local", 8008, None), {"server": server, "tenants": {}}, {})
    assert "  callback okta  https://app.clearml.example/callback_okta\n" in capsys.readouterr().out
