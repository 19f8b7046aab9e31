"""Groups of users as HOCON, which the guide's own variables are: all in one variable, a group, or part by part."""

from __future__ import annotations

from typing import Any

import pytest

from operations.releases.ownership import group_ids
from tests.operations.adoption.installation import GROUP_ID, server_values
from tests.operations.adoption.site import Site

_GROUPS = "CLEARML__services__auth__default_groups"
_LAB = f'id = "{GROUP_ID}", name = "Research Lab", features = [user_management_advanced], assignable = true'
_WAYS: dict[str, dict[str, str]] = {
    "all groups in one variable": {_GROUPS: f"{{ research_lab {{ {_LAB} }}, users {{ features = [applications] }} }}"},
    "a group in one variable": {
        f"{_GROUPS}__research_lab": f"{{{_LAB}}}",
        f"{_GROUPS}__users": "{features: [applications]}",
    },
    "without quotes": {
        f"{_GROUPS}__research_lab__id": GROUP_ID,
        f"{_GROUPS}__research_lab__name": "Research Lab",
        f"{_GROUPS}__research_lab__features": "[user_management_advanced]",
        f"{_GROUPS}__research_lab__assignable": "true",
        f"{_GROUPS}__users__features": "[applications]",
    },
}


def _values(site: Site, more: dict[str, str]) -> dict[str, Any]:
    values = server_values(site.emulator)
    variables = [each for each in values["apiserver"]["extraEnvs"] if not each["name"].startswith(_GROUPS)]
    values["apiserver"]["extraEnvs"] = [*variables, *({"name": name, "value": text} for name, text in more.items())]
    return values


@pytest.mark.parametrize("way", _WAYS)
def test_a_group_keeps_its_id_however_it_is_written(site: Site, way: str) -> None:
    """With another one, its members would be in no group."""
    values = _values(site, _WAYS[way])
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", values)
    site.run()
    assert site.settings["groups"] == {
        "users": {"features": ["applications"]},
        "research_lab": {
            "id": GROUP_ID,
            "name": "Research Lab",
            "features": ["user_management_advanced"],
            "assignable": True,
        },
    }
    assert "default_groups" not in str(site.settings["server"])
    assert group_ids(values) == {"research_lab": GROUP_ID}
    site.load()


def test_an_object_that_no_setting_has_stays_as_json(site: Site) -> None:
    """`make check` takes no other, and without it the server would forget what it says."""
    name, group = "CLEARML__services__tasks__limits", f"{_GROUPS}__Data-Scientists"
    values = _values(site, {name: "{ per_user = 5, hosts = [a, b] }", group: f"{{{_LAB}}}"})
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", values)
    site.run()
    variables = {each["name"]: each["value"] for each in site.settings["server"]["apiserver"]["extraEnvs"]}
    assert variables[name] == '{"per_user": 5, "hosts": ["a", "b"]}'
    assert GROUP_ID in variables[f"{group}__id"], "part by part, for its key is none that settings have"
    site.load()
