"""The walk over settings tells each place by the key that its file has."""

from __future__ import annotations

from settings.models.workers.agent import Agent
from settings.types.tree import below, children, nodes


def test_a_model_is_walked_as_its_file_has_it() -> None:
    """Only what is set, by the keys of the file, however deep; what nobody wrote is not there."""
    agent = Agent.model_validate({"queues": {"gpu": {"templateOverrides": {"tolerations": [{"key": "gpu"}]}}}})
    found = dict(nodes(agent, "agent"))
    assert found["agent.queues.gpu.templateOverrides.tolerations[0].key"] == "gpu"
    assert not [key for key in found if key.startswith("agent.basePodTemplate")]
    assert next(iter(found)) == "agent"


def test_an_empty_place_and_a_null_are_places_too() -> None:
    """By them a chart's default is taken away, so a walk must not leave them out."""
    assert list(nodes({"a": [], "b": {"c": None}})) == [
        ("", {"a": [], "b": {"c": None}}),
        ("a", []),
        ("b", {"c": None}),
        ("b.c", None),
    ]


def test_a_name_with_dots_stays_one_name() -> None:
    """As `nvidia.com/gpu`, which the key alone does not tell from two."""
    assert list(children({"nvidia.com/gpu": 1}, "limits")) == [("nvidia.com/gpu", "limits.nvidia.com/gpu", 1)]
    assert list(children([1], "limits")) == [("", "limits[0]", 1)]
    assert below("", "limits") == "limits"
