"""No credential in plain text among what is sent to a cluster.

Pulumi unwraps secrets before a policy sees them, so none can ask whether a value is one. What it can ask is where a
value stands: here are the places that this program fills, always with secrets (test_program_secrets.py, of the unit
tests), and whatever looks like a credential anywhere else was written by somebody in plain text. Kubernetes Secrets are
left out: their provider keeps them encrypted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy.declaration import Declaration, Violation
from settings.types.naming import KUBERNETES, SECRET
from settings.types.secrets.looks import secret_looks

# Below a release's `values`: what the server's and the gateway's charts take as values only (contract 4.1, 4.3).
_PLACES = frozenset(
    {
        *(
            f"clearml.{part}{end}"
            for part in ("apiserver", "fileserver", "testUser", "api")
            for end in ("Key", "Secret")
        ),
        "clearml.secureAuthTokenSecret",
        "mongodb.auth",
        "redis.auth",
        "elasticsearch.secret",
        "externalServices",
    }
)
# Who signs in where a release's chart is; its password is a secret of the stack (`components/charts/access.py`).
_LOGIN = "repositoryOpts"
_VARIABLES = frozenset(
    {
        # An access key, which is a name: it rolls the pods when it changes.
        "CLEARML_TENANTS_ACCESS_KEY",
    }
)


def plain_credentials(declared: Declaration) -> Iterator[Violation]:
    """Every text in an object of a cluster, or in a release's values, that looks like a credential."""
    if not declared.type.startswith(KUBERNETES) or declared.type == SECRET:
        return
    for part, value in declared.props.items():
        rest = _without_ours(value, "") if part == "values" else _without_login(value) if part == _LOGIN else value
        for key in secret_looks(rest, part):
            text = (
                f"{declared.name}: {key} looks like a credential in plain text (not shown): put it into a Secret and "
                "name that"
            )
            yield Violation(text, declared.urn)


def _without_login(value: object) -> object:
    return {key: each for key, each in value.items() if key != "password"} if isinstance(value, Mapping) else value


def _without_ours(value: object, path: str) -> object:
    """`value` without what stands at our places; entries of lists keep theirs."""
    if path in _PLACES:
        return None
    if isinstance(value, Mapping):
        if value.get("name") in _VARIABLES:
            return {}
        return {key: _without_ours(each, f"{path}.{key}".removeprefix(".")) for key, each in value.items()}
    return [_without_ours(each, f"{path}[]") for each in value] if isinstance(value, list) else value
