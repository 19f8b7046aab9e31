"""`make manifests`: text for kubectl on stdout, of what is committed; what the operator could not deploy is refused."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from operations.__main__ import main
from tests.unit.asked import SECOND, STACK, project

_REPOSITORY = "https://github.com/acme/clearml-tenants.git"
_BACKEND = "s3://acme-state"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stack `test` with two tenants, committed."""
    folder = project(tmp_path / "project")
    _git(folder, "init", "-q")
    _commit(folder)
    for name in ("STACK", "REPOSITORY", "PULUMI_BACKEND_URL", "NAMESPACE", "IMAGE", "PREVIEW", "CLEARML_TENANTS_STACK"):
        monkeypatch.delenv(name, raising=False)
    return folder


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.com", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _commit(folder: Path) -> None:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "tenants")


def _add_shard(folder: Path, shard: str) -> None:
    tenants = folder / "config" / "tenants" / "test" / shard
    tenants.mkdir()
    (tenants / f"tenant-{shard}.yaml").write_text(SECOND.replace("Beta", f"T{shard}").replace("beta", f"t{shard}"))
    (folder / "config" / f"Pulumi.test-{shard}.yaml").symlink_to("Pulumi.test.yaml")


def _manifests(root: Path, *options: str, stack: str = "acme/clearml-tenants/test", backend: str = _BACKEND) -> int:
    given = ["--stack", stack, "--repository", _REPOSITORY, "--backend", backend]
    return main(["--root", str(root), "manifests", *given, *options])


def test_each_stack_is_an_object_of_the_checkouts_commit(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for shard in ("01", "02"):
        _add_shard(root, shard)
    _commit(root)
    assert _manifests(root, "--namespace", "deploys") == 0
    objects = list(yaml.safe_load_all(capsys.readouterr().out))
    assert [each["metadata"]["name"] for each in objects] == ["test", "test-01", "test-02"]
    assert {each["metadata"]["namespace"] for each in objects} == {"deploys"}
    assert {each["spec"]["commit"] for each in objects} == {_git(root, "rev-parse", "HEAD")}
    assert [each["spec"]["stack"] for each in objects] == [
        f"acme/clearml-tenants/{name}" for name in ("test", "test-01", "test-02")
    ]
    assert {*objects[0]["spec"]["envRefs"]} == {"KUBECONFIG", "PULUMI_CONFIG_PASSPHRASE"}


def test_an_environment_without_shards_is_one_object(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _manifests(root, stack="test") == 0
    (only,) = yaml.safe_load_all(capsys.readouterr().out)
    assert only["spec"]["stack"] == "test"


def test_nothing_of_the_stacks_secrets_is_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _manifests(root) == 0
    text = capsys.readouterr().out
    assert [word for word in ("v1:aaa", "v1:bbb", "v1:ccc", "v1:abc") if word in text] == []


def test_a_project_in_a_folder_of_its_repository_is_found_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path / "whole" / "platform" / "clearml")
    _git(tmp_path / "whole", "init", "-q")
    _commit(tmp_path / "whole")
    assert _manifests(tmp_path / "whole" / "platform" / "clearml") == 0
    (only,) = yaml.safe_load_all(capsys.readouterr().out)
    assert only["spec"]["repoDir"] == "platform/clearml"


def test_files_that_are_not_committed_are_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _add_shard(root, "01")
    assert _manifests(root) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "error: config/Pulumi.test-01.yaml: is not as committed, and the operator deploys commits (2 such files): "
        "commit and push, then run this again\n"
    )


def test_a_file_that_differs_from_its_commit_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "config" / "tenants" / "test" / "acme.yaml"
    path.write_text(f"{path.read_text()}# edited\n")
    assert _manifests(root) == 1
    assert capsys.readouterr().err.startswith("error: config/tenants/test/acme.yaml: is not as committed, and ")


def test_the_text_may_be_written_beside_the_project(root: Path) -> None:
    """A shell makes the file before the command looks."""
    (root / "prod.yaml").touch()
    assert _manifests(root) == 0


def test_a_shard_alone_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _add_shard(root, "01")
    _commit(root)
    assert _manifests(root, stack="acme/clearml-tenants/test-01") == 1
    expected = (
        "stack acme/clearml-tenants/test-01: is a shard, which waits for its platform: STACK=acme/clearml-tenants/"
    )
    assert capsys.readouterr().err == f"error: {expected}test\n"


def test_files_with_mistakes_are_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "config" / "Pulumi.test.yaml").write_text(STACK.replace("v1:aaa", "replace-me"))
    _commit(root)
    assert _manifests(root) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: config/Pulumi.test.yaml: clearml-tenants:apiserverKey")


@pytest.mark.parametrize(
    ("backend", "message"),
    [
        (_BACKEND, "names no provider of secrets, so its stack was not made in a bucket: pulumi stack init test "),
        ("s3://me:planted@state", "names no provider of secrets"),
        ("", ""),
    ],
)
def test_a_stack_that_was_never_made_in_a_bucket_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], backend: str, message: str
) -> None:
    (root / "config" / "Pulumi.test.yaml").write_text(STACK.replace("encryptionsalt: v1:abc\n", ""))
    _commit(root)
    assert _manifests(root, stack="test", backend=backend) == bool(message)
    said = capsys.readouterr().err
    assert message in said
    assert "planted" not in said


def test_a_stack_that_is_not_there_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _manifests(root, stack="live") == 1
    said = capsys.readouterr().err
    assert said.startswith("error: config/Pulumi.live.yaml")
    assert "make room" not in said


def test_shards_whose_secrets_have_a_key_each_are_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "config" / "Pulumi.test.yaml").write_text(STACK.replace("encryptionsalt: v1:abc\n", ""))
    _add_shard(root, "01")
    _commit(root)
    assert _manifests(root, backend="") == 1
    assert "shards need a passphrase or a key service" in capsys.readouterr().err


def test_without_a_stack_the_command_is_shown(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(root), "manifests"]) == 1
    assert "STACK: is missing; write it like make manifests STACK=prod REPOSITORY=" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--repository", "https://git.example.com/acme.git?access_token=planted"], "REPOSITORY holds a login"),
        (["--repository", "https://ann%3Aplanted%40git.example.com/acme.git"], "REPOSITORY holds a login"),
        (["--backend", "azblob://state?storage_account=a&sas_token=planted"], "PULUMI_BACKEND_URL holds a login"),
        (["--image", "ann:planted@registry.example.com/pulumi:3"], "IMAGE: is no image's name"),
        (["--image", "pulumi/pulumi:3 --planted"], "IMAGE: is no image's name"),
        (["--namespace", "a\nkind: Secret"], "NAMESPACE="),
    ],
)
def test_nothing_secret_and_no_second_object_reaches_the_text(
    root: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    given = {
        "--repository": "https://git.example.com/acme.git",
        "--backend": _BACKEND,
        "--stack": "acme/clearml-tenants/test",
    }
    given |= dict(zip(options[::2], options[1::2], strict=True))
    assert main(["--root", str(root), "manifests", *(word for pair in given.items() for word in pair)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"error: {message}")
    assert "planted" not in said.err
    assert said.err.count("\n") == 1
