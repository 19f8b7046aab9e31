"""A go command that "builds" at once, so that what surrounds a build can be tried in milliseconds."""

from __future__ import annotations

from pathlib import Path

_GO = """#!/bin/sh
case "$1" in
version) echo "go version go{version} linux/amd64" ;;
env) echo '{{}}' ;;
list)
    case "$*" in
    *-deps*) {listing} ;;
    *) echo {folder} ;;
    esac ;;
build)
    echo "$@" >> {folder}/builds
    {during}
    while [ "$1" != "-o" ]; do shift; done
    to=$2
    shift 2
    mkdir -p "$to"
    for package; do
        case "$package" in *{broken}*) echo "$package: is broken"; failed=1; continue ;; esac
        printf '#!/bin/sh\\necho v2.5.0\\n' > "$to/${{package##*/}}" && chmod +x "$to/${{package##*/}}"
    done
    exit ${{failed:-0}} ;;
esac
"""


class FakeGo:
    """Lies in `folder`, which a test puts on PATH; `builds` are the command lines it was given.

    Every package it is asked for lies there, too. One whose path has `broken` in it fails, and the others do not.
    `listing` and `during` are what it does when it lists packages and while it builds, in shell.
    """

    def __init__(
        self,
        folder: Path,
        version: str = "1.26.8",
        during: str = "true",
        broken: str = "none-of-them",
        listing: str = "true",
    ) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        go = folder / "go"
        go.write_text(_GO.format(version=version, folder=folder, during=during, broken=broken, listing=listing))
        go.chmod(0o755)

    @property
    def builds(self) -> list[str]:
        file = self._folder / "builds"
        return file.read_text().splitlines() if file.exists() else []
