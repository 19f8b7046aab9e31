"""Pure: `adoption.md`, for whoever reviews the files: what stays, what changes, what is lost, what is to be decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from operations.adoption.reading.facts import Note
from operations.adoption.translation.companies.names import TenantInstallation
from operations.adoption.translation.plan import Plan
from operations.adoption.translation.values import masked
from settings.facts import stack_file_of
from settings.types.tree import children

_ALL = "the whole stack"


def report(plan: Plan, unread: Sequence[str], warnings: Sequence[str], unlike: Sequence[str]) -> str:
    """The page. `warnings`: what `make check` says of the files; `unlike`: of a stack's file that stays as it is."""
    stack = plan.name
    parts = [
        f"# What is there, and what becomes of it: stack {stack}\n",
        "Nothing was changed on the server or in the cluster. Review the files, then: `make check`, and a preview.\n",
        _table("Taken over as it is", ("tenant", "what", "how it is"), _same(plan)),
        _table(
            "What changes, and why", ("tenant", "what", "what happens"), _rows(plan.notes, "change", _general(plan))
        ),
        _table("What the files cannot say", ("tenant", "key", "where it went"), _rows(plan.notes, "lost")),
        _table("What a person decides", ("tenant", "key", "what to decide"), _rows(plan.notes, "decide")),
        _list("Secrets to set, each by `pulumi config set --secret`", _secrets(stack, plan.secrets)),
        _list(f"What {stack_file_of(stack)} does not say, which stays as it is", unlike),
        _list("What could not be read", unread),
        _list("What `make check` warns of", warnings),
    ]
    # Whoever reviews this has to tell keys apart, and an access key alone opens nothing.
    access_keys = {key.access_key for each in plan.companies for keys in each.company.keys.values() for key in keys}
    return masked("\n".join(each for each in parts if each), plan.hidden - access_keys)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The keys of settings that say something else than was found; no value is shown."""
    here, there = dict(_leaves(before)), dict(_leaves(after))
    lines = [f"`{key}` is not there" for key in there if key not in here]
    return [*lines, *(f"`{key}` is another" for key in there if key in here and here[key] != there[key])]


def _leaves(tree: object, at: str = "") -> Iterator[tuple[str, object]]:
    """A list is compared as a whole."""
    if isinstance(tree, Mapping) and tree:
        for _, key, each in children(tree, at):
            yield from _leaves(each, key)
    else:
        yield at, tree


def _same(plan: Plan) -> list[tuple[str, str, str]]:
    rows = []
    for owned in plan.companies:
        content = plan.tenants.get(owned.tenant)
        if content is not None:
            rows.append((owned.tenant, "company", _company(owned, content)))
    return [*rows, *_rows(plan.notes, "same")]


def _company(owned: TenantInstallation, content: Mapping[str, Any]) -> str:
    company, rules = owned.company, content.get("signIn") or {}
    people = f"users: {len(company.users)}" if company.users is not None else "users not told"
    listed = sum(len(each) for each in rules.values())
    features = len(content.get("features") or ()) + len(content.get("excludeFeatures") or ())
    limit = f", at most {content['allowedUsers']} users" if content.get("allowedUsers") else ""
    admin = (content.get("admin") or {}).get("email", "none")
    return (
        f"{company.name} (id {company.id}), {people}, admin {admin}, sign-in rules: {listed}, features of its own: "
        f"{features}{limit}"
    )


def _general(plan: Plan) -> Iterator[tuple[str, str, str]]:
    if any(each.keys() & {"agent", "gateway", "gateways"} for each in plan.tenants.values()):
        yield _ALL, "keys", "every agent and gateway gets a key of its own, for nobody can read a secret again"
        yield _ALL, "namespaces", "pod security, a quota, limits and network policies come to those that are taken"


def _rows(notes: Iterable[Note], kind: str, first: Iterable[tuple[str, str, str]] = ()) -> list[tuple[str, str, str]]:
    found = sorted(each for each in set(notes) if each.kind == kind)
    return [*first, *((each.tenant or _ALL, each.key, each.text) for each in found)]


def _secrets(stack: str, keys: Iterable[str]) -> list[str]:
    paths = {key: f"--path {key}" if "." in key else key for key in keys}
    return [f"`{key}`: pulumi config set --stack {stack} --secret {path}" for key, path in paths.items()]


def _table(title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return f"## {title}\n\nNothing.\n"
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    return f"## {title}\n\n" + "\n".join(lines) + "\n"


def _list(title: str, lines: Sequence[str]) -> str:
    return f"## {title}\n\n" + "".join(f"* {_cell(each)}\n" for each in lines) if lines else ""


def _cell(text: str) -> str:
    """On one line, and no end of a cell; a server's or a company's own text is no link, picture or HTML in it."""
    plain = "".join(each if each.isprintable() else " " for each in text)
    return plain.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("](", "]\\(")
