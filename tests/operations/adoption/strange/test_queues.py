"""The queues of an agent in whatever form its release's values have them: names that are meant, or a decision."""

from __future__ import annotations

import pytest

from operations.adoption.reading.facts import Release
from operations.adoption.translation.workers import agent_settings


def _settings(queues: object, key: str = "queues") -> tuple[dict[str, object], list[str]]:
    values = {"agentk8sglue": {key: queues}}
    release = Release("acme", "acme-agent", "clearml-enterprise-agent", "6.14.6", "deployed", values)
    settings, notes = agent_settings(release, "acme")
    return settings["queues"], [note.text for note in notes if note.kind == "decide"]


@pytest.mark.parametrize(
    ("queues", "names"),
    [
        ("gpu", ["gpu"]),
        ("gpu,cpu", ["gpu", "cpu"]),
        (" gpu , cpu, ", ["gpu", "cpu"]),
        ("high priority", ["high priority"]),
        ("team:gpu", ["team:gpu"]),
        (["gpu", "cpu"], ["gpu", "cpu"]),
        ([1, "cpu"], ["1", "cpu"]),
        ([{"name": "gpu"}, {"name": "cpu"}], ["gpu", "cpu"]),
        ({"gpu": {}, "cpu": {}}, ["gpu", "cpu"]),
    ],
)
@pytest.mark.parametrize("key", ["queues", "queue"])
def test_names_are_told_apart(queues: object, names: list[str], key: str) -> None:
    found, decisions = _settings(queues, key)
    assert list(found) == names
    assert decisions == []


@pytest.mark.parametrize(
    "queues",
    [
        "{a: 1}",
        "{gpu: {}, cpu: {}}",
        '{"gpu": {}}',
        "gpu: {}\ncpu: {}\n",
        "gpu:",
        "gpu: {maxPods: 1}",
        "[gpu, cpu]",
        "- gpu\n- cpu\n",
        "- gpu",
        "'gpu','cpu'",
        [{"gpu": {}}],
        [["gpu"]],
        ["{gpu: {}}"],
    ],
)
def test_a_mapping_as_a_text_is_no_name(queues: object) -> None:
    found, (said,) = _settings(queues)
    assert found == {"default": {}}
    assert "in a form that names none" in said
    assert "write queues: {gpu: {}}" in said
