"""Which parts of the server a declared Secret's new value restarts: those whose free values name it.

Databases are left out: one keeps the password that it was made with, whatever its Secret says, and a restart would only
show that. The apiserver restarts in their place, as it signs in there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.values.environment import EnvironmentVariable
from components.values.secrets.namespace import NamespaceSecrets
from settings.models.server.release import Server
from settings.types.naming import PROJECT

# ASSUMPTION (contract 4.1): the enterprise chart has `fileserver.podAnnotations`, as the public one does.
_ANNOTATION = f"{PROJECT}/secrets"
_WITH_PODS = ("webserver", "fileserver", "clearmlApplications")
_APPLICATIONS = "clearmlApplications"
_VARIABLES = "extraEnvs"


def apiserver_rolls(server: Server, secrets: NamespaceSecrets) -> list[EnvironmentVariable]:
    """What changes the apiserver's pods, which stand for the databases' too."""
    others = [value for name, value in server.extra_values.items() if name not in _WITH_PODS]
    return secrets.rolled(server.apiserver.extra_envs, others)


def webserver_rolls(server: Server, secrets: NamespaceSecrets) -> list[EnvironmentVariable]:
    """What changes the webserver's pods."""
    return secrets.rolled(server.webserver.extra_envs, server.extra_values.get("webserver"))


def fileserver_annotations(server: Server, secrets: NamespaceSecrets) -> dict[str, Any]:
    """Values of the part `fileserver`, whose pods take annotations."""
    found = secrets.rolled(server.extra_values.get("fileserver"))
    return {"podAnnotations": {_ANNOTATION: found[0]["value"]}} if found else {}


def with_applications(values: Mapping[str, Any], server: Server, secrets: NamespaceSecrets) -> dict[str, Any]:
    """The values; in them the applications' own list of variables, which is free, ends with what changes their pods."""
    found = secrets.rolled(server.extra_values.get(_APPLICATIONS))
    own = values.get(_APPLICATIONS, {})
    listed = own.get(_VARIABLES, [])
    if not found or not isinstance(listed, list | tuple):
        return dict(values)
    return {**values, _APPLICATIONS: {**own, _VARIABLES: [*listed, *found]}}
