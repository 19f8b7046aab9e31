"""`make adopt`: what is there of an installation, written down as a stack's files. No call writes anything."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from components.clearml.api.client import Client
from components.clearml.api.connection import Connection, Limits
from operations.adoption.file_texts import stack_text, tenant_text, with_group_ids, with_placeholders, write
from operations.adoption.files import Files
from operations.adoption.occupants import occupants
from operations.adoption.reading.cluster import read_clusters
from operations.adoption.reading.facts import Note, access_key
from operations.adoption.reading.server import read_server
from operations.adoption.report import differences, report
from operations.adoption.sieve import Sieve
from operations.adoption.translation.plan import Plan, plan
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.parts import environments_stack
from settings.facts import stack_file_of
from settings.loading.api_url import OVERRIDE, override_of

_ANSWER_SECONDS, _TOTAL_SECONDS = 30, 60


@dataclass(frozen=True)
class Options:
    """`context` of the kubeconfig, or several with commas between, if the files name none; `people` is a file of
    addresses, one a line.

    `overwrite`: files that are there are written anew.
    """

    context: str = ""
    people: Path | None = None
    report: str = "adoption.md"
    overwrite: bool = False


def adopt(root: Path, name: str, options: Options, connection: Connection | None = None) -> list[str]:
    """What was written and what was not, a line each.

    `connection`: to the server, as the stack's settings say if it is not given. Raises OperationError,
    ConfigurationError, ClearMLError.
    """
    files = Files.read(root, name.rpartition("/")[2])
    connection = connection or _connection(root, environments_stack(root, name), files.name)
    clusters = read_clusters(None, _contexts(files, options))
    keys = filter(None, (access_key(each) for cluster in clusters for each in cluster.releases))
    with Client(connection) as client:
        server = read_server(client, keys, [*files.admins(), *_people(options)])
    drawn = plan(server, clusters, files, (connection.key, connection.secret))
    sieve = _checked(drawn, files, options)
    if sieve.environment:
        drawn.notes += occupants(clusters, sieve.environment)
    lost = differences(files.settings, drawn.stack) if sieve.stack is None else []
    unread = [*server.unread, *(line for cluster in clusters for line in cluster.unread)]
    page = report(drawn, unread, _warnings(sieve), lost)
    # The report first: made once more, after a run that died, it would not know what the files there had to lose.
    return [*_write_report(root, page, options), *_write(root, files, drawn, sieve)]


def _checked(drawn: Plan, files: Files, options: Options) -> Sieve:
    """The files that are to be written, without what `make check` refuses."""
    new = {name: each for name, each in drawn.tenants.items() if options.overwrite or name not in files.tenants}
    bare = files.is_bare or options.overwrite
    text = with_placeholders(files.stack, drawn.secrets) if bare else files.stack
    there = {name: each for name, each in files.tenants.items() if name not in new}
    companies = {
        each.tenant: f"{each.company.name!r} (id {each.company.id}, tenant {each.tenant})" for each in drawn.companies
    }
    sieve = Sieve(drawn.stack if bare else None, dict(new), companies)
    sieve.run(replace(files, stack=text, tenants=there))
    drawn.notes = [*(_as_sifted(note, sieve.left_alone) for note in drawn.notes), *sieve.notes]
    drawn.tenants = {name: each for name, each in drawn.tenants.items() if name not in new or name in sieve.tenants}
    return sieve


def _as_sifted(note: Note, left_alone: Iterable[str]) -> Note:
    """What was said of a release that is taken over, where its settings went after that."""
    if note.kind != "change" or not any(note.text.startswith(f"release {each} ") for each in left_alone):
        return note
    place = note.text.partition(" is taken over")[0]
    return replace(note, kind="decide", text=f"{place} stays as it is, and no file has it: what was refused says why")


def _warnings(sieve: Sieve) -> list[str]:
    """Without those that the report says by itself: of companies that are taken over, and of secrets to be set."""
    return [each for each in sieve.warnings if ": companyId: " not in each and ": is a placeholder" not in each]


def _write(root: Path, files: Files, drawn: Plan, sieve: Sieve) -> Iterator[str]:
    stack = stack_file_of(files.name)
    if sieve.stack is None:
        groups = drawn.stack.get("groups") or {}
        text = with_group_ids(files.stack, {key: each["id"] for key, each in groups.items() if each.get("id")})
        if text == files.stack:
            yield f"{stack}: is there and stays as it is"
        else:
            write(root / stack, text)
            yield f"{stack}: written: ids of groups, by which the server knows their members; all else stays"
    else:
        text = with_placeholders(stack_text(files.stack, sieve.stack), drawn.secrets)
        yield _write_one(root, stack, text, files.stack)
    for name, content in sieve.tenants.items():
        yield _write_one(root, files.file_of(name), tenant_text(content), files.tenants.get(name))
    stay = [name for name in files.tenants if name not in sieve.tenants]
    yield from (f"{files.file_of(name)}: is there and stays as it is" for name in stay)


def _write_one(root: Path, file: str, text: str, before: str | None) -> str:
    if text == before:
        return f"{file}: is there and as it would be written"
    write(root / file, text)
    return f"{file}: written"


def _write_report(root: Path, page: str, options: Options) -> Iterator[str]:
    path = root / options.report
    before = path.read_text(encoding="utf-8") if path.is_file() else None
    if before is None or options.overwrite or page == before:
        yield _write_one(root, options.report, page, before)
    else:
        text = "is there and stays as it is, though it would say something else: OVERWRITE=yes, or REPORT=<file>"
        yield f"{options.report}: {text}"


def _contexts(files: Files, options: Options) -> list[str]:
    given = [each.strip() for each in options.context.split(",") if each.strip()]
    contexts = list(dict.fromkeys(given or files.contexts()))
    if not contexts:
        raise OperationError(
            "CONTEXT is missing: the kubeconfig's context of the server's cluster; write it like make adopt STACK=prod "
            "CONTEXT=kind-clearml, or with those of other clusters of workers behind it: CONTEXT=kind-clearml,kind-gpu"
        )
    return contexts


def _people(options: Options) -> Iterable[str]:
    if options.people is None:
        return []
    try:
        text = options.people.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        raise OperationError(f"PEOPLE={options.people}: cannot be read: give a file with one address a line") from None
    return [line.strip() for line in text.splitlines() if "@" in line]


def _connection(root: Path, name: str, short: str) -> Connection:
    """As the program's own: the environment's CLEARML_API_URL wins. Raises ConfigurationError as the program does."""
    stack = EngineStack(root, name)
    url = stack.setting("apiUrl")
    override_of(short, url, os.environ)
    calls = stack.setting("apiCallsPerSecond", default="")
    return Connection(
        url=os.environ.get(OVERRIDE) or url,
        key=stack.setting("apiserverKey"),
        secret=stack.setting("apiserverSecret"),
        ca_file=stack.setting("apiCaFile", default="") or None,
        limits=Limits(answer_seconds=_ANSWER_SECONDS, total_seconds=_TOTAL_SECONDS),
        calls_per_second=float(calls) if calls else None,
    )
