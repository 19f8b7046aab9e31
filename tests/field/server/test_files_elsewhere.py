"""Files in a bucket, or elsewhere: one setting fills all places, and none is left to a chart's default."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from components.values.agent import agent_values
from components.values.server import server_values
from settings.models.stack import StackSettings
from settings.models.workers.agent import Agent, Queue
from tests.local.helm import SERVER, render
from tests.unit.asked import STACK, STACK_FILE, load_project, refusal
from tests.unit.document import SECRETS, STACK_KEYS, settings

URLS = [
    "s3://clearml-files",
    "s3://minio.example.com:9000/bucket/folder",
    "gs://bucket",
    "azure://account.blob.core.windows.net/container",
    "https://files.other.example",
    "http://files.other.example:8081",
]


def _stack(**fileserver: object) -> StackSettings:
    return settings(server={**STACK_KEYS["server"], "fileserver": fileserver})  # type: ignore[dict-item]


@pytest.mark.parametrize("url", URLS)
def test_one_setting_fills_all_five_places(url: str) -> None:
    stack = _stack(externalUrl=url)
    values = server_values(stack, SECRETS)
    assert values["fileserver"] == {"enabled": False}
    assert values["clearmlApplications"]["fileServerUrlReferenceOverride"] == url
    assert values["webserver"]["displayedServerURLs"] == {"fileserver": url}
    (told,) = [each["value"] for each in values["webserver"]["extraEnvs"] if each["name"] == "WEBSERVER__fileBaseUrl"]
    assert json.loads(told) == url
    agent = agent_values(Agent(queues={"q": Queue()}), stack, "s", "k", runs_applications=False)
    assert agent["agentk8sglue"]["fileServerUrlReference"] == url


def test_the_chart_takes_it() -> None:
    values = server_values(_stack(externalUrl=URLS[0]), SECRETS)
    kept = {key: values[key] for key in ("fileserver", "clearmlApplications", "webserver")}
    assert URLS[0] in str(render(SERVER, kept))


def test_without_it_nothing_is_other_than_before() -> None:
    values = server_values(_stack(), SECRETS)
    assert "fileServerUrlReferenceOverride" not in values["clearmlApplications"]
    assert "displayedServerURLs" not in values["webserver"]
    assert values["fileserver"]["ingress"]["hostName"] == "files.clearml.example.com"


def _file(fileserver: str) -> dict[str, str | bytes]:
    return {STACK_FILE: STACK.replace("    server:\n", f"    server:\n      fileserver: {fileserver}\n")}


def test_off_without_another_place_is_told(tmp_path: Path) -> None:
    warnings = load_project(tmp_path, _file("{enabled: false}")).warnings
    (said,) = [each for each in warnings if "fileserver" in each.where.key]
    assert "externalUrl: s3://clearml-files" in said.message


@pytest.mark.parametrize(
    "fileserver", ["{externalUrl: 's3://bucket'}", "{enabled: false, externalUrl: 'gs://b'}", "{}"]
)
def test_a_place_that_is_known_is_no_matter(tmp_path: Path, fileserver: str) -> None:
    warnings = load_project(tmp_path, _file(fileserver)).warnings
    assert not [each for each in warnings if "fileserver" in each.where.key]


@pytest.mark.parametrize(
    ("fileserver", "word"),
    [
        ("{enabled: true, externalUrl: 's3://bucket'}", "keep one of the two"),
        ("{externalUrl: bucket}", "is not an address of storage"),
        ("{externalUrl: 'ftp://host/x'}", "is not an address of storage"),
        ("{externalUrl: 's3://'}", "is not an address of storage"),
        ("{externalUrl: 's3://key:secret@host/bucket'}", "holds a login"),
        ("{externalUrl: 'https://files.example/?sig=abc'}", "holds a login"),
        ("{externalUrl: /mnt/files}", "is not an address of storage"),
        ("{externalUrl: 7}", "must be a text"),
    ],
)
def test_what_is_no_storage_is_one_line(tmp_path: Path, fileserver: str, word: str) -> None:
    said = refusal(tmp_path, _file(fileserver))
    assert "stack.server.fileserver" in said
    assert word in said
    assert "secret@" not in said
    assert "\n" not in said
