"""Whatever ends a process that holds a secret for a command or a library, nothing is left of it on any disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from settings.private_files import private_file

ROOT = Path(__file__).resolve().parents[3]
_SECRET = "planted-private-key"
# A process that waits, in the midst of its work, to be killed.
_WAIT = """
def wait():
    import time
    print("at work", flush=True)
    time.sleep(30)
"""
_HELM = """
from operations.releases.helm import helm_in
from settings.models.cluster_ref import ClusterRef
class Stack:
    def kubeconfig(self, name): return "planted-private-key"
with helm_in(ClusterRef(kubeconfig="gpu"), Stack()) as helm:
    wait()
"""
# As where no memory can be had as a file: macOS.
_HELM_ON_MACOS = f"import os\nif hasattr(os, 'memfd_create'): del os.memfd_create\n{_HELM}"
_CLUSTER = """
import base64, yaml
from components.namespaces.api_server import ApiServer
key = base64.b64encode(b"planted-private-key").decode()
ApiServer.of_content(yaml.safe_dump({
    "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
    "users": [{"name": "u", "user": {"client-key-data": key}}],
    "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
    "current-context": "x",
}), None, 1)
wait()
"""
_CHART_LOGIN = """
from rendering import helm
helm._helm = lambda *arguments, **_: wait()
login = {"repo": "https://charts.example.com", "username": "me", "password": "planted-private-key"}
props = {"chart": "agent", "version": "1.0.0", "repositoryOpts": login}
helm.objects_of(props, "acme-agent", "acme")
"""
_SIGN_IN = """
import os
from contextlib import ExitStack
from pathlib import Path
from settings.private_files import removed_at_the_end
file = Path(os.environ["TMPDIR"]) / "login.json"
with removed_at_the_end(file):
    file.write_text("planted-private-key")
    wait()
"""
_WORK = {
    "helm": _HELM,
    "helm on macOS": _HELM_ON_MACOS,
    "a cluster's client": _CLUSTER,
    "a chart's login": _CHART_LOGIN,
    "a file at a place of its own": _SIGN_IN,
}


def _files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
@pytest.mark.parametrize("work", _WORK)
def test_killed_at_work(tmp_path: Path, work: str, number: int) -> None:
    """`finally` and `atexit` run at none of these."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WAIT + _WORK[work]],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        start_new_session=True,
        # What was started by `nohup` ignores it, and so would its children.
        preexec_fn=partial(signal.signal, signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs here
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "at work\n"
    if work == "helm":
        assert list(tmp_path.iterdir()) == []
    else:
        assert any(_SECRET in file.read_text() for file in _files(tmp_path))
    # The whole group, as a terminal or a runner does it.
    os.killpg(process.pid, number)
    process.wait(5)
    process.stdout.close()
    until = time.monotonic() + 5
    while list(tmp_path.iterdir()) and time.monotonic() < until:
        time.sleep(0.02)
    assert list(tmp_path.iterdir()) == []


def test_a_command_reads_the_text_as_often_as_it_likes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for memory in (True, False):
        if not memory:
            monkeypatch.delattr(os, "memfd_create", raising=False)
        with private_file(_SECRET) as file:
            done = subprocess.run(
                ["cat", file.path, file.path], pass_fds=file.descriptors, capture_output=True, text=True, check=True
            )
            assert Path(file.path).read_text() == _SECRET
            assert memory or Path(file.path).parent.stat().st_mode & 0o077 == 0
        assert done.stdout == _SECRET * 2
        assert not Path(file.path).exists()


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="memory can be had as a file on Linux alone")
def test_nobody_else_is_handed_the_text() -> None:
    """Other commands that run meanwhile get no descriptor of it."""
    with private_file(_SECRET) as file:
        done = subprocess.run(["cat", file.path], close_fds=False, capture_output=True, text=True, check=False)
    assert done.returncode
