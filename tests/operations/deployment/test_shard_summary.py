"""How the shards of a deploy went, by what GitHub says of its jobs, and whether the next environment follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from operations.github import client, shard_summary

_VARIABLES = {
    "ENVIRONMENT": "prod",
    "REPOSITORY": "acme/clearml-tenants",
    "RUN_ID": "7",
    "CANARIES": '["prod-02"]',
    "SHARDS": '["prod-01", "prod-eu-1"]',
}


def _job(stack: str, conclusion: str | None, attempt: int = 1, part: str = "others") -> dict[str, Any]:
    return {
        "name": f"prod-shards / {part} ({stack}) / deploy {stack}",
        "run_attempt": attempt,
        "conclusion": conclusion,
    }


_CANARY = _job("prod-02", "success", part="canaries")


@pytest.mark.parametrize(
    ("jobs", "lines", "code"),
    [
        ([_CANARY, _job("prod-01", "success"), _job("prod-eu-1", "success")], ["success"] * 3, 0),
        # "Re-run failed jobs": the others are in the attempt before, and the newest one may stand on a page before it.
        (
            [_job("prod-01", "success", 2), _CANARY, _job("prod-01", "failure"), _job("prod-eu-1", "success")],
            ["success"] * 3,
            0,
        ),
        ([_CANARY, _job("prod-01", "cancelled"), _job("prod-eu-1", "success")], ["success", "cancelled", "success"], 1),
        # A canary that failed: the others are one job, which was left out; and of a job under way nothing is known.
        ([_job("prod-02", "failure", part="canaries")], ["failure", "not run", "not run"], 1),
        ([_CANARY, _job("prod-01", None), _job("prod-eu-1", "timed_out")], ["success", "not run", "timed_out"], 1),
    ],
)
def test_each_shard_is_told_by_the_newest_attempt_that_it_was_in(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    jobs: list[Mapping[str, Any]],
    lines: list[str],
    code: int,
) -> None:
    def gh(_method: str, path: str, *_: object) -> list[dict[str, Any]]:
        """As GitHub has answered: without being asked for all, only what the newest attempt ran."""
        newest = max(job["run_attempt"] for job in jobs)
        found = [job for job in jobs if "filter=all" in path or job["run_attempt"] == newest]
        return [{"jobs": found[:1]}, {"jobs": found[1:]}]

    monkeypatch.setattr(client, "_gh", gh)
    assert shard_summary.main(_VARIABLES) == code
    told = capsys.readouterr().out.splitlines()
    assert told[:3] == [
        f"{shard}: {how}" for shard, how in zip(("prod-02", "prod-01", "prod-eu-1"), lines, strict=True)
    ]
    right = lines.count("success")
    assert told[3] == f"prod: {right} of 3 shards that had anything to do are as their files say"
