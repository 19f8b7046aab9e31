"""The setting that a value or a variable of ours comes from: for whoever writes the same as a free value. Pure."""

from __future__ import annotations

import re

# By the place in a chart's values; the longest that holds a place counts. Places of the three charts do not meet.
_OF_VALUES = {
    "clearml": "the secret of that name (pulumi config set --secret)",
    "clearml.cookieDomain": "baseDomain",
    "clearml.cookieName": "server.cookieName",
    "clearml.authCookieName": "the stack's server.cookieName",
    **{f"{part}.ingress": f"server.{part}.ingress" for part in ("apiserver", "webserver", "fileserver")},
    **{f"{part}.ingress.hostName": f"server.{part}.host" for part in ("apiserver", "webserver", "fileserver")},
    **{f"{part}.service.type": f"server.{part}.serviceType" for part in ("apiserver", "webserver", "fileserver")},
    "apiserver.logCalls": "server.apiAudit",
    "apiserver.additionalConfigs": "server.identityProviders",
    "fileserver.enabled": "server.fileserver",
    "webserver.displayedServerURLs": "server.fileserver.externalUrl",
    "clearmlApplications.enabled": "server.applications.enabled",
    "clearmlApplications.queueMode": "server.queueMode",
    "clearmlApplications.fileServerUrlReferenceOverride": "server.fileserver.externalUrl",
    "mongodb": "server.mongodb",
    "mongodb.auth": "the secret mongodbAuth",
    "mckMongodb": "server.mongodb",
    "redis": "server.redis",
    "redis.auth": "the secret redisAuth",
    "dragonfly": "server.redis",
    "elasticsearch": "the secret elasticsearchConnectionString",
    "elasticsearch.secret": "the secret elasticsearchSecret",
    "externalServices": "the secret of that name (pulumi config set --secret)",
    "externalServices.redisHost": "server.redis",
    "externalServices.redisPort": "server.redis",
    "usageAggregator": "server.usageAggregator",
    "usageScripts": "server.usageScripts",
    "agentk8sglue": "the agent's own key of that name",
    "fullnameOverride": "releaseName",
    "service.type": "the gateway's serviceType",
    "ingress": "the gateway's ingress",
    "ingress.enabled": "the gateway's hostName, or externalUrl in its place",
    "ingress.hostName": "the gateway's hostName",
    "externalURL": "the gateway's externalUrl",
    "streamSession": "the gateway's streamSession",
    "tcpSession": "the gateway's streamSession",
}
# By what a variable's path begins with, as the server reads it; a name with another prefix is its path.
_OF_VARIABLES = {
    r"services\.organization\.features": "features",
    r"services\.auth\.ui_features_per_role": "uiFeaturesPerRole",
    r"services\.auth\.default_groups": "groups",
    r"apiserver\.company\.unique_names": "server.uniqueNames",
    r"secure\.credentials\.supervisor\.user_(?:key|secret)": "the secrets supervisorKey and supervisorSecret",
    r"secure\.credentials\.supervisor|services\.workers\.resource_usages": "server.supervisor",
    r"secure\.credentials\.apiserver": "the secrets apiserverKey and apiserverSecret",
    r"secure\.auth\.token_secret": "the secret secureAuthTokenSecret",
    r"services\.login\.sso\.(?:tenant_login|allow_settings_providers)": "server.multiTenantLogin",
    r"(?:secure|services)\.login\.sso": "server.identityProviders",
    r"(?:secure|apiserver\.auth)\.fixed_user(?:s|_providers)": "server.identityProviders",
    r"apiserver\.auth\.credentials\.default_expiration_sec": "server.keyLifetimeSeconds",
    r"apiserver\.auth\.cookies\.domain": "baseDomain",
    r"apiserver\.auth\.session_auth_cookie_name": "server.cookieName",
    r"apiserver\.(?:log_calls|apilog|endpoints\._default)": "server.apiAudit",
    r"webserver\.onlypasswordlogin": "server.multiTenantLogin",
    r"webserver\.filebaseurl": "server.fileserver.externalUrl",
    r"router\.http\.authorization\.cookie": "the gateway's externalUrl, with https://",
}
_VARIABLES = {re.compile(rf"(?:{path})(?:\.|\Z)"): origin for path, origin in _OF_VARIABLES.items()}


def setting_of_value(place: str) -> str:
    """What to write in place of the chart's value at `place`, like `clearml.cookieName`; empty if nothing is known."""
    while place and place not in _OF_VALUES:
        place = place.rpartition(".")[0]
    return _OF_VALUES.get(place, "")


def setting_of_variable(path: tuple[str, ...]) -> str:
    """What to write in place of a variable that the server reads as `path`; empty if nothing is known."""
    joined = ".".join(filter(None, path)).lower().replace("__", ".")
    return next((origin for pattern, origin in _VARIABLES.items() if pattern.match(joined)), "")
