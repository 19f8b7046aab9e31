"""Who has which feature: the document's rules, and agreement with the emulator's reading of them."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from local.emulator.companies.feature_names import known_features
from local.emulator.companies.features import effective_features, groups_of
from local.emulator.configuration.assumptions import Assumptions
from local.emulator.configuration.effective import read_configuration
from settings.features.effective import BUILT_IN, Layers, effective, expected_of_admin
from settings.types.feature_catalogue import CATALOGUE

_PREFIX = "CLEARML__services__"


def layers(
    server: Iterable[str] = (), granted: Iterable[str] = (), excluded: Iterable[str] = (), **groups: Iterable[str]
) -> Layers:
    lists = {key: frozenset(listed) for key, listed in groups.items()}
    return Layers(frozenset(server), frozenset(granted), frozenset(excluded), lists)


def test_without_lists_everybody_has_what_server_and_tenant_enable() -> None:
    result = effective(layers(["reports"], ["pipelines"]))
    assert result.of_user([]) == {"reports", "pipelines"}
    assert result.groups["admins"] == frozenset()


def test_an_exclusion_takes_from_the_server_and_from_every_group() -> None:
    result = effective(layers(["reports"], ["pipelines"], ["reports"], users=["reports", "pipelines"]))
    assert result.available == {"pipelines"}
    assert result.of_user(["admins"]) == {"pipelines"}


def test_groups_add_up_and_give_only_what_is_enabled() -> None:
    result = effective(layers(["reports", "pipelines"], users=["reports"], data=["pipelines", "permissions"]))
    assert result.of_user([]) == {"reports"}
    assert result.of_user(["data"]) == {"reports", "pipelines"}
    assert result.of_user(["unknown"]) == {"reports"}


def test_an_empty_users_list_leaves_what_other_groups_give() -> None:
    result = effective(layers(["reports", "pipelines"], users=[], admins=["reports"]))
    assert result.of_user([]) == frozenset()
    assert result.of_user(["admins"]) == {"reports"}


def test_the_admin_must_not_see_what_is_excluded_and_must_see_what_is_let_through() -> None:
    assert expected_of_admin(layers(["reports"], ["pipelines"], ["permissions"])) == {
        "reports": True,
        "pipelines": True,
        "permissions": False,
    }


def test_the_admin_must_not_see_what_neither_of_its_groups_lets_through() -> None:
    given_ = layers(["reports", "pipelines", "permissions"], users=["reports"], admins=["pipelines"])
    assert expected_of_admin(given_) == {"reports": True, "pipelines": True, "permissions": False}


def test_nothing_is_expected_where_the_server_decides() -> None:
    """Admins without a list, and deprecated features that everybody has."""
    assert expected_of_admin(layers(["reports", "pipelines"], [], ["queues"], users=["reports"])) == {"reports": True}


def test_the_catalogue_is_the_documents_and_the_apis() -> None:
    assert {name for name, entry in CATALOGUE.items() if not entry.undocumented} == known_features(new_server=False)
    assert set(CATALOGUE) == known_features(new_server=True)


def test_deprecation_and_versions_are_the_documents() -> None:
    assert {name for name, entry in CATALOGUE.items() if entry.deprecated} == {"experiments", "queues"}
    since = {name: entry.since for name, entry in CATALOGUE.items() if entry.since}
    assert since == {"show_orchestration": (3, 25), "show_datasets": (3, 25)}


_NAMES = sorted(CATALOGUE)
_SOME = st.frozensets(st.sampled_from(_NAMES), max_size=6)
_GROUPS = st.dictionaries(st.sampled_from([*BUILT_IN, "data_scientists", "mlops"]), _SOME)


@given(server=_SOME, granted=_SOME, excluded=_SOME, groups=_GROUPS, role=st.sampled_from(["admin", "user"]))
def test_the_emulator_reads_it_the_same_way(
    server: frozenset[str],
    granted: frozenset[str],
    excluded: frozenset[str],
    groups: dict[str, frozenset[str]],
    role: str,
) -> None:
    environment = {f"{_PREFIX}organization__features__{name}": "true" for name in server}
    for key, listed in groups.items():
        quoted = ", ".join(f'"{name}"' for name in sorted(listed))
        environment[f"{_PREFIX}auth__default_groups__{key}__features"] = f"[{quoted}]"
    settings = {"features": sorted(granted), "exclude_features": sorted(excluded)}
    ours = effective(layers(server, granted, excluded, **groups))
    for explicit in (None, list(groups)):
        theirs = groups_of(role, explicit, Assumptions())
        seen = effective_features(read_configuration(environment), settings, role, theirs, Assumptions())
        assert sorted(ours.of_user(theirs)) == seen
