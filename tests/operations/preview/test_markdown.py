"""Other people's text in a comment of ours is text, whatever is in it."""

from __future__ import annotations

import re

import pytest

from operations.preview.markdown import cell, code, folded, line_of

_HOSTILE = [
    "<img src=x>",
    "![x](https://evil.example/x.png)",
    "[approve](https://evil.example)",
    "@security please merge",
    "https://evil.example and www.evil.example",
    "fixes #12, o/r#12, GH-12",
    "# Approved",
    "- [x] reviewed",
    "1. one",
    "--- ",
    "``` <img src=x> ` x `` b",
    "`` `<b>` ``",
    "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
    ":shipit:",
    "$x$ ~y~ |z|",
    "a\n\n# Approved\n",
    "\u202eevil",
]


@pytest.mark.parametrize("text", _HOSTILE)
def test_nothing_in_a_line_is_read_as_anything_but_text(text: str) -> None:
    outside = re.sub(r"(?<!\\)`[^`]+`", "", line_of(text))
    assert "\n" not in outside
    assert "\u202e" not in outside
    assert not re.search(r"(?<!\\)[<>\[\]*_$~|]", outside)
    assert not re.search(r"@\w|#\d|://|www\.|GH-|:\w+:|[0-9a-f]{7,40}\b", outside)
    assert not re.match(r"[-+=]|\d+[.)]|#", outside)


@pytest.mark.parametrize("text", [*_HOSTILE, "", "`", "``", "a`b", "\\`"])
def test_code_is_ended_by_nothing_in_it(text: str) -> None:
    shown = code(text)
    fence = re.match("`+", shown)
    assert fence
    inner = shown[len(fence[0]) : -len(fence[0])]
    assert shown.endswith(fence[0])
    assert "\n" not in inner
    assert fence[0] not in re.findall("`+", inner)
    assert inner.startswith(" ") == inner.endswith(" ")


def test_a_cell_has_no_border_in_it() -> None:
    assert cell("a|b `c|d`") == r"a\|b `c\|d`"


def test_a_title_and_a_fence_are_text() -> None:
    block = folded("<b>@x `y`", "```\n<img>", "diff")
    assert block.startswith("<details><summary>&lt;b&gt;@\u200bx \\`y\\`</summary>")
    assert "\n````diff\n```\n<img>\n````\n" in block
