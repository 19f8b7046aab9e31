"""Pure: where the values of a worker's release have its key, as charts of several years do."""

from __future__ import annotations

from collections.abc import Mapping

# Of an agent, and of gateways.
ACCESS_KEYS = ("agentk8sglueKey", "apiKey", "apiServerKey", "apiserverKey")
SECRET_KEYS = ("agentk8sglueSecret", "apiSecret", "apiServerSecret", "apiserverSecret")


def access_key_in(values: Mapping[str, object]) -> str:
    """The access key, or empty where a Secret holds it, or the release is no worker's."""
    section = values.get("clearml")
    found = [section.get(each) for each in ACCESS_KEYS] if isinstance(section, Mapping) else []
    return next((each for each in found if isinstance(each, str) and each), "")
