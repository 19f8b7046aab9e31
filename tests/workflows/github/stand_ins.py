"""The official actions, as far as they do something here: each gets its inputs, defaults of its own filled in."""

from __future__ import annotations

import fnmatch
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.workflows.github.site import Site, git

Inputs = Mapping[str, str]


class ActionError(Exception):
    """The action ends with a failure."""


@dataclass(frozen=True)
class Surroundings:
    """What an action finds: where it runs, what started it, and what it may do."""

    site: Site
    workspace: Path
    github: Mapping[str, Any]
    environment: Mapping[str, str]


def checkout(inputs: Inputs, here: Surroundings) -> None:
    """The run's own commit, or the one that is named; a depth of 0 is all that there is."""
    workspace, depth = here.workspace, inputs.get("fetch-depth", "1")
    git(workspace, "init", "--quiet")
    git(workspace, "remote", "add", "origin", f"file://{here.site.origin}")
    wanted = inputs.get("ref") or here.github["sha"]
    history = [] if depth == "0" else ["--depth", depth]
    everything = ["+refs/heads/*:refs/remotes/origin/*"] if depth == "0" else []
    git(workspace, "fetch", "--quiet", *history, "origin", wanted, *everything)
    git(workspace, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    if inputs.get("persist-credentials", "true") == "true":
        git(workspace, "config", "http.extraheader", f"AUTHORIZATION: {here.github['token']}")
    _link_packages(workspace)


def _link_packages(workspace: Path) -> None:
    """What `make program` and `make policies` would install: this test's own environment, which holds it all."""
    for folder, whole in ((workspace / ".venv", ".program"), (workspace / "policy" / ".venv", ".ready")):
        folder.mkdir()
        for part in ("bin", "lib", "pyvenv.cfg"):
            (folder / part).symlink_to(Path(sys.prefix) / part)
        (folder / whole).touch()


def setup_python(inputs: Inputs, _here: Surroundings) -> None:
    """Python is there."""
    if "python-version" not in inputs:
        raise ActionError("no version")


def cache(inputs: Inputs, _here: Surroundings) -> None:
    """Nothing is in it."""
    if not inputs["key"].removeprefix("tools-"):
        raise ActionError("the key has no hash: no file matches")


def upload_artifact(inputs: Inputs, here: Surroundings) -> None:
    """One file, without its folders; hidden ones only if they are asked for."""
    file = here.workspace / inputs["path"]
    hidden = any(part.startswith(".") for part in Path(inputs["path"]).parts)
    if not file.is_file() or (hidden and inputs.get("include-hidden-files", "false") != "true"):
        if inputs.get("if-no-files-found", "warn") == "error":
            raise ActionError(f"no file at {inputs['path']}")
        return
    folder = here.site.folder / "artifacts" / str(here.github["run_id"]) / inputs.get("name", "artifact")
    folder.mkdir(parents=True)
    shutil.copy(file, folder / file.name)


def download_artifact(inputs: Inputs, here: Surroundings) -> None:
    """Those of a pattern: one alone into the folder, several each into one of its own."""
    run = inputs.get("run-id") or str(here.github["run_id"])
    if run != str(here.github["run_id"]):
        permissions = here.site.store["tokens"].get(inputs.get("github-token", ""), {})
        if permissions.get("actions") != "read":
            raise ActionError("another run's artifacts need a token with actions: read")
    folder = here.site.folder / "artifacts" / run
    there = sorted(folder.iterdir()) if folder.exists() else []
    found = [each for each in there if fnmatch.fnmatchcase(each.name, inputs.get("pattern", "*"))]
    for artifact in found:
        target = here.workspace / inputs.get("path", ".")
        shutil.copytree(artifact, target if len(found) == 1 else target / artifact.name, dirs_exist_ok=True)


_FLAGS = ("refresh", "expect-no-changes", "diff", "suppress-outputs")


def pulumi(inputs: Inputs, here: Surroundings) -> None:
    """Without a command it installs; with one it starts the engine, and comments on a pull request if it is to."""
    if "command" not in inputs:
        if "pulumi-version" not in inputs:
            raise ActionError("neither a command nor a version")
        return
    excluded = [f"--exclude={line}" for line in inputs.get("exclude", "").splitlines()]
    flags = [f"--{flag}" for flag in _FLAGS if inputs.get(flag) == "true"]
    message = [f"--message={inputs['message']}"] if "message" in inputs else []
    arguments = [inputs["command"], "--stack", inputs["stack-name"], *flags, *excluded, *message]
    done = _run(here, "pulumi", *arguments)
    if inputs.get("comment-on-pr") == "true":
        number = here.github["event"]["pull_request"]["number"]
        path = f"repos/{here.github['repository']}/issues/{number}/comments"
        token = inputs.get("github-token", here.github["token"])
        _run(
            here, "gh", "api", "--method", "POST", path, "--input", "-", GH_TOKEN=token, text=json.dumps({"body": done})
        )


def _run(here: Surroundings, *command: str, text: str = "", **variables: str) -> str:
    done = subprocess.run(
        [str(here.site.bin / command[0]), *command[1:]],
        cwd=here.workspace,
        env={**here.environment, **variables},
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ActionError(done.stderr)
    return done.stdout


STAND_INS: Mapping[str, Callable[[Inputs, Surroundings], None]] = {
    "actions/checkout": checkout,
    "actions/setup-python": setup_python,
    "actions/cache": cache,
    "actions/upload-artifact": upload_artifact,
    "actions/download-artifact": download_artifact,
    "pulumi/actions": pulumi,
}
