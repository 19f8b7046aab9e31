"""Stands in for GitHub's command: answers from what a folder's `store.json` holds, and keeps there what is written.

Standard library only, since it is started alone: `fake_gh.py FOLDER api --method GET PATH …`. A token may do what
the store says of it, as GitHub's own would.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

_READ, _WRITE = ("read", "write"), ("write",)
# What the route needs, any of them.
_RIGHTS = (
    (r"pulls", ("pull-requests",)),
    (r"issues/(\d+/comments|comments/\d+)", ("pull-requests", "issues")),
    (r"issues(/\d+)?", ("issues",)),
    (r"compare/.+", ("contents",)),
    (r"deployments(/\d+/statuses)?", ("deployments",)),
    (r"actions/runs/\d+/jobs", ("actions",)),
)


class RefusedError(Exception):
    """What GitHub says no with."""


class Site:
    """One repository's pull requests, comments, issues and deployments."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "store.json"
        self._store = json.loads(self._file.read_text())

    def answer(self, method: str, path: str, body: dict[str, str]) -> object:
        """What GitHub answers. Raises RefusedError."""
        start = f"repos/{self._store['repository']}/"
        # The command puts the checkout's own in the place of these.
        split = urlsplit(path.replace("{owner}", start.split("/")[1]).replace("{branch}", "main"))
        query = {name: values[0] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
        route = split.path.removeprefix(start)
        self._require(method, route)
        found = self._get(route, query) if method == "GET" else self._write(method, route, body)
        self._file.write_text(json.dumps(self._store))
        return found

    def _require(self, method: str, route: str) -> None:
        token = os.environ.get("GH_TOKEN", "")
        if token not in self._store["tokens"]:
            raise RefusedError("gh: Bad credentials (HTTP 401)")
        needed = next((rights for form, rights in _RIGHTS if re.fullmatch(form, route)), None)
        if needed is None:
            raise RefusedError("gh: Not Found (HTTP 404)")
        has = [self._store["tokens"][token].get(right) for right in needed]
        if not any(each in (_READ if method == "GET" else _WRITE) for each in has):
            raise RefusedError("gh: Resource not accessible by integration (HTTP 403)")

    def _get(self, route: str, query: dict[str, str]) -> object:
        if route == "pulls":
            return [each for each in self._store["pulls"] if query.get("head") in (None, each["head"]["label"])]
        if route == "issues":
            return self._store["issues"]
        if route == "deployments":
            return [each for each in self._store["deployments"] if each["environment"] == query["environment"]]
        if route.startswith("compare/"):
            return {"status": self._relation(*map(unquote, route.removeprefix("compare/").split("...")))}
        if route.startswith("actions/"):
            return {"jobs": self._store["jobs"].get(route.split("/")[2], [])}
        number = route.split("/")[1]
        return self._store["comments" if route.startswith("issues") else "statuses"].get(number, [])

    def _write(self, method: str, route: str, body: dict[str, str]) -> object:
        if route == "issues" or re.fullmatch(r"issues/\d+", route):
            written = self._store["issues"]
        elif method == "PATCH":
            written = [each for comments in self._store["comments"].values() for each in comments]
        else:
            written = self._store["comments"].setdefault(route.split("/")[1], [])
        if method == "PATCH":
            number = int(route.rpartition("/")[2])
            next(each for each in written if number in (each.get("number"), each.get("id"))).update(body)
            return {}
        self._store["last"] += 1
        new = {"id": self._store["last"], "number": self._store["last"], "user": {"login": "github-actions[bot]"}}
        written.append({**new, **body})
        return {}

    def _relation(self, base: str, head: str) -> str:
        base, head = (self._git("rev-parse", each) for each in (base, head))
        if base == head:
            return "identical"
        common = self._git("merge-base", base, head)
        return {base: "ahead", head: "behind"}.get(common, "diverged")

    def _git(self, *arguments: str) -> str:
        git = ["git", "-C", self._store["origin"], *arguments]
        done = subprocess.run(git, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RefusedError("gh: Not Found (HTTP 404)")
        return done.stdout.strip()


def main(folder: str, *arguments: str) -> int:
    """The command line `api --method METHOD [--paginate --slurp] PATH [--input -]`."""
    body = json.load(sys.stdin) if "-" in arguments else {}
    path = next(each for each in arguments if each.startswith("repos/"))
    try:
        found = Site(Path(folder)).answer(arguments[arguments.index("--method") + 1], path, body)
    except RefusedError as refused:
        print(refused, file=sys.stderr)
        return 1
    print(json.dumps([found] if "--slurp" in arguments else found))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
