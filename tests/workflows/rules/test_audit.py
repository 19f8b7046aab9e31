"""What the rules say of the workflows here, and that they say something of each that is worse."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.workflows.github.model import ROOT, Repository, read_yaml
from tests.workflows.github.official_actions import OFFICIAL
from tests.workflows.rules import trust
from tests.workflows.rules.audit import findings
from tests.workflows.rules.faults.course import COURSE
from tests.workflows.rules.faults.secrets import SECRETS
from tests.workflows.rules.faults.trust import TRUST
from tests.workflows.rules.mutations import mutations

# What a person reads, and no run depends on; and how long something may take or is kept, within the rules' bounds.
_TASTE = {"name", "description"}
_AMOUNTS = {"timeout-minutes", "retention-days"}

FAULTS = TRUST | SECRETS | COURSE


def _faulty(folder: Path, file: str, old: str, new: str) -> Repository:
    shutil.copytree(ROOT / ".github", folder / ".github")
    path = folder / ".github" / file
    text = path.read_text()
    assert old in text, f"{file} has no such line any more"
    path.write_text(text.replace(old, new, 1))
    return Repository.of(folder / ".github", ROOT / "Makefile")


def test_the_workflows_here_are_right() -> None:
    assert list(findings(Repository.own())) == []


@pytest.mark.parametrize(("file", "old", "new"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_noticed(tmp_path: Path, file: str, old: str, new: str) -> None:
    assert any(findings(_faulty(tmp_path, file, old, new)))


@pytest.mark.parametrize(
    "fault",
    [
        "the pull request's head where something can be written",
        "a stranger's repository where something can be written",
        "checkout's own guard put away",
        "a preview by the branch's own workflow",
        "a preview for any branch that calls itself a base",
        "the branch's code where secrets are",
        "the merge commit where secrets are",
        "a branch's artifact where secrets are",
        "a deploy of what a branch has",
        "a deploy of a pull request",
        "a deploy from every branch",
        "a drift of what a branch has",
    ],
)
def test_a_branchs_code_where_secrets_are_breaks_one_rule_that_says_so(tmp_path: Path, fault: str) -> None:
    """Whatever else notices it."""
    assert list(trust.mains_alone(_faulty(tmp_path, *FAULTS[fault])))


def test_nothing_can_be_taken_out_added_or_changed_unseen() -> None:
    """One place after the other, in every workflow and action."""
    own = Repository.own()
    unseen = [each for each in mutations(own) if not any(findings(each.applied(own)))]
    left = [str(each) for each in unseen if each.path[-1] not in _TASTE]
    assert [
        each for each in left if not (each.endswith("is another") and each.split()[0].split(".")[-1] in _AMOUNTS)
    ] == []


def test_what_is_known_of_an_official_action_is_of_the_version_that_is_used() -> None:
    texts = [file.read_text() for file in (ROOT / ".github").rglob("*.yml")]
    used = {found for text in texts for found in re.findall(r"uses: ([\w-]+/[\w-]+)@\w+ # v(\d+)\.", text)}
    assert used == {(name, str(official.version)) for name, official in OFFICIAL.items()}


def test_a_file_is_read_as_github_reads_it() -> None:
    """`on` is a word there, not a truth, and so are `yes` and `off`."""
    assert read_yaml("on: {push: }\nmode: off\nfast: true\n") == {"on": {"push": None}, "mode": "off", "fast": True}
    with pytest.raises(Exception, match="stands twice"):
        read_yaml("on: push\njobs: {}\non: pull_request\n")
