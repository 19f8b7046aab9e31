"""The one error of the configuration: every error that was found in its files, one line each."""

from __future__ import annotations

from collections.abc import Iterable

from settings.finding import Finding


class ConfigurationError(Exception):
    """What is asked for cannot be deployed; `str()` is one line per finding."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        # Two checks may come to the same line by different ways.
        self.findings = tuple(dict.fromkeys(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))
