"""Whatever is edited: a plan says that nothing changes only where nothing does, and never shows a secret.

Two readers of YAML that know nothing of this project say what an edit means; the functions are those of the real way.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from operations.files.changes import changes_between
from operations.files.snapshot import Snapshot
from operations.preview.comment import comment_of
from operations.preview.plan import plan_of
from operations.preview.steps import Step
from tests.operations.files.edits import EDITS, PLANTED, WITHOUT_MEANING, Files, meaning

_ROOT = Path(__file__).resolve().parents[3]
_NOTHING = "nothing changes"
# What the engine says where it sees no difference at all.
_SAME = [Step("same", "clearml:tenant:Tenant", name, name, {}, {}) for name in ("globex", "initech")]
_TENANT_MORE = b"""\
agent:
  fileMounts:
  - {name: netrc, content: 'machine x login y'}
  - {name: notes, content: hello}
  extraEnvs: [{name: GITHUB_PAT, value: '1'}, {name: HOME, value: /home}]
"""


def _files() -> Files:
    paths = [_ROOT / "config" / "Pulumi.prod.yaml", *(_ROOT / "config" / "tenants" / "prod").glob("*.yaml")]
    files = {path.relative_to(_ROOT).as_posix(): path.read_bytes() for path in paths}
    shards = {"config/tenants/prod/01/beta.yaml": _TENANT_MORE.replace(b"hello", b"shard")}
    return {**files, **shards, "config/tenants/prod/more.yaml": _TENANT_MORE}


def _comment(before: Files, after: Files) -> str:
    return comment_of(plan_of("prod", _SAME, files=changes_between(Snapshot(before), Snapshot(after))))


def test_no_edit_that_means_something_is_called_nothing() -> None:
    chance, counted, silent = random.Random(20), Counter[str](), 0  # noqa: S311 - seeded
    for _ in range(800):
        before, after = _files(), _files()
        for edit in chance.choices(EDITS, k=chance.choice([1, 1, 1, 2])):
            edit(after, chance)
            counted[edit.__name__] += 1
        text = _comment(before, after)
        differs = meaning(before) != meaning(after)
        assert not (differs and _NOTHING in text), text
        silent += _NOTHING in text
        assert PLANTED not in text, text
    assert len(counted) == len({edit.__name__ for edit in EDITS})
    assert sum(counted.values()) >= 800
    assert silent < 160, silent


def test_an_edit_without_meaning_is_called_one() -> None:
    chance, told = random.Random(7), Counter[str]()  # noqa: S311 - seeded
    for _ in range(60):
        before = {path: yaml.safe_dump(yaml.safe_load(content), sort_keys=False).encode()
                  for path, content in _files().items()}  # fmt: skip
        after = dict(before)
        edit = chance.choice(WITHOUT_MEANING)
        edit(after, chance)
        text = _comment(before, after)
        assert meaning(before) == meaning(after)
        assert f"## `prod`: {_NOTHING}\n" in text, (edit.__name__, text)
        told[edit.__name__] += "only comments, spaces or quotes differ" in text
    assert all(told[edit.__name__] for edit in WITHOUT_MEANING)


def test_the_same_files_are_nothing_at_all() -> None:
    text = _comment(_files(), _files())
    assert _NOTHING in text
    assert "differs in the files" not in text


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Every key and every value that is no list and no mapping."""
    if isinstance(node, yaml.ScalarNode):
        yield node
        return
    for each in node.value if node else ():
        for part in each if isinstance(each, tuple) else (each,):
            yield from _scalars(part)


def test_no_leaf_is_changed_in_silence() -> None:
    """In the text as it stands, a shard's too: by a letter of another alphabet, in quotes, as another kind."""
    places = [
        (path, content.decode(), node)
        for path, content in _files().items()
        for node in _scalars(yaml.compose(content, Loader=yaml.CSafeLoader))
    ]
    chance = random.Random(3)  # noqa: S311 - seeded
    for path, text, node in places:
        start, end, quoted = node.start_mark.index, node.end_mark.index, node.value.replace("'", "''")
        for other in chance.sample((f"'{quoted}\u0430'", f"'{quoted}'", "0", "~", "{}"), 2):
            before, after = {path: text.encode()}, {path: f"{text[:start]}{other}{text[end:]}".encode()}
            if meaning(before) != meaning(after):
                assert _NOTHING not in _comment(before, after), (path, node.value, other)
    assert len(places) >= 200
