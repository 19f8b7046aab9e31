"""Makes the virtual environment from a lock file; the only file here that runs before any package is installed.

Standard library only, and syntax that any Python 3.6 parses, so that an old one says what is wrong.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
# Settings of pip's that would put the packages elsewhere; which index it asks stays the machine's own business.
ELSEWHERE = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "PIP_PYTHON")
ESTIMATE = "about 1 minute, longer on the first machine to need a package"
ROOT = Path(__file__).resolve().parent.parent
# By the file that says the folder is whole: all that development needs, or what deploys and nothing else.
LOCKS = {".ready": "requirements-dev.txt", ".program": "requirements.txt"}


def fail(line: str) -> None:
    """Print the one line and stop."""
    sys.stderr.write(f"error: {line}\n")
    sys.exit(1)


def say(line: str) -> None:
    """Print a progress line; to stderr, because the shell evaluates what `make env` prints."""
    sys.stderr.write(f"{line}\n")


def check_machine() -> None:
    """Stop if this Python cannot make the environment."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:2])
        fail(f"{sys.executable} is Python {found}: 3.11 or newer is needed: make PYTHON=/path/to/python3.11 up")
    if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
        fail("this Python has no venv module: install your system's python3-venv package, then run this again")


def is_whole(folder: Path) -> bool:
    """Whether the folder is a virtual environment of this very Python, with pip; other tools make them without."""
    python = str(folder / "bin" / "python")
    asked = f"import sys, pip; print(sys.version_info[:2] == {tuple(sys.version_info[:2])})"
    try:
        told = subprocess.run([python, "-c", asked], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    except OSError:
        return False
    return told.stdout.strip() == b"True"


def run(arguments: "list[str]", log: Path, started: float) -> None:
    """Run a step into the log; say every 15 s for how long all of it goes on, and the log's last line if it fails."""
    with log.open("ab") as output:
        variables = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
        # Also what a pip.conf says of it.
        variables["PIP_USER"] = "0"
        process = subprocess.Popen(arguments, stdout=output, stderr=subprocess.STDOUT, env=variables)
        while process.poll() is None:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                say(f"packages: installing ({time.time() - started:.0f} s of {ESTIMATE})")
    if process.returncode:
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
        told = [line for line in lines if line.startswith("ERROR")] or lines or ["no reason given"]
        fail(f"packages could not be installed: {told[-1]}: mend it and run this again (log: {log})")


def main(folder: Path, whole: str = ".ready") -> None:
    """Make `folder` from the lock of `whole`, a file in it that is written last, so a killed run is done again."""
    check_machine()
    python, log = folder / "bin" / "python", folder / "install.log"
    try:
        if folder.exists() and not is_whole(folder):
            say(f"packages: {folder} is no virtual environment of {sys.executable}: made anew")
            shutil.rmtree(str(folder), ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        for other in LOCKS:
            if (folder / other).exists():
                (folder / other).unlink()
        log.write_text("")
        say(f"packages: installing into {folder} ({ESTIMATE})")
        started = time.time()
        run([sys.executable, "-m", "venv", str(folder)], log, started)
        # Python compiles what it imports; compiling all of it is a third of the installation.
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        run([*pip, "--require-hashes", "--requirement", str(ROOT / LOCKS[whole])], log, started)
        (folder / whole).touch()
    except OSError as error:
        fail(f"{folder}: {error.strerror}: make room or mend the folder's rights, then run this again")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), ".program" if sys.argv[2:] == ["program"] else ".ready")
    except KeyboardInterrupt:
        fail("interrupted: run the same command again and it goes on from here")
