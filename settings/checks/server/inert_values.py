"""Free values of the server's chart that reach nothing, since its version or another value says so (contract 4.1).

Helm takes each without a word, and no page of the chart's says which it leaves unread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.server.release import Server
from settings.models.stack import StackSettings
from settings.types.versions import DRAGONFLY_SINCE, OTHER_MONGODB_SINCE, at_least

_FREE = "server.extraValues"
# Where one of these names the configuration files, the chart reads no other.
_FILES = ("existingAdditionalConfigsConfigMap", "existingAdditionalConfigsSecret")
_SECTIONS = (
    *("apiserver", "webserver", "fileserver", "clearml", "clearmlApplications", "elasticsearch", "mongodb"),
    *("mckMongodb", "redis", "dragonfly", "externalServices", "imageCredentials", "global", "usageAggregator"),
)
# What the public chart knows in each of its own parts; the enterprise one may know more.
_PARTS = ("apiserver", "fileserver", "webserver")
_OF_PART = (
    *("enabled", "image", "service", "replicaCount", "initContainers", "ingress", "processes", "extraEnvs", "storage"),
    *("deploymentAnnotations", "podAnnotations", "resources", "nodeSelector", "tolerations", "affinity"),
    *("podSecurityContext", "containerSecurityContext", "serviceAccountName", "serviceAccountAnnotations"),
    *("additionalConfigs", "additionalVolumes", "additionalVolumeMounts", "prepopulateEnabled"),
    *("existingAdditionalConfigsConfigMap", "existingAdditionalConfigsSecret"),
)
_KEYS = (
    "makes the chart take every internal key from that Secret, and none that is set here; its apiserver_key and "
    "apiserver_secret have to be what apiserverKey and apiserverSecret are, or this program cannot sign in"
)


@check("the server's chart reads the values that are written for it")
def check_inert_values(facts: Facts) -> Iterator[Finding]:
    """What is written in vain."""
    if (settings := facts.settings) is None:
        return
    if settings.charts.server.version:
        yield from _cache(facts, settings.server, settings.charts.server.version)
        yield from _mongodb(settings, settings.charts.server.version, facts.secrets)
    yield from _files(settings.server)
    yield from _misspelt(settings.server)
    if _free(settings.server, "clearml", "existingSecret"):
        yield Finding(setting("", f"{_FREE}.clearml.existingSecret"), _KEYS, WARNING)


def _misspelt(server: Server) -> Iterator[Finding]:
    """Sections that differ from the chart's own by capitals alone: Helm tells the two apart."""
    for key in server.extra_values:
        own = next((each for each in _SECTIONS if each.lower() == key.lower()), key)
        if own != key:
            text = f"is no section of the chart, which tells capitals apart, so nothing of it is read; write {own}"
            yield Finding(setting("", f"{_FREE}.{key}"), text, WARNING)
    for part in _PARTS:
        given = server.extra_values.get(part)
        for key in given if isinstance(given, Mapping) else ():
            own = next((each for each in _OF_PART if _folded(each) == _folded(key)), key)
            if own != key:
                text = f"is no key of the chart that is known here, which tells such names apart; did you mean {own}?"
                yield Finding(setting("", f"{_FREE}.{part}.{key}"), text, WARNING)


def _folded(key: str) -> str:
    """The same for what people take for one name: in other letters, of one or of several."""
    return key.lower().replace("_", "").replace("-", "").removesuffix("s")


def _cache(facts: Facts, server: Server, version: str) -> Iterator[Finding]:
    """From 11 on Dragonfly is in the place of Redis."""
    newer = at_least(version, *DRAGONFLY_SINCE)
    unread, brought = ("redis", "dragonfly") if newer else ("dragonfly", "redis")
    said = f"charts {'from 11 on' if newer else 'before 11'}, like {version!r}, bring {brought} and read nothing of it"
    if _free(server, unread):
        yield Finding(setting("", f"{_FREE}.{unread}"), f"{said}; write {brought}, or take it out", WARNING)
    if newer and "redisAuth" in facts.secrets:
        text = f"sets redis.auth, and {said}; take it out, and close the way to it by the network"
        yield Finding(facts.stack_key("redisAuth"), text, WARNING)


def _mongodb(settings: StackSettings, version: str, secrets: Collection[str]) -> Iterator[Finding]:
    """The earlier one, which a later chart or a MongoDB elsewhere turns off."""
    asked = settings.server.mongodb.enabled
    elsewhere = any(key.startswith("mongodbConnectionString") for key in secrets)
    is_on = asked if asked is not None else not (elsewhere or at_least(version, *OTHER_MONGODB_SINCE))
    if not is_on and _free(settings.server, "mongodb"):
        text = (
            "is of the chart's earlier MongoDB, which is off here, so nothing of it is read; write mckMongodb for the "
            "later one, server.mongodb: {enabled: true} while the earlier one has the data, or take it out"
        )
        yield Finding(setting("", f"{_FREE}.mongodb"), text, WARNING)


def _files(server: Server) -> Iterator[Finding]:
    providers = server.identity_providers
    ldap = providers.ldap
    ours = any(saml.metadata for _, saml in providers.by_saml()) or bool(ldap and ldap.tls.authority)
    left_out = "the files of server.identityProviders" if ours else "additionalConfigs"
    if ours or _free(server, "apiserver", "additionalConfigs"):
        for key in _FILES:
            if _free(server, "apiserver", key):
                text = f"makes the chart leave out {left_out}; put all files into one of the two places"
                yield Finding(setting("", f"{_FREE}.apiserver.{key}"), text)


def _free(server: Server, *place: str) -> object:
    """The free value there; None where there is none."""
    value: object = server.extra_values
    for key in place:
        value = value.get(key) if isinstance(value, dict) else None
    return value
