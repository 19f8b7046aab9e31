"""Pure: companies of a server that are called alike, which no file tells apart by its name; none of them is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from operations.adoption.reading.facts import Company, Note, Server
from operations.adoption.translation.companies.names import TenantInstallation
from settings.types.letters.confusable import skeleton


@dataclass(frozen=True)
class Namesakes:
    """`named`: the server, with the names that files give companies by their ids. `by_id`: ids that must tell who is
    meant, for the server has such a name more than once now. `unclear`: the ids of those that get no file."""

    named: Server
    by_id: frozenset[str]
    unclear: frozenset[str]
    _groups: tuple[tuple[Company, ...], ...]

    @classmethod
    def of(cls, server: Server, said: Mapping[str, str]) -> Namesakes:
        """`said`: the names in files that have a company's id, by that id."""
        renamed = tuple(replace(each, name=said.get(each.id, each.name)) for each in server.companies)
        now = frozenset(each.id for group in _alike(server.companies) for each in group)
        groups = _alike(renamed)
        unclear = frozenset(each.id for group in groups for each in group if each.id not in said)
        return cls(replace(server, companies=renamed), now, unclear, groups)

    def clear(self, files: Mapping[str, str]) -> dict[str, str]:
        """Tenants by their companies' ids and names, without the names that several have."""
        several = {each.name for group in self._groups for each in group}
        return {key: name for key, name in files.items() if key not in several}

    def notes(self, owned: Iterable[TenantInstallation]) -> Iterator[Note]:
        """A line for each name that several have."""
        releases = {each.company.id: (*each.releases, *each.elsewhere) for each in owned}
        for group in self._groups:
            listed = ", ".join(f"{each.name!r} (id {each.id})" for each in group)
            text = (
                f"{len(group)} companies are called alike: {listed}; none is guessed, and who has no file with its "
                "companyId gets none: give all but one another name on the server, then run this again with "
                "OVERWRITE=yes"
            )
            unclear = [each.id for each in group if each.id in self.unclear]
            theirs = [str(release) for each in unclear for release in releases.get(each, ())]
            more = f"; their releases stay as they are: {', '.join(sorted(theirs))}" if theirs else ""
            yield Note("", "decide", "company", f"{text}{more}")


def _alike(companies: Sequence[Company]) -> tuple[tuple[Company, ...], ...]:
    """Groups that `make check` takes for one name: in other capitals, or with a blank at the end."""
    found: defaultdict[str, list[Company]] = defaultdict(list)
    for each in companies:
        found[skeleton(each.name)].append(each)
    groups = (sorted(group, key=lambda each: (each.name, each.id)) for group in found.values())
    return tuple(tuple(group) for group in groups if len(group) > 1)
