"""Other people's text in Markdown of ours: seen as it is written, and never a link, a mention, a picture or HTML. Pure.

GitHub reads more into a text than Markdown does (addresses, `#12`, commits, names of emoji), some of it past a
backslash. A character without width inside of these keeps them text.
"""

from __future__ import annotations

import re
from html import escape

_NO_WIDTH = "\u200b"
# What would be Markdown at the beginning of a list's item.
_FIRST = re.compile(r"^(?:[-+=~:]|\d+[.)])")
_SPECIAL = re.compile(r"([\\`<>*_\[\]#&~$|!])")
# What GitHub makes links, mentions, pictures of emoji or references of, in a text without any mark.
_LINKS = (
    (re.compile(r"(?i)(\w+:)(?=//)"), rf"\1{_NO_WIDTH}"),
    (re.compile(r"(?i)\b(www)\."), rf"\1{_NO_WIDTH}."),
    (re.compile(r"(?i)\b(mailto|xmpp):"), rf"\1{_NO_WIDTH}:"),
    (re.compile(r"@"), f"@{_NO_WIDTH}"),
    (re.compile(r"#"), f"#{_NO_WIDTH}"),
    (re.compile(r"(?i)\b(GH|CVE|GHSA)-"), rf"\1{_NO_WIDTH}-"),
    (re.compile(r":(?=[A-Za-z0-9_+-]+:)"), f":{_NO_WIDTH}"),
)
# What may be a commit's name, in pieces that are too short for one.
_COMMIT = re.compile(r"\b[0-9a-f]{7,}\b")
_PIECE = 6
_LONGEST = 600


def line_of(text: str) -> str:
    """A line of ours as text. What it has between single backticks is code, if no more than these are there."""
    line = visible(" ".join(text.split()))[:_LONGEST]
    runs = re.findall("`+", line)
    if len(runs) % 2 or any(len(run) > 1 for run in runs):
        return _escaped(line)
    parts = line.split("`")
    return "".join(_code(part) if index % 2 else _escaped(part, first=index == 0) for index, part in enumerate(parts))


def code(text: str) -> str:
    """Any text as code on one line, which nothing in it ends."""
    return _code(visible(text.replace("\n", "⏎"))[:_LONGEST])


def cell(text: str) -> str:
    """As `line_of`, inside of a table."""
    # A backslash before it is escaped already outside of code; inside of code the table alone reads it.
    return re.sub(r"(?<!\\)\|", r"\\|", line_of(text))


def folded(title: str, content: str, language: str) -> str:
    """A block to be opened; the content is code, which no fence in it ends."""
    text = "\n".join(visible(line) for line in content.split("\n"))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"<details><summary>{_html(title)}</summary>\n\n{fence}{language}\n{text}\n{fence}\n</details>"


def visible(text: str) -> str:
    """Without what changes how other characters are seen, as the order of writing, or what nobody sees."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _html(text: str) -> str:
    shown = escape(visible(" ".join(text.split()))[:_LONGEST])
    for pattern, instead in _LINKS[:3]:
        shown = pattern.sub(instead, shown)
    return re.sub(r"([*_`\[\]!~$|])", r"\\\1", shown).replace("@", f"@{_NO_WIDTH}")


def _code(text: str) -> str:
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    edge = " " if not text or text != text.strip() or text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def _escaped(text: str, *, first: bool = True) -> str:
    escaped = _SPECIAL.sub(r"\\\1", text)
    if first and (found := _FIRST.match(escaped)):
        escaped = f"{found[0][:-1]}\\{escaped[found.end() - 1 :]}"
    for pattern, instead in _LINKS:
        escaped = pattern.sub(instead, escaped)
    return _COMMIT.sub(_in_pieces, escaped)


def _in_pieces(commit: re.Match[str]) -> str:
    return _NO_WIDTH.join(commit[0][start : start + _PIECE] for start in range(0, len(commit[0]), _PIECE))
