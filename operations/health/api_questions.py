"""What is asked of the API about workers: keys, and the people and accounts that have them. No call writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from components.clearml.api.calls import credentials, service_users, users
from components.clearml.api.client import Client
from components.clearml.api.errors import BadCredentials, ClearMLError, ConnectionLost, Unreachable, UntrustedServer
from components.clearml.api.models import KeyInfo, UserInfo

T = TypeVar("T")
# What one tenant meets of it, every other does.
_UNASKED = (Unreachable, UntrustedServer, ConnectionLost, BadCredentials)


class ApiQuestions:
    """Asks the API for keys and people; why it cannot be asked is found out once, whoever asks."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._keys: dict[str, Sequence[KeyInfo]] = {}
        self._owners: dict[str, str] = {}
        self.reason = ""

    def keys(self, user_id: str) -> tuple[Sequence[KeyInfo] | None, str]:
        """Those of a user, or None and why not."""
        if user_id in self._keys:
            return self._keys[user_id], ""
        found, unasked = self._ask(lambda: credentials.of_user(self._client, user_id))
        if found is not None:
            self._keys[user_id] = found
        return found, unasked

    def colleagues(self, user_id: str) -> tuple[Sequence[UserInfo] | None, str]:
        """All users of the user's company, or None and why not."""
        return self._ask(lambda: users.colleagues(self._client, user_id))

    def accounts(self, admin_id: str) -> Mapping[str, str]:
        """Names of service accounts by their ids; older servers know of none."""
        found = self._ask(lambda: service_users.of_company(self._client, admin_id))[0] or ()
        return {each.id: each.name for each in found}

    def owner(self, access_key: str) -> str:
        """Whose key it is, asked once for all tenants; empty where nobody tells."""
        if access_key not in self._owners:
            self._owners[access_key] = self._ask(lambda: credentials.owner(self._client, access_key))[0] or ""
        return self._owners[access_key]

    def _ask(self, ask: Callable[[], T]) -> tuple[T | None, str]:
        if not self.reason:
            try:
                return ask(), ""
            except _UNASKED as error:
                self.reason = self.reason or str(error)
            except ClearMLError as error:
                return None, str(error)
        return None, "the API cannot be asked"
