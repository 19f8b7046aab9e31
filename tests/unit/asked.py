"""A project folder with one stack and its tenants, for tests to spoil."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from settings.errors import ConfigurationError
from settings.loading.load import Environment, load

STACK = """\
encryptionsalt: v1:abc
config:
  pulumi:disable-default-providers: [kubernetes]
  clearml-tenants:apiUrl: https://api.clearml.example.com
  clearml-tenants:apiserverKey:
    secure: v1:aaa
  clearml-tenants:apiserverSecret:
    secure: v1:bbb
  clearml-tenants:supervisorKey:
    secure: v1:ccc
  clearml-tenants:supervisorSecret:
    secure: v1:ddd
  clearml-tenants:stack:
    baseDomain: clearml.example.com
    kubeContext: somewhere
    charts:
      server: {chart: ./server}
      agent: {chart: ./agent}
      gateway: {chart: ./gateway}
    server:
      cookieName: clearml_token_basic
      supervisor: {email: supervisor@example.com}
"""

# It also says which addresses are the cluster's own, and where packages come from: without, there are warnings.
WITH_ADDRESSES = f"""{STACK}\
    isolation:
      network:
        cluster: {{pods: [10.244.0.0/16], services: [10.96.0.0/12], nodes: [192.168.7.0/24]}}
        allow: [{{namespace: mirror, ports: [8081]}}]
"""

TENANT = """\
company: Acme Inc.
admin: {name: Acme Admin, email: admin@acme.example}
signIn:
  domains: [acme.example]
  admins: [ann@partner.example]
  users: [bob@partner.example]
agent:
  queues: {default: {}}
gateway: {hostName: router.acme.clearml.example.com}
"""

SECOND = """\
company: Beta Ltd.
admin: {name: Beta Admin, email: admin@beta.example}
signIn: {domains: [beta.example]}
"""

STACK_FILE = "config/Pulumi.test.yaml"
ACME = "config/tenants/test/acme.yaml"
BETA = "config/tenants/test/beta.yaml"


def project(root: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """`root` with a valid stack `test` and its tenants acme and beta, some of whose files are replaced or added."""
    whole: dict[str, str | bytes] = {STACK_FILE: STACK, ACME: TENANT, BETA: SECOND, **(files or {})}
    for file, content in whole.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def load_project(root: Path, files: Mapping[str, str | bytes] | None = None) -> Environment:
    """The project with these files, as a run reads it."""
    return load(project(root, files), "test")


def warnings_of(root: Path, files: Mapping[str, str | bytes] | None = None) -> list[str]:
    """What is told of the project with these files, though it is taken."""
    return [str(each) for each in load_project(root, files).warnings]


def refusal(root: Path, files: Mapping[str, str | bytes]) -> str:
    """What is said of the project with these files."""
    with pytest.raises(ConfigurationError) as error:
        load_project(root, files)
    return str(error.value)
