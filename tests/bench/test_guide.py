"""The script that the program is measured beside makes a tenant that works, in the same cluster, by the same charts."""

from __future__ import annotations

from typing import Any

import pytest

from local.cluster import processes
from local.cluster.paths import ClusterPaths
from tests.bench.cluster_checkout import ClusterCheckout
from tests.bench.guide import follow_guide
from tests.bench.installation import installation
from tests.emulator import Emulator
from tests.local.helm import CHARTS

pytestmark = pytest.mark.e2e


def test_program_and_script_make_workers_that_sign_in_as_their_tenant_s_admin() -> None:
    """`first` is the program's; the cluster is gone afterwards."""
    with installation(ClusterCheckout) as (checkout, emulator):
        with checkout.running():
            follow_guide(emulator, ["t0", "t1"], 4, checkout.shell, CHARTS)
            assert checkout.deployed() >= {f"{name}-{use}" for name in ("first", "t0", "t1") for use in _KEYS}
            for name in ("t0", "t1"):
                for use, key in _KEYS.items():
                    pair = checkout.helm("get", "values", f"{name}-{use}", "--namespace", name)["clearml"]
                    assert _signed_in(emulator, *(pair[each] for each in key)) == (
                        f"Company {name}",
                        f"Admin of {name}",
                    )
        assert not processes.running(ClusterPaths.of(checkout.laptop))


_KEYS = {"agent": ("agentk8sglueKey", "agentk8sglueSecret"), "gateway": ("apiKey", "apiSecret")}


def _signed_in(emulator: Emulator, key: str, secret: str) -> tuple[str, str]:
    """Company and name of who has this pair."""
    user: dict[str, Any] = emulator.data_of("users.get_current_user", auth=(key, secret))["user"]
    return user["company"]["name"], user["name"]
