"""What a release is told of its chart: where it is, in which version, who signs in there, how long it may take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.charts.files import digest_of
from settings.loading.chart_login import CHART_TOKEN, IMAGE_TOKEN, ChartLogin, login_of
from settings.loading.secrets import Secrets
from settings.models.charts import USUAL_TIMEOUT, Chart, Charts
from settings.types.registries import DOCKER_HUB, DOCKER_HUB_ITSELF, registry_of


@dataclass(frozen=True)
class ChartAccess:
    """Where there is a `login`, its `password` is an Output that the engine keeps encrypted."""

    login: ChartLogin | None = None
    password: pulumi.Input[str] | None = None
    timeout_seconds: int = USUAL_TIMEOUT
    _digests: dict[Chart, str | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, charts: Charts, secrets: Secrets) -> ChartAccess:
        """That of a stack with these charts and secrets."""
        passwords = {CHART_TOKEN: secrets.chart_token, IMAGE_TOKEN: secrets.image_token}
        login = login_of(charts, [key for key, password in passwords.items() if password is not None])
        return cls(login, passwords[login.secret] if login else None, charts.timeout_seconds)

    def place(self, chart: Chart) -> str:
        """The chart as helm is asked for it, its digest behind it."""
        digest = f"@{chart.digest}" if chart.digest else ""
        return f"{_reached(chart.chart) if self._login_for(chart) else chart.chart}{digest}"

    def timeout(self, chart: Chart) -> int:
        """For how many seconds Helm waits until a release of it is ready."""
        return chart.timeout_seconds or self.timeout_seconds

    def description(self, chart: Chart) -> str | None:
        """Of a chart in files of this project, which of them: Helm itself looks at its version only. Else None."""
        # Thousands of releases have one chart.
        if chart not in self._digests:
            self._digests[chart] = digest_of(chart)
        digest = self._digests[chart]
        return f"chart files sha256:{digest}" if digest else None

    def options(self, chart: Chart) -> dict[str, Any] | None:
        """Its repository, and the login if it is for that host; None if there is neither."""
        login = self._login_for(chart)
        if login is None:
            return {"repo": chart.repository} if chart.repository else None
        repository = {"repo": chart.repository} if chart.repository else {}
        return {**repository, "username": login.username, "password": pulumi.Output.secret(self.password)}

    def _login_for(self, chart: Chart) -> ChartLogin | None:
        return self.login if self.login and self.login.is_for(chart) else None


def _reached(chart: str) -> str:
    """Docker Hub by the one of its names at which a login is found.

    ASSUMPTION: the kubernetes plugin (4.27 to 4.32) keeps a login under the host as it is written, and its library asks
    for that of docker.io, which it reaches at registry-1.docker.io, under `https://index.docker.io/v1/`.
    """
    scheme, _, rest = chart.partition("://")
    host, slash, path = rest.partition("/")
    at_hub = scheme == "oci" and registry_of(host) == DOCKER_HUB
    return f"{scheme}://{DOCKER_HUB_ITSELF}{slash}{path}" if at_hub else chart
