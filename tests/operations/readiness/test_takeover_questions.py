"""`make ready`: whether what is named for taking over is there."""

from __future__ import annotations

from operations.readiness.takeover_questions import taken_over
from tests.operations.readiness.place import Place, lines


def test_whether_what_is_named_for_taking_over_is_there(place: Place) -> None:
    there = "    kubeContext: =>     takeOver: [acme, acme/acme-agent]\n    kubeContext:"
    assert lines(taken_over(place.environment(entries=there), place.stack)) == [
        "ok takeOver: all 2 that it names are there"
    ]
    more = there.replace("acme/acme-agent", "acme/acme-gateway, beta")
    environment = place.environment(entries=more)
    assert lines(taken_over(environment, place.stack)) == [
        f"missing takeOver: {what} is not in context/somewhere: mend its name, or take {entry} out of takeOver in "
        "config/Pulumi.test.yaml"
        for what, entry in (("release acme/acme-gateway", "acme/acme-gateway"), ("namespace beta", "beta"))
    ]
    place.statuses["/api/v1/secrets"] = 403
    assert lines(taken_over(environment, place.stack)) == [
        "ok takeOver: cluster context/somewhere does not say what is there"
    ]
