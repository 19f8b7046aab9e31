"""The comment of a preview with secrets: the engine's text as code, whatever a tenant's file makes it say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.toolchain import install_tools
from operations.errors import OperationError
from operations.files.changes import changes_between
from operations.files.comparison import Comparison
from operations.files.snapshot import Snapshot
from operations.github import client, stack_preview
from operations.github.merge import Merge
from operations.preview.comment import LIMIT
from operations.preview.engine_preview import steps_in
from operations.preview.policy_preview import Outcome, recorded_preview
from tests.unit.asked import project
from tests.workflows.github.model import ROOT
from tests.workflows.github.site import commit, git

_RUN = {
    "STACK": "prod",
    "REPOSITORY": "o/r",
    "NUMBER": "7",
    "PROPOSAL": "c0ffee00" * 5,
    "GH_TOKEN": "PLANTED-token",
    "PULUMI_CONFIG_PASSPHRASE": "PLANTED-passphrase",
    "PULUMI_ACCESS_TOKEN": "",
}


_NEXT = "\n  clearml-tenants:apiserverSecret"
_BEFORE = (ROOT / "config" / "Pulumi.prod.yaml").read_text()


def _compared(old: str, new: str) -> Comparison:
    name = "config/Pulumi.prod.yaml"
    snapshots = (Snapshot({name: text.encode()}) for text in (_BEFORE, _BEFORE.replace(old, new, 1)))
    return Comparison("main", changes_between(*snapshots))


def _comment(text: str, comparison: Comparison = Comparison("main")) -> str:  # noqa: B008 - frozen
    return stack_preview.comment_of("prod", _RUN["PROPOSAL"], text, comparison, right=True)


def test_what_the_engine_cannot_see_is_listed_above_its_text() -> None:
    """A secret that was encrypted anew, and a registry: the engine shows `[secret] => [secret]`, or nothing."""
    text = _comment("Resources: 9 unchanged\n" * 9_000, _compared(f"replace-me{_NEXT}", f"v1:other{_NEXT}"))
    files, engine = text.split("<details>")
    assert "previewed; 1 setting in 1 file\n" in files
    assert "encrypted anew; the value may be another" in files
    assert "Resources: 9 unchanged" in engine
    assert len(text) <= LIMIT
    assert "oci://registry.evil.example" in _comment(
        "", _compared("oci://docker.io/clearml", "oci://registry.evil.example")
    )


@pytest.mark.parametrize("text", ["```\n@everyone\n", "~~~\n</details>\n# Approved\n", "````\n![x](http://e.com)\n"])
def test_no_text_of_the_engine_ends_the_code(text: str) -> None:
    lines = _comment(text).splitlines()
    fences = [
        index for index, line in enumerate(lines) if line.startswith("```") and set(line.removesuffix("diff")) == {"`"}
    ]
    longest = max(len(lines[index].removesuffix("diff")) for index in fences)
    outer = [index for index in fences if len(lines[index].removesuffix("diff")) == longest]
    assert len(outer) == 2
    assert all(line in lines[outer[0] : outer[1]] for line in text.splitlines())


def test_a_text_that_is_too_long_keeps_its_end() -> None:
    comment = _comment("one line of many\n" * 20_000 + "Resources: 3 to update\n")
    assert len(comment) <= LIMIT
    assert "Resources: 3 to update" in comment
    assert "the log of the run has all of it" in comment


def test_the_plan_is_told_with_restarts_and_effective_features(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both stood in a rehearsal's comment alone, whose charts are stand-ins and whose word is the branch's."""
    root = project(tmp_path / "project")
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, "All")
    (root / "local").mkdir()
    (root / "local" / "charts").symlink_to(ROOT / "local" / "charts")
    path = root / "config" / "tenants" / "test" / "acme.yaml"
    path.write_text(f"{path.read_text()}features: [reports]\n")
    monkeypatch.setenv("PATH", f"{install_tools(['helm'])['helm'].path.parent}:/usr/bin:/bin")
    steps = steps_in(ROOT / "tests" / "operations" / "recorded" / "official_features.jsonl")
    told = "\n".join(stack_preview.words_of(root, "test", Outcome("", right=True, steps=steps), {"GH_TOKEN"}))
    assert "server: clearml-enterprise changes; what restarts, for every tenant: apiserver" in told
    assert "effective in acme, group `users`: " in told
    failed = "\n".join(stack_preview.words_of(root, "test", Outcome("", right=False), {"GH_TOKEN"}))
    assert "effective in acme, group `users`: " in failed
    assert "restarts" not in failed
    path.write_text("[")
    assert list(stack_preview.words_of(root, "test", Outcome("", right=False), {"GH_TOKEN"})) == []


def _violation(level: str, message: str) -> dict[str, object]:
    """As the engine's protocol has it (apitype.PolicyEvent)."""
    event = {"message": message, "color": "raw", "policyName": "no-cluster-rights", "enforcementLevel": level}
    return {"sequence": 9_999, "timestamp": 1, "policyEvent": {**event, "policyPackName": "clearml-tenants"}}


def test_a_violated_policy_is_told_with_the_plan_as_far_as_it_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A violation had the whole plan left out: a reviewer read it among hundreds of the engine's lines, or not."""
    root = project(tmp_path / "project")
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, "All")
    said = "<{%fg 1%}>release acme-agent: ClusterRole x: @everyone\n<{%reset%}>"
    recorded = (ROOT / "tests" / "operations" / "recorded" / "official_features.jsonl").read_text()
    more = [
        _violation("mandatory", said),
        _violation("mandatory", said),
        *(_violation("advisory", f"advised for {each}") for each in range(20, 45)),
    ]
    # The engine was ended while it wrote.
    events = recorded + "".join(f"{json.dumps(each)}\n" for each in more) + '{"sequence": 1, "policyEv'
    _command(tmp_path / "tools", monkeypatch, f'cat > /dev/null; cp {tmp_path}/said "$last"; echo engine; exit 255')
    (tmp_path / "said").write_text(events)
    outcome = recorded_preview(root, "test", ())
    told = "\n".join(stack_preview.words_of(root, "test", outcome, {"GH_TOKEN"}))
    caution, warning = told.index("Not valid"), told.index("Look twice:")
    assert caution < told.index("policy no-cluster-rights: release acme-agent: ClusterRole x") < warning
    assert warning < told.index("policy no-cluster-rights: advised for 20"), "an advisory policy was not told at all"
    assert told.count("no-cluster-rights: advised") == 20
    assert "policies advise 5 more" in told
    assert "@everyone" not in told
    assert "{%" not in told
    assert "the preview did not end well: more may change, go or restart than is told here" in told
    assert "| _server_ | changed |" in told
    assert "untouched" not in told
    assert not outcome.right


def _command(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A `pulumi` of ours; `$last` is its last argument."""
    folder.mkdir()
    for name in ("pulumi", "pulumi-language-python"):
        (folder / name).write_text(f"#!/bin/sh\nfor last; do :; done\n{script}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_no_secret_and_no_command_to_the_runner_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "::add-mask::x PLANTED-passphrase PLANTED-token"
    for name in ("pulumi", "pulumi-language-python"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho "{said} token:$GH_TOKEN"\n')
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("GH_TOKEN", "PLANTED-token")
    comments: list[str] = []
    monkeypatch.setattr(client, "put_comment", lambda _repository, _number, _marker, text: comments.append(text))
    stack_preview.publish_preview(tmp_path, _RUN, ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN"], "GH_TOKEN")
    printed = capsys.readouterr().out
    assert "PLANTED" not in printed + comments[0]
    assert "token:\n" in comments[0]
    start, *_between, end = printed.splitlines()
    assert end == f"::{start.removeprefix('::stop-commands::')}::"


def test_what_signs_in_at_a_cluster_is_in_no_comment_whatever_markdown_makes_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub hides a kubeconfig's lines in a log, and nothing in a comment, where `_` is written as `\\_`."""
    config = {"users": [{"name": "a", "user": {"token": "PLANTED_to_ken", "client-key-data": "UExBTlRFRA=="}}]}
    (tmp_path / "kubeconfig").write_text(json.dumps(config))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    said = "Bearer PLANTED_to_ken was refused, PLANTED_pass_phrase"
    root = project(tmp_path / "project")
    (tmp_path / "said").write_text(json.dumps(_violation("mandatory", said)))
    script = f"cp {tmp_path}/said \"$last\"; echo 'key UExBTlRFRA== {said}'; exit 255"
    _command(tmp_path / "tools", monkeypatch, script)
    monkeypatch.setattr(Merge, "comparison", lambda *_: Comparison("main"))
    comments: list[str] = []
    monkeypatch.setattr(client, "put_comment", lambda _repository, _number, _marker, text: comments.append(text))
    run = {**_RUN, "STACK": "test", "PULUMI_CONFIG_PASSPHRASE": "PLANTED_pass_phrase"}
    with pytest.raises(OperationError, match="a policy is violated"):
        stack_preview.publish_preview(root, run, ["PULUMI_CONFIG_PASSPHRASE"], "GH_TOKEN")
    (comment,) = comments
    assert "was refused" in comment
    assert "no-cluster-rights" in comment
    assert "PLANTED" not in comment
    assert "UExBTlRFRA" not in comment


def test_a_preview_that_cannot_start_leaves_a_comment_with_what_differs_in_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then the error ended it before the comment, and an older one stayed there."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    compared = _compared(f"replace-me{_NEXT}", f"v1:other{_NEXT}")
    monkeypatch.setattr(Merge, "comparison", lambda *_: compared)
    comments: list[str] = []
    monkeypatch.setattr(client, "put_comment", lambda _repository, _number, _marker, text: comments.append(text))
    with pytest.raises(OperationError, match="the preview failed"):
        stack_preview.publish_preview(tmp_path, _RUN, [], "GH_TOKEN")
    (comment,) = comments
    assert "**the preview failed, or a policy is violated**; 1 setting in 1 file" in comment
    assert "encrypted anew; the value may be another" in comment
    assert "pulumi: not on PATH" in comment


def test_a_plan_that_cannot_be_told_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationError("helm: not on PATH")

    monkeypatch.setattr(stack_preview, "plan_of_stack", away)
    told = "\n".join(stack_preview.words_of(project(tmp_path), "test", Outcome("", right=True, steps=()), ()))
    assert "the plan is not told in words: helm: not on PATH" in told
