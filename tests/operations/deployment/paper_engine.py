"""Stands in for the engine: state, tags and history of a stack in a folder. `paper_engine.py FOLDER up --stack …`.

Those of another stack than `test` are in a folder of its name. Standard library only, since it is started alone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path


def main(folder: Path, *arguments: str) -> int:
    """A run fails where `fails` is, waits for a signal where `waits` is, and for runs of the stacks in `meets`.

    A preview fails where `invalid` is, and tells a change where `differs` is, which a run takes away.
    """
    with (folder / "runs").open("a") as log:
        log.write(f"{' '.join(arguments)}\n")
    if arguments[:2] == ("stack", "init"):
        (folder / arguments[2].rpartition("/")[2]).mkdir()
        return 0
    if arguments[:2] == ("stack", "ls"):
        stacks = {each.name: each for each in folder.iterdir() if each.is_dir()} | {"test": folder}
        print(json.dumps([{"name": name, "lastUpdate": _written(each)} for name, each in stacks.items()]))
        return 0
    folder = _folder_of(folder, arguments)
    tags, words = folder / "tags", list(arguments)
    known = json.loads(tags.read_text()) if tags.exists() else {}
    if words[:3] == ["stack", "tag", "ls"]:
        print(json.dumps(known))
    elif words[:3] in (["stack", "tag", "set"], ["stack", "tag", "rm"]):
        known.pop(words[3], None)
        tags.write_text(json.dumps({**known, **({words[3]: words[4]} if words[2] == "set" else {})}))
    elif words[:2] == ["stack", "export"]:
        if (folder / "readable").exists():
            _read_once_less(folder / "readable")
        if (folder / "reads-slowly").exists():
            (folder / "begun").touch()
            time.sleep(10)
        print((folder / "state").read_text() if (folder / "state").exists() else "{}")
    elif words[:2] == ["stack", "history"]:
        print((folder / "history").read_text() if (folder / "history").exists() else "[]")
    elif words[:2] == ["stack", "output"]:
        print((folder / "outputs").read_text() if (folder / "outputs").exists() else "{}")
    elif words[0] == "version":
        print("v3.276.0")
    elif words[0] == "preview":
        _keep_checked(folder)
        changes = "--expect-no-changes" in words and (folder / "differs").exists()
        return int(changes or (folder / "invalid").exists())
    elif words[0] == "up":
        return _up(folder, words)
    return 0


def _folder_of(folder: Path, arguments: tuple[str, ...]) -> Path:
    named = arguments[arguments.index("--stack") + 1].rpartition("/")[2] if "--stack" in arguments else "test"
    folder = folder if named == "test" else folder / named
    if not folder.exists():
        sys.exit(f"error: no stack named '{named}' found")
    return folder


def _written(folder: Path) -> str:
    """When a run wrote the state, which it did in UTC."""
    state = json.loads((folder / "state").read_text()) if (folder / "state").exists() else {}
    time_ = ((state.get("deployment") or {}).get("manifest") or {}).get("time", "")
    return f"{time_[:23]}Z" if time_ else ""


def _read_once_less(times: Path) -> None:
    """How many times more the state can be read."""
    left = int(times.read_text())
    times.write_text(str(left - 1))
    if left < 1:
        sys.exit("error: the state cannot be reached")


def _keep_checked(folder: Path) -> None:
    (folder / "checked").write_text(os.environ.get("CLEARML_TENANTS_CHECKED", ""))


def _up(folder: Path, words: list[str]) -> int:
    (folder / "begun").touch()
    (folder / "differs").unlink(missing_ok=True)
    _keep_checked(folder)
    if (folder / "waits").exists():
        _wait_for_signal(folder)
    if (folder / "meets").exists():
        _wait_for_runs([folder.parent / name for name in (folder / "meets").read_text().split()])
    print((folder / "says").read_text() if (folder / "says").exists() else "", end="", flush=True)
    nanoseconds = f"{time.time_ns() % 10**9:09}"
    now = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime())}.{nanoseconds}Z"
    (folder / "state").write_text(json.dumps({"version": 3, "deployment": {"manifest": {"time": now}}}))
    edited = folder / "edits"
    if edited.exists():
        Path(edited.read_text()).write_text("{}\n")
    code = int((folder / "fails").exists())
    message = words[words.index("--message") + 1]
    result = "failed" if code else "succeeded"
    (folder / "history").write_text(json.dumps([{"kind": "update", "result": result, "message": message}]))
    return code


def _wait_for_signal(folder: Path) -> None:
    def stop(_number: int, _frame: object) -> None:
        with (folder / "ended").open("a") as ended:
            ended.write("signal ")
        # What is under way ends in order, and takes its time.
        time.sleep(1)
        sys.exit(1)

    signal.signal(signal.SIGINT, stop)
    (folder / "waits").unlink()
    time.sleep(60)


def _wait_for_runs(others: list[Path]) -> None:
    until = time.monotonic() + 20
    while not all((other / "begun").exists() for other in others):
        if time.monotonic() > until:
            sys.exit(f"no run of {others}")
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
