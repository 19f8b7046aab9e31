"""Where the charts come from: what `clearml-tenants:stack.charts` may say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import normpath
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from settings.models.base import Settings
from settings.types.addresses import IPV6_IN_URL, host_in_url, without_port
from settings.types.registries import registry_of
from settings.types.secrets.url_login import holds_login, quoted
from settings.types.texts import Holds, matching
from settings.types.vocabulary import Text

EXAMPLE_DIGEST = f"sha256:{'0123456789abcdef' * 4}"
_HOST_AND_PORT = re.compile(rf"(?:{IPV6_IN_URL}|[A-Za-z0-9.-]+)(?::[0-9]{{1,5}})?")
_PATH = r"(?:/[A-Za-z0-9._~+-]+)*/?"
_REPOSITORY = re.compile(rf"https?://{_HOST_AND_PORT.pattern}{_PATH}")
_REMOTE = re.compile(rf"(?:oci|https?)://{_HOST_AND_PORT.pattern}{_PATH}")
_TAGGED = re.compile(rf"(oci://{_HOST_AND_PORT.pattern}{_PATH})(?::[^/@]+)?(?:@sha256:[0-9a-f]*)?")
_OF_STACKS = re.compile(r"(?:.*/)?config/(?:tenants(?:/|\Z)|Pulumi\.)", re.IGNORECASE)
_FIX = (
    "take it out, write charts.registry: {username: …}, and set the token with: pulumi config set --secret chartToken"
)


def _without_login(text: str) -> str:
    if holds_login(text):
        raise ValueError(f"{quoted(text)} holds a login or a token in plain text; {_FIX}")
    return text


def _chart(text: str) -> str:
    """A folder, an address without a version, or a name."""
    tagged = _TAGGED.fullmatch(text)
    if tagged and tagged[1] != text:
        raise ValueError(
            f"{tagged[1]!r} has a version or a digest behind it; write version: '11.0.2' and digest: sha256:… beside it"
        )
    _without_login(text)
    if not text or text != text.strip() or not text.isprintable() or ("://" in text and not _REMOTE.fullmatch(text)):
        raise ValueError(
            f"{quoted(text)} is not a chart: a folder, an address or a name; write it like "
            "oci://docker.io/clearml/clearml-enterprise"
        )
    if text.startswith(("-", "/", "~")) or ("://" not in text and ".." in text.split("/")):
        raise ValueError(
            f"{text!r} is outside of this project, where nobody reviews it, or an option to helm; write a chart in a "
            "folder like ./charts/agent"
        )
    return not_of_stacks(text)


def not_of_stacks(text: str) -> str:
    """A path that lies among the stacks' own files, whose authors are others, is refused. Raises ValueError."""
    if _OF_STACKS.match(normpath(text)):
        raise ValueError(
            f"{text!r} lies where tenants' and stacks' files are, which others may edit, and no plan of this stack "
            "tells of it; move it to a folder like ./charts/agent"
        )
    return text


def _repository(text: str) -> str:
    if _without_login(text).startswith("oci://"):
        raise ValueError(f"{quoted(text)} is a registry; write the whole of it as chart: oci://…, and no repository")
    if not _REPOSITORY.fullmatch(text):
        raise ValueError(f"{quoted(text)} is not a chart repository; write it like https://charts.example.com")
    return text


def _registry_host(text: str) -> str:
    host, port = without_port(text)
    if not _HOST_AND_PORT.fullmatch(text) or not host_in_url(host) or not 0 < int(port or 1) < 65536:
        raise ValueError(f"{quoted(text)} is not a registry's host; write it like registry.example.com:5000")
    return text.lower()


def _username(text: str) -> str:
    if not text or not text.isprintable() or ":" in text or text != text.strip():
        raise ValueError("is not a user of a registry: printable, without a colon; write it like allegroaienterprise")
    return text


def _registry_place(text: str) -> str:
    host, slash, path = text.removesuffix("/").partition("/")
    parts = path.split("/") if slash else []
    known = _HOST_AND_PORT.fullmatch(host) and host_in_url(without_port(host)[0])
    if not known or {"", ".", ".."} & set(parts) or not re.fullmatch(_PATH, f"{slash}{path}"):
        raise ValueError(f"{quoted(text)} is no place of charts or images; write it like registry.example.com/clearml")
    return "/".join((registry_of(host), *parts))


# A first start pulls gigabytes of images and migrates databases; Helm's own five minutes are too short for it.
USUAL_TIMEOUT = 900
Timeout = Annotated[int, Field(strict=False, ge=60, le=86_400, examples=["1800"])]
ChartPlace = Annotated[str, Holds("a chart: a name, a folder or an address"), AfterValidator(_chart)]
Repository = Annotated[str, Holds("a chart repository's address"), AfterValidator(_repository)]
Digest = Annotated[
    str,
    Holds("a digest"),
    matching("sha256:[0-9a-f]{64}", "is not a digest; write sha256: and 64 hexadecimal digits, as a registry does"),
]
RegistryHost = Annotated[str, Holds("a registry's host"), AfterValidator(_registry_host)]
RegistryPlace = Annotated[str, Holds("a place of charts or images"), AfterValidator(_registry_place)]
Username = Annotated[str, Holds("a user's name"), AfterValidator(_username)]


class ChartVersion(Settings):
    """Another version of the stack's chart."""

    version: Text = Field(description="The chart's exact version.", examples=["'6.14.6'"])
    digest: Digest | None = Field(
        default=None,
        description="The digest of the chart in that version, where it comes from `oci://…`.",
        examples=[EXAMPLE_DIGEST],
    )


class TenantCharts(Settings):
    """The versions that one tenant is ahead with: a canary goes first. Behind only as `tenantRules` let it."""

    agent: ChartVersion | None = Field(
        default=None, description="The version of the agents' chart.", examples=["{version: '6.14.6'}"]
    )
    gateway: ChartVersion | None = Field(
        default=None, description="The version of the gateway's chart.", examples=["{version: '3.2.0'}"]
    )


class Chart(Settings):
    """Where a release's chart comes from: a folder of this project (`./…`), `oci://…`, or a name in a `repository`."""

    chart: ChartPlace = Field(
        description="Where the chart is: `oci://…`, a folder of this project (`./…`), or a name in `repository`.",
        examples=["oci://docker.io/clearml/clearml-enterprise"],
    )
    version: Text | None = Field(
        default=None, description="The chart's exact version; not for a folder, which holds one.", examples=["'11.0.2'"]
    )
    digest: Digest | None = Field(
        default=None,
        description=(
            "Nothing else than what this digest names is installed, whatever the version's tag leads to by then; for "
            "`oci://…` only."
        ),
        examples=[EXAMPLE_DIGEST],
    )
    repository: Repository | None = Field(
        default=None,
        description="The chart repository, where `chart` is a name.",
        examples=["https://charts.example.com"],
    )
    timeout_seconds: Timeout | None = Field(
        default=None,
        description="For how long Helm waits until a release of this chart is ready, if not as long as for the others.",
        examples=["3600"],
    )

    @property
    def is_folder(self) -> bool:
        """A folder holds the one version that it is."""
        return self.chart.startswith(".")

    @property
    def address(self) -> str:
        """Where it is asked for: an address, or empty for a folder and for what only helm's own settings know."""
        place = self.chart if "://" in self.chart else self.repository or ""
        return "" if self.is_folder else place

    @property
    def host(self) -> str:
        """Host and port of its registry or repository, as `registry_of` writes them; empty without an address."""
        parts = urlsplit(self.address)
        return registry_of(parts.netloc, parts.scheme) if self.address else ""

    def at(self, other: ChartVersion | None) -> Chart:
        """The same chart in another version, if one is given; a digest is of one version only."""
        return self.model_copy(update={"version": other.version, "digest": other.digest}) if other else self


class Registry(Settings):
    """Who signs in where the charts are; the secret is the stack's `chartToken`.

    Charts at docker.io need neither this nor that secret where the stack has an `imageToken`, which is a token for
    both there.
    """

    host: RegistryHost | None = Field(
        default=None,
        description="The only host that is told user and token; if left out, the one where all charts are.",
        examples=["registry.example.com"],
    )
    username: Username | None = Field(
        default=None,
        description="Who signs in there; the token is the secret `chartToken`.",
        examples=["allegroaienterprise"],
    )


class Charts(Settings):
    """The three charts of the product, and who signs in where they are."""

    server: Chart = Field(
        description="The server's chart.",
        examples=["{chart: 'oci://docker.io/clearml/clearml-enterprise', version: '11.0.2'}"],
    )
    agent: Chart = Field(
        description="The agents' chart.",
        examples=["{chart: 'oci://docker.io/clearml/clearml-enterprise-agent', version: '6.14.6'}"],
    )
    gateway: Chart = Field(
        description="The gateways' chart.",
        examples=["{chart: 'oci://docker.io/clearml/clearml-enterprise-app-gateway', version: '3.2.0'}"],
    )
    registry: Registry | None = Field(
        default=None, description="Who signs in where the charts are.", examples=["{username: allegroaienterprise}"]
    )
    timeout_seconds: Timeout = Field(
        default=USUAL_TIMEOUT, description="For how long Helm waits until a release is ready."
    )

    def each(self) -> Mapping[str, Chart]:
        """The charts by their key."""
        return {"server": self.server, "agent": self.agent, "gateway": self.gateway}
