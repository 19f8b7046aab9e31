"""Stands in for the engine: writes down how it was started and with which secrets, answers as for an empty stack, and
keeps its tags and newest update.

Standard library only, since it is started alone: `fake_pulumi.py FOLDER preview --stack prod …`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

_ANSWERS: dict[str, object] = {
    "whoami": {"url": "https://api.pulumi.com/acme"},
    "stack ls": [],
    "stack export": {"deployment": {"resources": []}},
    "stack output": {},
    "config": {},
}


def _stack_of(arguments: Sequence[str]) -> str:
    return arguments[arguments.index("--stack") + 1] if "--stack" in arguments else "none"


def main(folder: str, *arguments: str) -> int:
    """What FOLDER/fails names, word by word, fails; and so does whatever gets neither a token nor a passphrase."""
    kubeconfig = os.environ.get("KUBECONFIG")
    with (Path(folder) / "pulumi.jsonl").open("a") as log:
        told = {
            "arguments": arguments,
            "token": os.environ.get("PULUMI_ACCESS_TOKEN", ""),
            "passphrase": os.environ.get("PULUMI_CONFIG_PASSPHRASE", ""),
            "backend": os.environ.get("PULUMI_BACKEND_URL", ""),
            "kubeconfig": Path(kubeconfig).read_text() if kubeconfig else "",
        }
        log.write(json.dumps(told) + "\n")
    if not told["token"] and not told["passphrase"]:
        print("error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", file=sys.stderr)
        return 1
    fails = Path(folder) / "fails"
    if fails.exists() and set(fails.read_text().split()) <= set(arguments):
        print("error: preview failed", file=sys.stderr)
        return 1
    known = Path(folder) / f"{_stack_of(arguments)}.json"
    kept = json.loads(known.read_text()) if known.exists() else {"tags": {}, "history": []}
    if arguments[:3] == ("stack", "tag", "set"):
        kept["tags"][arguments[3]] = arguments[4]
    elif arguments[0] == "up":
        messages = [each.partition("=")[2] for each in arguments if each.startswith("--message=")]
        kept["history"] = [{"kind": "update", "result": "succeeded", "message": "".join(messages)}]
    # Two commands that only read may run at the same time.
    if arguments[0] == "up" or arguments[:3] == ("stack", "tag", "set"):
        known.write_text(json.dumps(kept))
    if arguments[:2] in (("stack", "tag"), ("stack", "history")):
        print(json.dumps(kept["tags" if arguments[1] == "tag" else "history"]))
        return 0
    answer = _ANSWERS.get(" ".join(arguments[:2]), _ANSWERS.get(arguments[0]))
    print("Previewing update" if answer is None else json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
