"""The commands that the documentation shows, as a reader would type them, in the order of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# As a platform team comes to them: try it, make an environment of one's own, live with it.
PAGES = (
    "README.md",
    "docs/backends.md",
    "docs/stacks.md",
    "docs/how-to.md",
    "docs/upgrades.md",
    "docs/runbooks.md",
    "docs/reference.md",
)
# A fenced block whole, in its language; or what stands between two backticks, over a line's end too.
_CODE = re.compile(
    r"^ *```(?P<language>\w*)\n(?P<block>.*?)^ *```$|`(?P<inline>[^`\n]+(?:\n[^`\n]+)?)`", re.MULTILINE | re.DOTALL
)
# More than the tool's bare name, which is no command.
_COMMAND = re.compile(r"(?:[A-Z_]+=\S+ )*(?:make|pulumi|helm|kubectl|eval|git|gh|aws|gcloud|az|curl) .+")
BLANK = r"…|<[a-z ]+>"
_REMARK = re.compile(r"\s+#\s.*$")


def pages() -> list[str]:
    """Every page with a command: PAGES, and whatever else was written since."""
    found = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").rglob("*.md"))]
    return [*PAGES, *(page for page in found if page not in PAGES)]


def written(page: str) -> Iterator[list[str]]:
    """What is typed into one shell: a block's lines, or the one command of a sentence."""
    for code in _CODE.finditer((ROOT / page).read_text()):
        if code["inline"] is not None:
            command = " ".join(code["inline"].split())
            if _COMMAND.fullmatch(command):
                yield [command]
        elif code["language"] == "sh":
            lines = code["block"].replace("\\\n", " ").splitlines()
            yield [command for command in (_REMARK.sub("", line).strip() for line in lines) if command]


def is_a_form(command: str) -> bool:
    """It has a blank to fill in, like `<tenant>` or `…`."""
    return re.search(BLANK, command) is not None
