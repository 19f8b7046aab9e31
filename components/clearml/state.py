"""The one import path that Pulumi's state names: a resource keeps `provider("Domains")`, never the place of a class.

States written before this module was there name the classes themselves. The engine replaces such a path in a resource's
inputs at the next `up`, and in its outputs, by which it reads and deletes, only when it updates the resource. So every
path of then must lead to its class for ever: whoever moves a class leaves an import of it at the old place.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING

from components.clearml.api.errors import ClearMLError

if TYPE_CHECKING:
    from pulumi.dynamic import ResourceProvider

# By the name in the resource's type token. States hold these names: none is ever changed or removed; a class may move.
# Texts, so that a provider's process loads the class it needs and the classes' own base can import this module.
CLASSES = {
    "AdminUser": "components.clearml.admin_user.resource:AdminUserProvider",
    "AppAccess": "components.clearml.application_access.resource:ApplicationAccessProvider",
    "Company": "components.clearml.company.resource:CompanyProvider",
    "Credentials": "components.clearml.credentials.resource:CredentialsProvider",
    "Departures": "components.clearml.sign_in.removals:SignInRuleRemovalsProvider",
    "Domains": "components.clearml.sign_in.domains:DomainsProvider",
    "Features": "components.clearml.features:FeaturesProvider",
    "GroupIds": "components.clearml.group_ids:GroupIdsProvider",
    "KeyRevocations": "components.clearml.credentials.key_revocations:KeyRevocationsProvider",
    "ServiceAccount": "components.clearml.service_account.resource:ServiceAccountProvider",
    "Sso": "components.clearml.sso.resource:SsoProvider",
    "SurplusKeys": "components.clearml.credentials.stale_credentials:StaleCredentialsProvider",
    "WhitelistEntries": "components.clearml.sign_in.whitelist:WhitelistProvider",
}
_NAMES = {place: name for name, place in CLASSES.items()}


def provider(name: str) -> ResourceProvider:
    """A new provider, not configured yet, for what a state keeps under this name. Raises ClearMLError.

    States call this function by its path: neither its name nor its module's is ever changed.
    """
    if name not in CLASSES:
        raise ClearMLError(f"the state has a resource {name}, unknown to this version: run the version that wrote it")
    instance: ResourceProvider = resolve_name(CLASSES[name])()
    return instance


def name_of(cls: type[ResourceProvider]) -> str:
    """The name that states keep for this class. Raises TypeError if it has none: no state could be read again."""
    place = f"{cls.__module__}:{cls.__qualname__}"
    if place not in _NAMES:
        raise TypeError(f"{place} is not in components.clearml.state.CLASSES")
    return _NAMES[place]
