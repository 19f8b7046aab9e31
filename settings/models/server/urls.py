"""Where agents and gateways reach the server's parts: `serverUrls` of a stack and of a tenant (contract 4.2, 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from settings.models.base import Settings
from settings.types.urls import ServerUrl, StorageUrl, Target


class ServerUrls(Settings):
    """What is left out is `https://` and the part's host. People's browsers go to the hosts, whatever stands here."""

    api: ServerUrl | None = Field(
        default=None,
        description="Where agents and gateways reach the API.",
        examples=["http://clearml-enterprise-apiserver.clearml.svc:8008"],
    )
    app: ServerUrl | None = Field(
        default=None,
        description="The web server's address, which agents write into the logs of tasks as a link for people.",
        examples=["https://app.example.com"],
    )
    files: StorageUrl | None = Field(
        default=None,
        description=(
            "Where tasks keep files. The address is kept with each file, so browsers have to reach it as well."
        ),
        examples=["https://files.example.com"],
    )

    def over(self, base: WorkerUrls) -> WorkerUrls:
        """`base` with what is written here in its place."""
        return WorkerUrls(self.api or base.api, self.app or base.app, self.files or base.files)

    def written(self) -> Iterator[tuple[str, str]]:
        """Part and address of each that is written."""
        for part in ("api", "app", "files"):
            if url := getattr(self, part):
                yield part, url


@dataclass(frozen=True)
class WorkerUrls:
    """What a tenant's agents and gateway are told; `files` is None where nobody says where files are."""

    api: str
    app: str
    files: str | None

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where these lead, without buckets, each once."""
        found = [Target.of(url) for url in (self.api, self.app, self.files or "")]
        return tuple(dict.fromkeys(each for each in found if each))
