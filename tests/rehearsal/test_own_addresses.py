"""Two rehearsals of the same files make the same comment, whatever ports they had."""

from __future__ import annotations

from operations.preview.comment import comment_of
from operations.preview.plan import plan_of
from operations.preview.steps import Step
from rehearsal.own_addresses import renamed, renamed_text


def _comment(port: int) -> str:
    address, api = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    names = {address: "the stand-in charts", api: "the stand-in API"}
    inputs = {"chart": "agent", "repositoryOpts": {"repo": address}, "values": {"urls": [api, "https://other.example"]}}
    step = Step("create", "kubernetes:helm.sh/v3:Release", "acme-agent", "acme", {}, inputs)
    whole = Step("same", "clearml:tenant:Tenant", "acme", "acme", {}, {})
    fault = f"failed to fetch {address}/index.yaml"
    return comment_of(plan_of("prod", [whole, renamed(step, names)], faults=[renamed_text(fault, names)]))


def test_another_port_is_no_other_comment() -> None:
    text = _comment(40_001)
    assert text == _comment(50_003)
    assert "127.0.0.1" not in text
    assert "repo: the stand-in charts" in text
    assert "https://other.example" in text
