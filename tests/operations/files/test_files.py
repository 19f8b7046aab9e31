"""What a plan says of the files themselves, where the engine may see no difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from operations.files.changes import changes_between
from operations.files.compare import KeyChange, file_change
from operations.files.snapshot import Snapshot, snapshot_of
from operations.preview.comment import comment_of
from operations.preview.plan import plan_of

_STACK = "config/Pulumi.prod.yaml"
_TENANT = "config/tenants/prod/acme.yaml"
_CONTENT = (Path(__file__).resolve().parents[3] / _STACK).read_text()
_PLANTED = "PLANTED0000secret"
_FIRST_SECRET = "secure: replace-me\n  clearml-tenants:apiserverSecret"


def _comment(before: dict[str, str], after: dict[str, str]) -> str:
    snapshots = (Snapshot({path: text.encode() for path, text in files.items()}) for files in (before, after))
    return comment_of(plan_of("prod", (), files=changes_between(*snapshots)))


def _edited(old: str, new: str) -> str:
    assert old in _CONTENT
    return _comment({_STACK: _CONTENT}, {_STACK: _CONTENT.replace(old, new, 1)})


def _keys(before: str, after: str) -> tuple[KeyChange, ...]:
    found = file_change("x.yaml", before.encode(), after.encode())
    return found.keys if found else ()


def test_an_address_and_a_chart_from_elsewhere_are_no_nothing() -> None:
    """The incident: a look-alike host would have got the system key, and "nothing changes" was all that was said."""
    text = _edited("https://api.clearml.example.com", "https://api.clearml-example.com")
    assert "## `prod`: no resource changes, but the files do: 1 setting in 1 file\n" in text
    assert "the system key goes there, a host outside the baseDomain `clearml.example.com`" in text
    text = _edited("oci://docker.io/clearml/clearml-enterprise-agent", "oci://registry.evil.example/agent")
    assert "charts.agent.chart: the agent chart comes from elsewhere" in text
    assert "→ `oci://registry.evil.example/agent`" in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (_FIRST_SECRET, _FIRST_SECRET.replace("replace-me", _PLANTED),
         "clearml-tenants:apiserverKey`: encrypted anew"),
        (_FIRST_SECRET, _FIRST_SECRET.replace("secure: replace-me", f"plain: {_PLANTED}"),
         "clearml-tenants:apiserverKey.plain`: `(not shown)` added"),
        ("config:\n", f"encryptionsalt: {_PLANTED}\nconfig:\n", "who can read the stack's secrets may be another"),
        ("cookieName: clearml_token", f"cookieName: clearml_token\n      extra: {{DB_PASSWORD: [{_PLANTED}]}}",
         "extra.DB\\_PASSWORD"),
        ("baseDomain: clearml.example.com", "baseDomain: clearml.evil.example", "every host of the service is below"),
        ("cookieName: clearml_token", "cookieName: clearml_token\n      identityProviders: {google: {clientId: abc}}",
         "server.identityProviders.google.clientId: nothing → `abc`; people sign in with it, and whoever runs it can"),
        (_FIRST_SECRET, f"{_FIRST_SECRET}: x\n  clearml-tenants:identityProviderSecrets: {{okta: {_PLANTED}}}\n  x:y",
         "identityProviderSecrets.okta`: `(not shown)` added"),
        ("kubeContext: clearml-prod", "kubeContext: clearml-prod\n    tenantRules: {contexts: [x]}",
         "what tenants' files may decide is another"),
        ("kubeContext: clearml-prod", "kubeContext: clearml-prod\n    serverUrls: {api: 'http://x.y.svc'}",
         "agents and gateways send their keys and files there"),
    ],
)  # fmt: skip
def test_what_leads_trust_elsewhere_is_named_and_no_secret_shown(old: str, new: str, said: str) -> None:
    text = _edited(old, new)
    assert said.replace("\\", "") in text.replace("\\", "")
    assert _PLANTED not in text
    assert "nothing changes" not in text


def test_each_provider_that_is_added_changed_or_removed_is_told() -> None:
    """Who reads the plan sees which, and whose."""
    providers = "cookieName: clearml_token\n      identityProviders:"
    (okta, ping) = (f"{{clientId: a, authorizeUrl: 'https://{name}.example/a'}}" for name in ("okta", "ping"))
    versions = [
        _CONTENT.replace("cookieName: clearml_token", f"{providers} {{okta: {okta}{more}}}")
        for more in ("", f", ping: {ping}", f", ping: {ping.replace('ping.example', 'evil.example')}")
    ]
    added, changed, removed = (
        _comment({_STACK: before}, {_STACK: after})
        for before, after in ((versions[0], versions[1]), (versions[1], versions[2]), (versions[2], versions[0]))
    )
    key = "server.identityProviders.ping.authorizeUrl: "
    assert f"{key}nothing → `https://ping.example/a`" in added
    assert f"{key}`https://ping.example/a` → `https://evil.example/a`" in changed
    assert f"{key}`https://evil.example/a` → nothing" in removed
    assert "okta" not in added + changed + removed


def test_a_file_added_removed_and_renamed() -> None:
    tenant = "company: Acme\nadmin: {name: A, email: a@acme.example}\n"
    other = "config/tenants/prod/beta.yaml"
    assert f"`{_TENANT}` is added" in _comment({}, {_TENANT: tenant})
    assert f"`{_TENANT}` is removed" in _comment({_TENANT: tenant}, {})
    assert f"`{other}` is renamed from `{_TENANT}`" in _comment({_TENANT: tenant}, {other: tenant})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 5", "a: '5'"),
        ("a: yes", "a: 'yes'"),
        ("a: 0o14", "a: '0o14'"),
        ("a: 1e3", "a: '1e3'"),
        ("a.b: 1", "a: {b: 1}"),
        ("1: x", "'1': x"),
        ("a: {}", "a: []"),
        ("a: [x]", "a: x"),
        ("a: []", "a:"),
        ("{a: 1, b: 2}", "{b: 2, a: 1}"),
        ("a: 1\na: 2", "a: 3\na: 2"),
        ("a: [{name: x}, {name: y}]", "a: [{name: y}, {name: x}]"),
        ("a: v", "a: !x v"),
        ("a: [", "a: ]"),
        (f"a: {'x' * 5_000}1", f"a: {'x' * 5_000}2"),
        ("a: &a [*a]", "a: &a [*a, 1]"),
    ],
)
def test_what_may_mean_something_else_differs(before: str, after: str) -> None:
    assert _keys(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: x", "a: 'x' # why"),
        ("a: [b]", "a:\n- b\n"),
        ("a: true", "a: True"),
        ("a:", "a: null"),
        ("a: x", "a:   x\n\n"),
    ],
)
def test_what_is_only_written_otherwise_does_not_differ(before: str, after: str) -> None:
    assert _keys(before, after) == ()
    assert "only comments, spaces or quotes differ" in _comment({_TENANT: before}, {_TENANT: after})


def test_an_item_in_front_changes_no_other() -> None:
    assert _keys("a: [x, y]", "a: [w, x, y]") == (KeyChange("a[]", after="w"),)
    env = "e: [{name: A, value: '1'}%s]"
    assert _keys(env % "", "e: [{name: B, value: x}, {name: A, value: '1'}]") == (
        KeyChange("e[B].name", after="B"),
        KeyChange("e[B].value", after="x"),
    )


def test_the_end_of_a_long_value_is_what_is_shown() -> None:
    (change,) = _keys(f"a: {'x' * 500}one", f"a: {'x' * 500}two")
    assert "one" in str(change.before)
    assert "two" in str(change.after)


def test_the_program_is_told_too(tmp_path: Path) -> None:
    for name in ("base", "head"):
        (tmp_path / name / "docs").mkdir(parents=True)
        (tmp_path / name / "__main__.py").write_text(name)
        (tmp_path / name / "docs" / "x.md").write_text(name)
    changes = changes_between(snapshot_of(tmp_path / "base", "prod"), snapshot_of(tmp_path / "head", "prod"))
    text = comment_of(plan_of("prod", (), files=changes))
    assert "no resource changes, but the files do: the program itself\n" in text
    assert "the program itself changed, in 1 file beside the stacks' own: `__main__.py`" in text
    assert "1 file of documentation or tests changed" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("config/charts/agent/templates/t.yaml", "the program itself"),
        ("config/tenants/stray.yaml", "the program itself"),
        ("config/tenants/unknown/acme.yaml", "the program itself"),
        ("config/Pulumi.prod.yaml.orig", "the program itself"),
        ("config/Pulumi.dev.yaml", ""),
        ("config/tenants/dev/acme.yaml", ""),
    ],
)
def test_a_file_below_config_that_is_no_stacks_is_the_programs(tmp_path: Path, name: str, said: str) -> None:
    """The incident: a chart in a folder below config/ was edited, and "nothing changes" was all that was said."""
    for folder in ("base", "head"):
        for stack in ("dev", "prod"):
            (tmp_path / folder / "config" / "tenants" / stack).mkdir(parents=True)
            (tmp_path / folder / "config" / f"Pulumi.{stack}.yaml").write_text("config: {}")
        (tmp_path / folder / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / name).write_text(f"company: {folder}")
    changes = changes_between(snapshot_of(tmp_path / "base", "prod"), snapshot_of(tmp_path / "head", "prod"))
    first = comment_of(plan_of("prod", (), files=changes)).splitlines()[1]
    assert first == f"## `prod`: {f'no resource changes, but the files do: {said}' if said else 'nothing changes'}"


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "tenants" / "prod"
    folder.mkdir(parents=True)
    (folder / "acme.yaml").symlink_to("/etc/hostname")
    assert snapshot_of(tmp_path, "prod").config["config/tenants/prod/acme.yaml"] == b"\0link to /etc/hostname"


def test_a_flood_of_keys_is_bounded() -> None:
    text = _comment({_TENANT: "a: {}"}, {_TENANT: "a:\n" + "".join(f"  k{number}: 1\n" for number in range(3_000))})
    assert len(text) < 10_000
    assert "2941 more" in text


@pytest.mark.parametrize("key", ["stack: {charts: {agent: {chart: ./docs/agent}}}", "apiCaFile: 'docs/agent/ca.pem'"])
def test_what_a_stack_deploys_from_the_documentation_is_told_as_the_program(key: str) -> None:
    """It was told as documentation, which nothing that is deployed reads: "nothing changes" was all of the title."""
    config = {"config/Pulumi.prod.yaml": f"config:\n  clearml-tenants:{key}\n".encode()}
    named, other = "docs/agent/ca.pem", "docs/agents.md"
    both = [Snapshot(config, {named: text, other: text}) for text in ("1", "2")]
    changes = changes_between(*both)
    assert changes.program == (named,)
    assert changes.others == 1


@pytest.mark.parametrize("place", ["node_modules", "__pycache__", ".local", ".git"])
def test_a_chart_s_template_is_told_wherever_it_lies(tmp_path: Path, place: str) -> None:
    """Helm renders `templates/node_modules/x.yaml`, of which a rehearsal saw nothing."""
    before = snapshot_of(tmp_path, "prod")
    template = tmp_path / "charts" / "agent" / "templates" / place / "role.yaml"
    template.parent.mkdir(parents=True)
    template.write_text("kind: ClusterRole\n")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "x.js").write_text("")
    (tmp_path / "charts" / "x.pyc").write_text("")
    changes = changes_between(before, snapshot_of(tmp_path, "prod"))
    assert changes.program == (f"charts/agent/templates/{place}/role.yaml",)
