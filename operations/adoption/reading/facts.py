"""What was read of a server and a cluster: frozen, without calls. Values of releases may hold secrets: show none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from components.clearml.api.calls.service_user_models import ServiceUser
from components.clearml.api.calls.setting_models import InstanceAccess
from components.clearml.api.calls.sso_models import AllSettings, ProviderConfiguration
from components.clearml.api.models import KeyInfo, UserInfo
from operations.releases.worker_keys import ACCESS_KEYS, access_key_in

# What a company has of which the server says nothing.
NO_SETTINGS = AllSettings()
NO_ACCESS = InstanceAccess()
Kind = Literal["server", "agent", "gateway"]
Storage = Literal["Secret", "ConfigMap"]
# The enterprise charts, and the open ones of the same parts.
CHARTS: Mapping[str, Kind] = {
    "clearml-enterprise": "server",
    "clearml": "server",
    "clearml-enterprise-agent": "agent",
    "clearml-agent": "agent",
    "clearml-enterprise-app-gateway": "gateway",
}


_WORD = "clearml"
# What a mirror's chart of another name shows by its values: each has these.
_SHAPES: Mapping[Kind, tuple[str, ...]] = {
    "agent": ("agentk8sglue", "clearml"),
    "server": ("apiserver", "clearml"),
    "gateway": ("clearml", "ingress"),
}


@dataclass(frozen=True, eq=False)
class Release:
    """A release of one of the three charts; `values` are what Helm was given, `chart` and `version` its chart's.

    `storage`: where Helm keeps it. `context`: of the kubeconfig, where several clusters were read; else empty.
    `status` is the newest revision's; where that is not the one that runs, all else is of `running`. `tool`: what puts
    back what others change of it, like Flux.
    """

    namespace: str
    name: str
    chart: str
    version: str
    status: str
    values: Mapping[str, Any] = field(repr=False)
    storage: Storage = "Secret"
    context: str = ""
    running: int = 0
    tool: str = ""

    @property
    def kind(self) -> Kind:
        found = kind_of(self.chart, self.values)
        if found is None:
            raise ValueError(f"{self.chart}: is none of the three charts")
        return found

    @property
    def entry(self) -> str:
        """As the stack's `takeOver` names it."""
        return f"{self.namespace}/{self.name}"

    def __str__(self) -> str:
        return f"{self.entry} in {self.context}" if self.context else self.entry


@dataclass(frozen=True)
class Cluster:
    """What a cluster has: releases, labels of namespaces, and by namespace what is in them.

    `quotas` and `limits` are the objects' `spec`, by name; of Secrets and policies there are only names. `unread`: what
    the account of this kubeconfig may not list, and why. `uid` is the same by whichever context it is reached.
    `others` are releases of the product's other charts, a line each. `ending`: namespaces that are being deleted.
    """

    context: str
    releases: tuple[Release, ...] = ()
    namespaces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    quotas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    limits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    policies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    uid: str = ""
    others: tuple[str, ...] = ()
    ending: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SignInRules:
    """Who lands in a company; `unknown` are addresses whose role the server does not say, or that has no setting."""

    domains: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    consumers: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Company:
    """One company as the server tells of it; `users` and `rules` are None where it does not.

    `access`: who sees its applications. `accounts` are users for machines, which may be among `users` too. `keys` are
    those of all users and accounts, by their user's id.
    """

    id: str
    name: str
    user_count: int | None = None
    users: tuple[UserInfo, ...] | None = None
    settings: AllSettings = NO_SETTINGS
    rules: SignInRules | None = None
    keys: Mapping[str, tuple[KeyInfo, ...]] = field(default_factory=dict)
    providers: tuple[ProviderConfiguration, ...] = ()
    access: InstanceAccess = NO_ACCESS
    accounts: tuple[ServiceUser, ...] = ()

    @property
    def people(self) -> tuple[UserInfo, ...]:
        """The users that are no service accounts; none where the server does not tell."""
        accounts = {each.id for each in self.accounts}
        return tuple(each for each in self.users or () if each.id not in accounts)


@dataclass(frozen=True)
class Server:
    """A server: its companies but for its own, what its configuration says, and whose key is whose.

    `owners`: companies' ids by access key. `unread`: what the server did not tell, and why.
    """

    companies: tuple[Company, ...]
    configuration: Mapping[str, Any] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Note:
    """One thing that a person reads in the report: of a tenant, or of the stack where `tenant` is empty."""

    tenant: str
    kind: Literal["same", "change", "lost", "decide"]
    key: str
    text: str


def kind_of(chart: str, values: Mapping[str, Any]) -> Kind | None:
    """Which of the three a release's chart is: by its name, or, where a mirror gave it another, by its values."""
    if known := CHARTS.get(chart):
        return known
    if _WORD not in chart.lower():
        return None
    has = {key for key, each in values.items() if isinstance(each, Mapping)}
    kind = next((kind for kind, keys in _SHAPES.items() if has.issuperset(keys)), None)
    signs_in = any(texts_at(values, "clearml", each) for each in ACCESS_KEYS)
    return kind if kind != "gateway" or signs_in else None


def texts_at(values: Mapping[str, Any], *path: str) -> str:
    """The text at a path of a release's values; empty if there is none."""
    found: Any = values
    for each in path:
        found = found.get(each) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def access_key(release: Release) -> str:
    """The access key that a worker signs in with, as far as its values say it; empty if a Secret holds it.

    A server's release has the API's own key under such a name, which is nobody's.
    """
    if release.kind == "server":
        return ""
    if found := access_key_in(release.values):
        return found
    part = "agentk8sglue" if release.kind == "agent" else "router"
    section = release.values.get(part)
    listed = section.get("extraEnvs") if isinstance(section, Mapping) else None
    variables = [each for each in listed or () if isinstance(each, Mapping)]
    return next((str(each.get("value")) for each in variables if each.get("name") == "CLEARML_TENANTS_ACCESS_KEY"), "")
