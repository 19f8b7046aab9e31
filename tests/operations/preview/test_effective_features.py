"""What people can use in the end stands in a plan, before and after, by tenant and group."""

from __future__ import annotations

from operations.preview.tenant_changes.effective_features import effective_lines
from settings.features.effective import Effective, Layers, effective


def _of(granted: str = "", **groups: str) -> Effective:
    lists = {key: frozenset(listed.split()) for key, listed in groups.items()}
    return effective(Layers(frozenset({"applications", "reports"}), frozenset(granted.split()), frozenset(), lists))


def test_a_group_that_lets_more_through_is_told_once_for_all_tenants_alike() -> None:
    names = [f"t{number}" for number in range(7)]
    before = {name: _of(users="reports") for name in names}
    after = {name: _of(users="reports applications") for name in names}
    assert list(effective_lines(before, after)) == [
        "effective in t0, t1, t2, t3, t4 and 2 more, group `users`: `reports` → `applications`, `reports`"
    ]


def test_a_grant_that_no_group_lets_through_changes_nothing_in_the_end() -> None:
    assert list(effective_lines({"acme": _of(users="reports")}, {"acme": _of("pipelines", users="reports")})) == []
    assert list(effective_lines({"acme": _of()}, {"acme": _of("pipelines")})) == [
        "effective in acme, group `users`: `applications`, `reports` → `pipelines`, `applications`, `reports`"
    ]


def test_a_new_tenant_had_none_and_a_removed_one_is_not_told() -> None:
    assert list(effective_lines({"old": _of()}, {"new": _of(users="reports")})) == [
        "effective in new, group `users`: none → `reports`"
    ]


def test_what_differs_is_named_however_many_there_are() -> None:
    many = " ".join(f"f{number:02}" for number in range(25))
    (line,) = effective_lines({"acme": _of(many)}, {"acme": _of(f"{many} zz")})
    assert line.endswith("→ `zz`, " + ", ".join(f"`{name}`" for name in sorted(["applications", *many.split()])[:9])
                         + " and 18 more")  # fmt: skip
    assert len(line) < 600
