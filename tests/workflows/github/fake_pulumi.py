"""Stands in for the engine: writes down how it was started and with which secrets, and answers as for an empty stack.

Standard library only, since it is started alone: `fake_pulumi.py FOLDER preview --stack prod …`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

_ANSWERS: dict[str, object] = {
    "whoami": {"url": "https://api.pulumi.com/acme"},
    "stack ls": [],
    "stack export": {"deployment": {"resources": []}},
    "stack output": {},
    "config": {},
}


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
    answer = _ANSWERS.get(" ".join(arguments[:2]), _ANSWERS.get(arguments[0]))
    print("Previewing update" if answer is None else json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
