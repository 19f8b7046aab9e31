"""What has to be done about charts before the engine asks for the first."""

from __future__ import annotations

from components.charts.helm_sign_in import sign_helm_in
from components.charts.verify import verify_charts
from settings.loading.load import Environment


def prepare_charts(environment: Environment) -> None:
    """Ask for each, and sign helm in where it has to be. Raises ConfigurationError for charts that cannot be had."""
    verify_charts(environment)
    sign_helm_in(environment)
