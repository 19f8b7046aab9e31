"""One comment of a pull request, and one issue, each found again by its first line and brought up to date in place;
and what was deployed.

Goes through the `gh` command, which every runner of GitHub's has and which knows the job's token.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from operations.errors import OperationError

# Whoever writes our first line into a comment of their own does not get ours into it.
_OURS = "github-actions[bot]"
# So many commits of an environment's deployments are compared, a call each.
_LOOKED_BACK = 20


def put_comment(repository: str, number: int, marker: str, text: str) -> None:
    """Make `text`, which starts with `marker`, the pull request's comment of that marker. Raises OperationError."""
    found = _find(f"repos/{repository}/issues/{number}/comments?per_page=100", marker)
    if found:
        _gh("PATCH", f"repos/{repository}/issues/comments/{found['id']}", {"body": text})
    else:
        _gh("POST", f"repos/{repository}/issues/{number}/comments", {"body": text})


def markers_of(repository: str, number: int, start: str) -> set[str]:
    """The first lines of our comments under the pull request that start so. Raises OperationError."""
    ours = _ours(f"repos/{repository}/issues/{number}/comments?per_page=100")
    return {body.partition("\n")[0] for body in map(_body, ours) if body.startswith(start)}


def put_issue(repository: str, marker: str, title: str, text: str) -> None:
    """Open an issue, or bring the open one with that marker up to date. Raises OperationError."""
    found = _find(f"repos/{repository}/issues?state=open&per_page=100", marker)
    body = {"title": title, "body": f"{marker}\n{text}"}
    if found:
        _gh("PATCH", f"repos/{repository}/issues/{found['number']}", body)
    else:
        _gh("POST", f"repos/{repository}/issues", body)


def pull_request_of(repository: str, head: str, commit: str) -> int | None:
    """The open pull request whose branch is `head` (`owner:branch`) and still at `commit`. Raises OperationError.

    Git allows a branch `feature/#12`, `a&b` or `{owner}`, which `gh` would replace: it is quoted.
    """
    path = f"repos/{repository}/pulls?state=open&per_page=100&head={quote(head, safe=':')}"
    listed: list[dict[str, Any]] = _gh("GET", path, None)
    return next((int(each["number"]) for each in listed if each["head"]["sha"] == commit), None)


def relation(repository: str, base: str, head: str) -> str:
    """How commit `head` lies to `base`: `identical`, `ahead`, `behind` or `diverged`. Raises OperationError."""
    compared = f"{quote(base, safe='')}...{quote(head, safe='')}"
    return str(_gh("GET", f"repos/{repository}/compare/{compared}?per_page=1", None)["status"])


def deployed_after(repository: str, environment: str, commit: str) -> str:
    """A commit that comes after `commit`, whose deployment to the environment began; empty if there is none.

    One that waited for an approval and got none changed nothing. Not the last deployment alone is asked: that may be of
    an older commit, which was refused. Raises OperationError.
    """
    path = f"repos/{repository}/deployments"
    listed: list[dict[str, Any]] = _gh("GET", f"{path}?environment={quote(environment, safe='')}&per_page=100", None)
    newest_first = sorted(listed, key=lambda each: int(each["id"]), reverse=True)
    commits = list(dict.fromkeys(str(each["sha"]) for each in newest_first))[:_LOOKED_BACK]
    after = [sha for sha in commits if relation(repository, sha, commit) == "behind"]
    began = (each["sha"] for each in newest_first if each["sha"] in after and _began(f"{path}/{each['id']}/statuses"))
    return str(next(began, ""))


def conclusions(repository: str, run: str) -> dict[str, str]:
    """How each job of a workflow's run ended, in the newest attempt that it was in, by the whole name; empty while it
    is under way.

    All attempts are asked for: of the newest one alone GitHub has answered with only those jobs that were run again
    (github.com/r-universe-org/help/issues/607, May 2025). Raises OperationError.
    """
    path = f"repos/{repository}/actions/runs/{quote(run, safe='')}/jobs?filter=all&per_page=100"
    pages: list[dict[str, Any]] = _gh("GET", path, None, "--paginate", "--slurp")
    jobs = sorted((each for page in pages for each in page["jobs"]), key=lambda each: int(each["run_attempt"]))
    return {str(each["name"]): str(each["conclusion"] or "") for each in jobs}


def _began(path: str) -> bool:
    statuses: list[dict[str, Any]] = _gh("GET", f"{path}?per_page=100", None)
    return any(each["state"] in ("in_progress", "success") for each in statuses)


def _find(path: str, marker: str) -> dict[str, Any] | None:
    return next((each for each in _ours(path) if _body(each).startswith(marker)), None)


def _ours(path: str) -> Iterator[dict[str, Any]]:
    pages: list[list[dict[str, Any]]] = _gh("GET", path, None, "--paginate", "--slurp")
    yield from (each for page in pages for each in page if each["user"]["login"] == _OURS)


def _body(found: Mapping[str, Any]) -> str:
    return found["body"] or ""


def _gh(method: str, path: str, body: Mapping[str, str] | None, *options: str) -> Any:  # noqa: ANN401 - JSON
    """The text goes over standard input: it is too long for an argument."""
    command = ["gh", "api", "--method", method, *options, path]
    sent = [] if body is None else ["--input", "-"]
    done = subprocess.run(
        [*command, *sent], input=json.dumps(body or {}), capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise OperationError(f"gh {method} {path.partition('?')[0]}: {reason}")
    return json.loads(done.stdout or "null")
