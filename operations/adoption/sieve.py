"""What `make check` does not take, taken out of the files that are to be written, with the sentence that says why."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from components import value_conflicts
from operations.adoption.file_texts import stack_text, tenant_text
from operations.adoption.files import Files
from operations.adoption.grants import grant
from operations.adoption.reading.facts import Note
from settings.facts import stack_file_of
from settings.finding import Finding
from settings.loading.load import Environment, read
from settings.models.stack_file import PROJECT
from settings.shards import Part
from settings.types.tree import children

_ROUNDS = 12
_STACK = f"{PROJECT}:stack"
_INDEX = re.compile(r"\[(\d+)\]")
_VARIABLES = "extraEnvs"
_REQUIRED = {(key,) for key in ("baseDomain", "kubeContext", "charts", "server")}
# Without it, the tenant's workers would be made anew in another cluster.
_PLACE = "workers"
_TAKE_OVER = "takeOver"
_Path = tuple[str | int, ...]


@dataclass
class Sieve:
    """Settings of a stack and its tenants, which lose what is refused; `notes` say what, `warnings` what only warns.

    `companies`: each tenant's on the server, in words. `environment`: what stays, as a run reads it; None where the
    stack's file cannot be read. `left_alone`: what `takeOver` names no more, for the files ask for no such release.
    """

    stack: dict[str, Any] | None
    tenants: dict[str, dict[str, Any]]
    companies: Mapping[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    environment: Environment | None = None
    left_alone: list[str] = field(default_factory=list)

    def run(self, files: Files) -> None:
        """Ask `make check` again until it takes what stays. `files`: those that are there, and stay as they are."""
        for _ in range(_ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                findings, self.warnings = self._findings(Path(folder), files)
            if not self._take_out(findings, files.name):
                return

    def _findings(self, root: Path, files: Files) -> tuple[list[Finding], list[str]]:
        path = root / stack_file_of(files.name)
        path.parent.mkdir(parents=True)
        path.write_text(files.stack if self.stack is None else stack_text(files.stack, self.stack), encoding="utf-8")
        for shard in files.shards:
            (root / stack_file_of(Part(files.name, shard).stack)).symlink_to(path.name)
        for name, text in {**files.tenants, **{name: tenant_text(each) for name, each in self.tenants.items()}}.items():
            path = root / files.file_of(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        reading = read(root, files.name, value_conflicts.CHECKS)
        self.environment = reading.environment
        warnings = self.environment.warnings if self.environment else ()
        return list(reading.faults), [str(each) for each in warnings]

    def _take_out(self, findings: Sequence[Finding], stack: str) -> bool:
        """Whether anything was; what has to be there, or stands in a file that stays as it is, cannot be."""
        paths: dict[tuple[str, _Path], Finding] = {}
        stay: list[Finding] = []
        granted = self._granted(findings)
        for finding in findings:
            if finding in granted:
                continue
            tenant, tree, key = self._place(finding, stack)
            path = path_in(tree, key) if tree is not None else ()
            path = () if tenant and path[:1] == (_PLACE,) else path
            if tree is None or (not tenant and (not path or path in _REQUIRED)):
                stay.append(finding)
            else:
                paths.setdefault((tenant, path), finding)
        paths = {place: each for place, each in paths.items() if not _is_below_another(place, paths)}
        for (tenant, path), finding in sorted(
            paths.items(), key=lambda each: (each[0][0], _order(each[0][1])), reverse=True
        ):
            self._remove(tenant, path, finding)
        if not (paths or granted):
            text = "`make check` refuses it, and it cannot be left out"
            self.notes += [Note("", "decide", each.where.key, f"{text}: {each}") for each in stay]
        return bool(paths or granted)

    def _granted(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those that a line of the stack's file now lets be, where that is to be written too."""
        if self.stack is None:
            return []
        made = {finding: grant(self.stack, finding) for finding in findings if self._is_new(finding)}
        self.notes += [note for note in made.values() if note]
        return [finding for finding, note in made.items() if note]

    def _is_new(self, finding: Finding) -> bool:
        return finding.where.tenant in self.tenants or not finding.where.tenant

    def _place(self, finding: Finding, stack: str) -> tuple[str, Mapping[str, Any] | None, str]:
        where = finding.where
        if where.file == stack_file_of(stack):
            below = where.key.removeprefix(_STACK)
            return "", self.stack if below != where.key else None, below.lstrip(".")
        tenant = where.tenant or Path(where.file).stem
        return tenant, self.tenants.get(tenant), where.key

    def _remove(self, tenant: str, path: _Path, finding: Finding) -> None:
        key = _written(path) or finding.where.key
        if tenant and not path:
            self.tenants.pop(tenant, None)
            self.notes.append(Note(tenant, "decide", key, f"no file is written for this tenant: {finding.message}"))
            return
        tree = self.tenants.get(tenant) if tenant else self.stack
        if tree is not None and path:
            gone = remove(tree, path)
            if not tenant and path[0] == _TAKE_OVER:
                self.left_alone.append(str(gone))
            below = ", ".join(leaves(gone))
            what = "" if finding.where.key.endswith(key) else f"{finding.where.key} "
            more = f"; with it went {below}" if below else ""
            choice = self._choice(tenant, finding)
            text = f"{what}{finding.message}{choice}{more}"
            self.notes.append(Note(tenant, "decide" if choice else "lost", key, text))

    def _choice(self, tenant: str, finding: Finding) -> str:
        """What a person has to decide of what is left out; empty where nothing is to be decided."""
        if finding.grant:
            # It runs so, and a person alone may let a tenant's file say it.
            return ": is left out, and goes from what runs at the next deploy; to keep it, write it back with that line"
        if not finding.holder:
            return ""
        both = " and ".join(self.companies.get(each, f"tenant {each}") for each in (finding.holder, tenant))
        return (
            f": {both} both have it; decide whose it is: move it to this file if it is this one's, and take it from "
            "the other before a deploy"
        )


def path_in(tree: Mapping[str, Any], key: str) -> _Path:
    """Where a key like `signIn.domains[0]` leads in a tree, as far as it is there; keys may have dots in them.

    A variable is taken whole.
    """
    found: Any = tree
    path: list[str | int] = []
    rest = key
    while rest:
        index = _INDEX.match(rest)
        if index and isinstance(found, list) and int(index[1]) < len(found):
            inside = path[-1:] == [_VARIABLES]
            path.append(int(index[1]))
            found, rest = found[int(index[1])], rest[index.end() :]
            if inside:
                break
        elif isinstance(found, Mapping):
            bare = rest.removeprefix(".")
            names = [each for each in found if re.match(re.escape(str(each)) + r"(?=\.|\[|\Z)", bare)]
            if not names:
                break
            name = max(names, key=len)
            path.append(name)
            found, rest = found[name], bare[len(name) :]
        else:
            break
    return tuple(path)


def leaves(value: object, above: str = "") -> Iterator[str]:
    """The key of each value below one, from there on; a variable's name stands for it. No value is shown."""
    if isinstance(value, Mapping) and "name" in value and ("value" in value or "valueFrom" in value):
        yield f"{above} ({value['name']})".strip()
    elif isinstance(value, Mapping | list):
        for _, key, each in children(value, above):
            yield from leaves(each, key)
    elif above:
        yield above


def remove(tree: dict[str, Any], path: _Path) -> Any:  # noqa: ANN401 - any value
    """Take the value at a path out, and what is empty without it; returns the value."""
    above, last = path[:-1], path[-1]
    chain: list[Any] = [tree]
    for each in above:
        chain.append(chain[-1][each])
    value = chain[-1].pop(last)
    for parent, name in zip(reversed(chain[:-1]), reversed(above), strict=True):
        if isinstance(parent, list) or parent[name] not in ({}, []):
            break
        del parent[name]
    return value


def _is_below_another(place: tuple[str, _Path], places: Iterable[tuple[str, _Path]]) -> bool:
    tenant, path = place
    return any(tenant == other and path != above and path[: len(above)] == above for other, above in places)


def _order(path: _Path) -> tuple[tuple[bool, int, str], ...]:
    return tuple((isinstance(each, int), each if isinstance(each, int) else 0, str(each)) for each in path)


def _written(path: _Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
