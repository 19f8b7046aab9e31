"""No secret of any release's values reaches a file, whatever it is and wherever a chart takes it."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from components.clearml.api.models import UserInfo
from operations.adoption.file_texts import stack_text, tenant_text
from operations.adoption.files import Files
from operations.adoption.reading.facts import Cluster, Company, Release, Server
from operations.adoption.report import report
from operations.adoption.translation.plan import plan
from tests.operations.adoption.installation import STACK_FILE

_SECRET = st.text(string.ascii_letters + string.digits + "-_+/=#$ \"'\\|", min_size=6, max_size=30).map(
    lambda text: f"q7X{text}Z3w".strip()
)
# Where charts, and people, put secrets.
_SERVER = (
    *(("clearml", "apiserverSecret"), ("clearml", "secureAuthTokenSecret"), ("clearml", "fileserverSecret")),
    *(("imageCredentials", "password"), ("externalServices", "mongodbConnectionStringAuth")),
    *(("mongodb", "auth", "rootPassword"), ("redis", "auth", "password"), ("smtp", "auth", "password")),
    *(("apiserver", "additionalConfigs", "token"), ("webserver", "podAnnotations", "api-key")),
)
_AGENT = (
    *(("clearml", "agentk8sglueSecret"), ("imageCredentials", "password"), ("agentk8sglue", "git", "token")),
    *(("agentk8sglue", "basePodTemplate", "annotations", "password"), ("agentk8sglue", "labels", "secret")),
)
_VARIABLES = (
    "CLEARML__secure__credentials__supervisor__user_secret",
    "SMTP_PASSWORD",
    "GIT_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
)


def _values(secrets: Mapping[tuple[str, ...], str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for path, secret in secrets.items():
        found = values
        for each in path[:-1]:
            found = found.setdefault(each, {})
        found[path[-1]] = secret
    return values


def _variables(listed: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in listed.items()]


@settings(max_examples=60)
@given(
    server=st.dictionaries(st.sampled_from(_SERVER), _SECRET),
    agent=st.dictionaries(st.sampled_from(_AGENT), _SECRET),
    variables=st.dictionaries(st.sampled_from(_VARIABLES), _SECRET),
    overwritten=st.booleans(),
)
def test_no_secret_reaches_a_file(
    server: dict[tuple[str, ...], str],
    agent: dict[tuple[str, ...], str],
    variables: dict[str, str],
    overwritten: bool,
) -> None:
    """Also where a script, or a variable of another name, repeats it."""
    known = [*server.values(), *agent.values(), *variables.values()]
    repeated = {"RUN_BEFORE": f"curl -u me:{known[0]} https://example.com"} if known and overwritten else {}
    servers, agents = _values(server), _values(agent)
    servers.setdefault("apiserver", {})["extraEnvs"] = _variables({**variables, **repeated})
    agents.setdefault("agentk8sglue", {})["extraEnvs"] = _variables({**variables, **repeated})
    agents["agentk8sglue"]["containerCustomBashScript"] = f"login --as {known[-1] if known else 'nobody'}"
    cluster = Cluster(
        "paper",
        (
            Release("clearml", "clearml-enterprise", "clearml-enterprise", "10.9.4", "deployed", servers),
            Release("acme", "acme-agent", "clearml-enterprise-agent", "6.14.6", "deployed", agents),
        ),
        namespaces={"acme": {}},
    )
    people = (UserInfo(id="1" * 32, email="admin@acme.example", name="Acme Admin", role="admin"),)
    found = Server((Company("2" * 32, "Acme Inc.", 1, people),))
    files = Files("prod", STACK_FILE.format(url="https://api.clearml.example.com"))
    drawn = plan(found, (cluster,), files, ("key", "own-secret-of-the-api"))
    texts = [
        stack_text(files.stack, drawn.stack),
        *(tenant_text(each) for each in drawn.tenants.values()),
        report(drawn, [], [], []),
    ]
    for secret in known:
        for text in texts:
            assert secret not in text
            assert secret.replace("'", "''") not in text
