"""The files of an environment that are there when it is adopted: what they say already. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from operations.adoption.file_texts import PLACEHOLDER, STACK, mapping_of, secret_in
from operations.errors import OperationError
from settings.facts import file_of, stack_file_of
from settings.models.stack_file import PROJECT
from settings.shards import part_of, shards_of, tenant_files


@dataclass(frozen=True)
class Files:
    """The text of an environment's file, and those of its tenants by name, as they are.

    `shard`: where new tenants are written; `homes` is each tenant's shard, where it is in one of `shards`.
    """

    name: str
    stack: str = field(repr=False)
    tenants: Mapping[str, str] = field(default_factory=dict, repr=False)
    shard: str = ""
    homes: Mapping[str, str] = field(default_factory=dict)
    shards: tuple[str, ...] = ()

    @classmethod
    def read(cls, root: Path, name: str) -> Files:
        """All of the environment whose stack `name` is. Raises OperationError where it has no file, for that says where
        the server is."""
        part = part_of(root, name)
        path = root / stack_file_of(part.environment)
        if not path.is_file():
            raise OperationError(
                f"{stack_file_of(name)}: no such file; make it with: pulumi stack init {name}, then pulumi config set "
                f"--stack {name} apiUrl, and the same with --secret for apiserverKey and apiserverSecret "
                "(docs/adoption.md); of a shard it is a link (docs/shards.md)"
            )
        found = [each for each in tenant_files(root, part.environment) if each[1].suffix == ".yaml"]
        tenants = {path.stem: path.read_text(encoding="utf-8") for _, path in found}
        homes = {path.stem: shard for shard, path in found}
        text = path.read_text(encoding="utf-8")
        text = text if text.endswith("\n") else f"{text}\n"
        return cls(part.environment, text, tenants, part.shard, homes, tuple(shards_of(root, part.environment)))

    def file_of(self, tenant: str) -> str:
        """Where a tenant's file is, or is to be."""
        return file_of(self.name, tenant, self.homes.get(tenant, self.shard))

    @property
    def settings(self) -> Mapping[str, Any]:
        """The stack's settings as they stand there; empty if there are none yet."""
        found = (mapping_of(self.stack).get("config") or {}).get(STACK)
        return found if isinstance(found, dict) else {}

    @property
    def api_host(self) -> str:
        """The host of the API; empty if the file does not say it."""
        url = (mapping_of(self.stack).get("config") or {}).get(f"{PROJECT}:apiUrl")
        return urlsplit(str(url or "")).hostname or ""

    @property
    def is_bare(self) -> bool:
        """Whether the file says where the server is, and nothing of the stack yet."""
        return STACK not in (mapping_of(self.stack).get("config") or {})

    def missing(self, secrets: Iterable[str]) -> list[str]:
        """Those of the secrets' keys, like `imageToken` and `identityProviderSecrets.okta`, that the file has not, or
        only a placeholder for."""
        blank = (None, {"secure": PLACEHOLDER})
        return [key for key in dict.fromkeys(secrets) if secret_in(self.stack, key) in blank]

    def companies(self) -> dict[str, str]:
        """The names of the tenants that have a file, by their companies' ids and names."""
        found: dict[str, str] = {}
        granted = self._adoptions()
        for name, text in self.tenants.items():
            said = mapping_of(text)
            found |= {str(said[key]): name for key in ("company", "companyId") if said.get(key)}
            found |= {str(granted[name]): name} if said.get("adopt") and granted.get(name) else {}
        return found

    def names_by_id(self) -> dict[str, str]:
        """What the files call companies that they know by their ids, their own or those of the stack's `adoptions`."""
        found: dict[str, str] = {}
        granted = self._adoptions()
        for tenant, text in self.tenants.items():
            said = mapping_of(text)
            identifier = said.get("companyId") or (granted.get(tenant) if said.get("adopt") else None)
            if identifier and said.get("company"):
                found[str(identifier)] = str(said["company"])
        return found

    def _adoptions(self) -> Mapping[str, object]:
        """Companies' ids by the tenants that the stack's file gives them."""
        found = self.settings.get("adoptions")
        return found if isinstance(found, dict) else {}

    def contexts(self) -> list[str]:
        """The contexts that the files name, the server's first."""
        workers = [self.settings, *map(mapping_of, self.tenants.values())]
        named = [self.settings.get("kubeContext"), *map(context_of_workers, workers)]
        return [str(each) for each in dict.fromkeys(named) if each]

    def admins(self) -> list[str]:
        """The addresses of these tenants' admins."""
        said = [mapping_of(text).get("admin") for text in self.tenants.values()]
        return [str(each["email"]) for each in said if isinstance(each, dict) and each.get("email")]


def context_of_workers(settings: Mapping[str, Any]) -> str:
    """Where a stack's settings or a tenant's file have `workers`, if that is a context of the operator's kubeconfig."""
    workers = settings.get("workers")
    is_context = isinstance(workers, Mapping) and not workers.get("kubeconfig")
    return str(workers.get("kubeContext") or "") if is_context and isinstance(workers, Mapping) else ""
