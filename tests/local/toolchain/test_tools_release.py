"""Official releases: taken when they are what was published, passed over when they cannot be had, never half there."""

from __future__ import annotations

import hashlib
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.errors import LocalError
from local.toolchain import cache, install_tools
from local.toolchain.machine import Machine
from local.toolchain.releases.release import Downloads
from local.toolchain.tool import InstalledTool, Tool
from tests.local.toolchain.fake_go import FakeGo
from tests.local.toolchain.release_host import PINNED, Host, release_host, script, tarball, tool, zipped

GOOD = tarball({"frob/frob": script(PINNED), "frob/frob-helper": script(PINNED), "frob/README.txt": b"read me"})


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeGo:
    """An empty cache, and a PATH that has a go command and nothing else of ours."""
    monkeypatch.setenv("CLEARML_TENANTS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return FakeGo(tmp_path / "bin")


@pytest.fixture
def host(go: FakeGo) -> Iterator[Host]:
    with release_host() as running:
        yield running


def install(*tools: Tool) -> dict[str, InstalledTool]:
    return install_tools([each.name for each in tools], {each.name: each for each in tools}, Downloads())


def left_of(each: Tool) -> list[Path]:
    """What there is in the cache for a tool."""
    return list((cache.root() / "tools" / each.name).glob("*"))


def test_a_release_is_verified_and_installed_with_what_belongs_beside_it(host: Host, go: FakeGo) -> None:
    """The engine finds its language hosts next to itself, so the whole tarball's executables are kept."""
    host.publish({"frob.tar.gz": GOOD})
    found = install(tool(host.url))["frob"]
    assert (found.version, found.origin) == ("2.5.0", "release")
    assert subprocess.run([found.path], capture_output=True, check=True).stdout == b"frob v2.5.0\n"
    assert (found.path.parent / "frob-helper").exists()
    assert go.builds == []


def test_a_zip_and_a_plain_binary_do_as_well(host: Host, go: FakeGo) -> None:
    host.publish({"frob.zip": zipped({"frob/frob": script(PINNED)}), "plain": script(PINNED)})
    found = install(tool(host.url, ".zip"), tool(host.url, "", name="plain"))
    assert {each.origin for each in found.values()} == {"release"}


def test_digests_that_github_tells_count_as_checksums(host: Host, go: FakeGo) -> None:
    digest = hashlib.sha256(GOOD).hexdigest()
    described = {"assets": [{"name": "frob.tar.gz", "digest": f"sha256:{digest}"}]}
    host.files = {"frob.tar.gz": GOOD, "sums": json.dumps(described).encode()}
    assert install(tool(host.url))["frob"].origin == "release"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_a_changed_file_is_an_error_and_installs_nothing(host: Host, go: FakeGo, algorithm: str) -> None:
    host.publish({"frob.tar.gz": GOOD}, algorithm)
    host.files["frob.tar.gz"] = tarball({"frob/frob": b"#!/bin/sh\necho evil v2.5.0\n"})
    with pytest.raises(LocalError, match=f"does not match the publisher's {algorithm} sum") as error:
        install(tool(host.url))
    assert "\n" not in str(error.value)
    assert left_of(tool()) == []
    assert go.builds == []


def test_a_refused_download_costs_seconds_in_total(go: FakeGo, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first refusal the others are not even tried: eight of them would wait eight times."""
    looked_up: list[object] = []

    def no_name(host: object, *_: object, **__: object) -> None:
        looked_up.append(host)
        raise OSError("no such name")

    monkeypatch.setattr("socket.getaddrinfo", no_name)
    tools = [tool("http://releases.example", name=f"frob{number}") for number in range(8)]
    assert {each.origin for each in install(*tools).values()} == {"built"}
    assert len(looked_up) == 1
    assert len(go.builds) == 1
    assert all(f"example.org/{each.name}" in go.builds[0].split() for each in tools)


def test_a_host_that_never_answers_is_given_up_soon(go: FakeGo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking up a name has no time limit of its own."""
    monkeypatch.setattr("local.toolchain.releases.release._FIRST_ANSWER_SECONDS", 0.2)

    def no_name(*_: object, **__: object) -> None:
        time.sleep(3)
        raise OSError("no name server answers")

    monkeypatch.setattr("socket.getaddrinfo", no_name)
    started = time.monotonic()
    assert install(tool("http://releases.example"))["frob"].origin == "built"
    assert time.monotonic() - started < 2


def test_one_refusal_does_not_stop_what_is_there_already(host: Host, go: FakeGo) -> None:
    host.publish({"frob.tar.gz": GOOD})
    install(tool(host.url))
    host.asked.clear()
    assert install(tool(host.url), tool(name="other"))["frob"].origin == "release"
    assert host.asked == []


def test_a_download_that_breaks_off_is_tried_twice_then_built(host: Host, go: FakeGo) -> None:
    host.publish({"frob.tar.gz": GOOD, "other.tar.gz": tarball({"frob/other": script(PINNED)})})
    host.cut = {"frob.tar.gz"}
    found = install(tool(host.url), tool(host.url, name="other"))
    assert (found["frob"].origin, found["other"].origin) == ("built", "release")
    assert host.asked.count("frob.tar.gz") == 2


def test_a_release_that_was_not_published_is_built(host: Host, go: FakeGo) -> None:
    assert install(tool(host.url))["frob"].origin == "built"


def test_a_release_without_a_checksum_is_not_trusted(host: Host, go: FakeGo) -> None:
    host.files = {"frob.tar.gz": GOOD, "sums": b"<html>please sign in</html>"}
    assert install(tool(host.url))["frob"].origin == "built"


def test_a_release_that_does_not_run_here_is_built(host: Host, go: FakeGo) -> None:
    host.publish({"frob.tar.gz": tarball({"frob/frob": b"\x7fELF of another system"})})
    assert install(tool(host.url))["frob"].origin == "built"


@pytest.mark.parametrize("member", ["../evil", "frob/../../evil", "/tmp/evil"])  # noqa: S108 - must not be written
def test_a_tarball_cannot_write_outside_its_folder(host: Host, go: FakeGo, tmp_path: Path, member: str) -> None:
    host.publish({"frob.tar.gz": tarball({"frob/frob": script(PINNED), member: b"evil"})})
    with pytest.raises(LocalError, match="unsafe path"):
        install(tool(host.url))
    assert not list(tmp_path.rglob("evil"))
    assert left_of(tool()) == []


def test_a_tarball_without_the_tool_is_an_error(host: Host, go: FakeGo) -> None:
    host.publish({"frob.tar.gz": tarball({"elsewhere/frob": script(PINNED)})})
    with pytest.raises(LocalError, match="has no frob in frob"):
        install(tool(host.url))


def test_what_is_in_the_cache_costs_nothing(host: Host, go: FakeGo) -> None:
    host.publish({"frob.tar.gz": GOOD})
    first = install(tool(host.url))
    host.asked.clear()
    started = time.monotonic()
    assert install(tool(host.url)) == first
    assert time.monotonic() - started < 0.1
    assert host.asked == []


def test_a_tool_whose_file_was_removed_is_installed_again(host: Host, go: FakeGo) -> None:
    host.publish({"frob.tar.gz": GOOD})
    install(tool(host.url))["frob"].path.unlink()
    assert install(tool(host.url))["frob"].path.exists()


def test_a_system_without_a_release_builds() -> None:
    """Kubernetes publishes no servers for macOS."""
    from local.toolchain.catalogue import CATALOGUE  # noqa: PLC0415

    release = CATALOGUE["kube-apiserver"].release
    assert release.asset(PINNED, Machine("darwin", "arm64")) is None
    assert release.asset(PINNED, Machine("linux", "arm64")) is not None
