"""The stand-in language host and random plugin under the real engine: a whole life of a stack."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.plugins.language import program as runner
from tests.local.own_cluster import checkout_in
from tests.local.plugins.plugins_stack import Stack

pytestmark = pytest.mark.e2e

PROGRAM = """
import os
import pulumi
import pulumi_random as random

config = pulumi.Config()
match os.environ.get("FAULT"):
    case "plain":
        raise pulumi.RunError("tenants.yaml: no such tenant")
    case "bug":
        raise ValueError("boom")
    case "exit":
        raise SystemExit(3)
uuid = random.RandomUuid("uuid", keepers={"a": os.environ.get("KEEP", "1")})
kept = random.RandomUuid("kept", opts=pulumi.ResourceOptions(import_="aabbccdd-eeff-0011-2233-445566778899"))
password = random.RandomPassword("password", length=24, special=False)
name = random.RandomString("name", length=6, upper=False)
identifier = random.RandomId("identifier", byte_length=4)
pulumi.export("uuid", uuid.result)
pulumi.export("kept", kept.result)
pulumi.export("name", name.result)
pulumi.export("hex", identifier.hex)
pulumi.export("password", password.result)
pulumi.export("word", config.require_secret("word"))
pulumi.export("length", config.require_secret("word").apply(len))
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    folder = tmp_path_factory.mktemp("engine")
    made = Stack(folder, PROGRAM, checkout_in(folder / "data"))
    assert made.run("config", "set", "--secret", "word", "hunter2hunter2").code == 0
    return made


def test_life_of_random_values(stack: Stack) -> None:
    preview = stack.run("preview", "--diff")
    assert preview.code == 0, preview.output
    assert stack.up().counts == {"created": 5, "imported": 1}
    first = stack.outputs()
    assert first["kept"] == "aabbccdd-eeff-0011-2233-445566778899"
    assert stack.up().changed == 0
    assert stack.refresh().changed == 0
    assert stack.up(KEEP="2").counts["replaced"] == 1
    second = stack.outputs()
    assert second["uuid"] != first["uuid"]
    assert {key: second[key] for key in ("name", "hex")} == {key: first[key] for key in ("name", "hex")}
    assert stack.destroy().counts["deleted"] == 6


def test_generated_and_configured_secrets_stay_secret(stack: Stack) -> None:
    stack.up()
    told = stack.run("stack", "output", "--json", "--show-secrets").output
    password = json.loads(told)["password"]
    assert len(password) == 24
    shown = stack.run("preview", "--diff", KEEP="3").output + stack.up(KEEP="3").output + stack.stored()
    assert password not in shown
    assert "hunter2hunter2" not in shown


def test_a_clean_error_of_the_program_is_one_line(stack: Stack) -> None:
    done = stack.run("preview", FAULT="plain")
    assert done.code != 0
    assert "error: tenants.yaml: no such tenant\n" in done.output
    assert "Traceback" not in done.output


def test_a_bug_of_the_program_is_shown_where_it_is(stack: Stack) -> None:
    done = stack.run("preview", FAULT="bug")
    assert done.code != 0
    assert "ValueError: boom" in done.output
    assert f"{stack.folder}/__main__.py" in done.output
    assert str(Path(runner.__file__)) not in done.output


def test_an_exit_of_the_program_is_a_failure(stack: Stack) -> None:
    done = stack.run("preview", FAULT="exit")
    assert done.code != 0
    assert "exit code: 3" in done.output


def test_a_missing_virtual_environment_is_one_line(stack: Stack) -> None:
    settings = stack.folder / "Pulumi.yaml"
    kept = settings.read_text()
    settings.write_text("name: trial\nruntime: {name: python, options: {virtualenv: nowhere}}\n")
    try:
        done = stack.run("preview")
    finally:
        settings.write_text(kept)
    assert done.code != 0
    assert "nowhere: no virtual environment there" in done.output
