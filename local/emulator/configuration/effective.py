"""The running server's configuration: its own files' defaults, the environment laid over them, read once and typed."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.emulator.configuration.environment import Tree, merge, read_environment
from local.emulator.roles import ROLES

# What the real server's files hold and this one reads (contract 1.2, 3). Internal keys are empty until configured.
_DEFAULTS: Tree = {
    "apiserver": {
        "default_company": "d1bd92a3b039400cbafc60a7a5b1e52b",
        "default_company_name": "clearml",
        "version": {"required": False, "check_max_version": False},
        "auth": {
            "session_auth_cookie_name": "clearml_token_basic",
            "default_expiration_sec": 2_592_000,
            "max_expiration_sec": 31_536_000,
            "delete_missing_autocreated_users": True,
            "credentials": {"default_expiration_sec": 0},
            "cookies": {"domain": None, "max_age": 99_999_999_999},
        },
        "company": {"unique_names": False},
        "getting_started_info": {"agentName": "clearml-agent", "packageName": "clearml"},
    },
    "secure": {
        "auth": {"token_secret": ""},
        "credentials": {
            "apiserver": {"role": "system", "user_key": "", "user_secret": ""},
            "fileserver": {"role": "system", "user_key": "", "user_secret": ""},
            "webserver": {"role": "system", "user_key": "", "user_secret": ""},
            "services_agent": {"role": "admin", "user_key": "", "user_secret": ""},
            "tests": {"role": "user", "display_name": "Default User", "user_key": "", "user_secret": ""},
        },
    },
    "services": {
        "organization": {"features": {}},
        "auth": {
            "default_groups": {
                "users": {"id": "users", "name": "users", "assignable": False, "system": True},
                "admins": {"id": "admins", "name": "admins", "assignable": True, "system": True},
                "queue_admins": {"id": "queue_admins", "name": "queue_admins", "assignable": True, "system": True},
            },
            "ui_features_per_role": {},
        },
        "login": {"sso": {"tenant_login": False}},
    },
}


@dataclass(frozen=True)
class ConfiguredUser:
    """One entry of `secure.credentials`: an identity of the default company that exists while it is configured."""

    name: str
    role: str
    email: str
    key: str
    secret: str = field(repr=False)
    groups: tuple[str, ...] | None
    allow_login: bool
    display_name: str

    @property
    def id(self) -> str:
        return f"__{self.name}__"


@dataclass(frozen=True)
class Group:
    """One group of `services.auth.default_groups`; `features` is None where no list is given."""

    key: str
    id: str | None
    name: str
    features: frozenset[str] | None
    assignable: bool
    system: bool


@dataclass(frozen=True)
class Configuration:
    """What the endpoints read; `complaints` are lines about entries the real server would fail on or not see."""

    tree: Tree = field(repr=False)
    users: tuple[ConfiguredUser, ...]
    groups: Mapping[str, Group]
    complaints: tuple[str, ...]

    def get(self, path: str, default: Any = None) -> Any:  # noqa: ANN401 - any HOCON value
        """The value at a dotted path of the whole tree, secure section included."""
        value: Any = self.tree
        for key in path.split("."):
            if not isinstance(value, dict) or key not in value:
                return default
            value = value[key]
        return value

    @property
    def default_company(self) -> str:
        return str(self.get("apiserver.default_company"))

    @property
    def unique_names(self) -> bool:
        return bool(self.get("apiserver.company.unique_names"))

    @property
    def organization_features(self) -> dict[str, bool]:
        return {str(name): bool(on) for name, on in _tree(self.get("services.organization.features")).items()}

    def hidden_features(self, role: str) -> frozenset[str]:
        """Features that the web interface hides from a role."""
        per_role = _tree(self.get(f"services.auth.ui_features_per_role.{role}"))
        return frozenset(name for name, shown in per_role.items() if not shown)

    def protects(self, user_id: str) -> bool:
        """Whether a user id is that of a configured identity, which makes and revokes no credentials."""
        return user_id.strip("_") in _tree(self.get("secure.credentials"))


def read_configuration(environment: Mapping[str, str]) -> Configuration:
    """Read the whole configuration from the environment. Raises EnvironmentValueError."""
    tree = copy.deepcopy(_DEFAULTS)
    merge(tree, read_environment(environment))
    complaints: list[str] = []
    users = tuple(_users(_tree(tree["secure"].get("credentials")), complaints))
    groups = {group.key: group for group in _groups(_tree(tree["services"]["auth"].get("default_groups")), complaints)}
    return Configuration(tree, users, groups, tuple(complaints))


def _tree(value: object) -> Tree:
    return value if isinstance(value, dict) else {}


def _users(entries: Tree, complaints: list[str]) -> Iterator[ConfiguredUser]:
    for name, entry in entries.items():
        path = f"secure.credentials.{name}"
        if not isinstance(entry, dict) or entry.get("role") not in ROLES:
            complaints.append(f"{path}.role: missing or not a role: this identity does not exist")
            continue
        wrong = [key for key in ("user_key", "user_secret", "email") if not isinstance(entry.get(key) or "", str)]
        for key in wrong:
            complaints.append(f"{path}.{key}: a {type(entry[key]).__name__}, not a string: quote it; no key is set")
        groups = entry.get("sec_groups")
        yield ConfiguredUser(
            name=name,
            role=entry["role"],
            email=f"{name}@example.com" if "email" in wrong else entry.get("email") or f"{name}@example.com",
            key="" if wrong else entry.get("user_key") or "",
            secret="" if wrong else entry.get("user_secret") or "",
            groups=tuple(map(str, groups)) if isinstance(groups, list) else None,
            allow_login=bool(entry.get("allow_login")),
            display_name=str(entry.get("display_name") or name),
        )


def _groups(entries: Tree, complaints: list[str]) -> Iterator[Group]:
    for key, entry in entries.items():
        if not isinstance(entry, dict):
            complaints.append(f"services.auth.default_groups.{key}: not a group with properties: ignored")
            continue
        features = entry.get("features")
        if features is not None and not isinstance(features, list):
            complaints.append(f"services.auth.default_groups.{key}.features: not a list: taken as not set")
        identifier = entry.get("id")
        yield Group(
            key=key,
            id=None if identifier is None else str(identifier),
            name=str(entry.get("name") or key),
            features=frozenset(map(str, features)) if isinstance(features, list) else None,
            assignable=bool(entry.get("assignable", False)),
            system=bool(entry.get("system", False)),
        )
