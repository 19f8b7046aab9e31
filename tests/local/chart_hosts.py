"""Where charts are kept from strangers: the reference OCI registry, and a file server with basic auth, both on TLS.

Neither is ours: `registry` of distribution/distribution, and WsgiDAV. The certificates are of an authority that only
who is told `SSL_CERT_FILE` trusts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import bcrypt
import httpx
import trustme
import yaml

from local.cluster.ports import free_port
from local.toolchain import install_tools
from rehearsal import chart_repository
from tests.local.own_cluster import ROOT

USER, TOKEN = "robot", "PLANTED-chart-token-4"
CHARTS = ROOT / "local" / "charts"
VERSIONS = {
    "clearml-enterprise": "11.0.2",
    "clearml-enterprise-agent": "6.14.6",
    "clearml-enterprise-app-gateway": "3.2.0",
}


@dataclass(frozen=True)
class ChartHost:
    """`address` of the place with all charts in it, without a path; `authority` is who vouches for it."""

    address: str
    authority: Path

    @property
    def host(self) -> str:
        return self.address.partition("://")[2]


@contextmanager
def oci_registry(folder: Path) -> Iterator[ChartHost]:
    """A registry that gives its charts, under `charts/`, to USER with TOKEN."""
    certificate = _certificate(folder)
    hashed = bcrypt.hashpw(TOKEN.encode(), bcrypt.gensalt(4)).decode()
    (folder / "htpasswd").write_text(f"{USER}:{hashed}\n")
    port = free_port()
    settings = {
        "version": "0.1",
        "log": {"level": "warn"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "registry")}},
        "http": {"addr": f"127.0.0.1:{port}", "tls": {"certificate": str(certificate), "key": str(certificate)}},
        "auth": {"htpasswd": {"realm": "charts", "path": str(folder / "htpasswd")}},
    }
    (folder / "registry.yaml").write_text(yaml.safe_dump(settings))
    tool = install_tools(["registry"])["registry"].path
    host = ChartHost(f"oci://localhost:{port}", folder / "authority.pem")
    with _serving([str(tool), "serve", str(folder / "registry.yaml")], host, folder):
        _push(host, folder)
        yield host


@contextmanager
def https_repository(folder: Path, charts: Path = CHARTS) -> Iterator[ChartHost]:
    """A repository that gives these charts to USER with TOKEN."""
    certificate = _certificate(folder)
    chart_repository.fill(folder / "charts", charts, VERSIONS.items())
    port = free_port()
    settings = {
        "host": "127.0.0.1",
        "port": port,
        "provider_mapping": {"/": {"root": str(folder / "charts"), "readonly": True}},
        "http_authenticator": {"domain_controller": None, "accept_basic": True, "accept_digest": False},
        "simple_dc": {"user_mapping": {"*": {USER: {"password": TOKEN}}}},
        "server": "cheroot",
        "ssl_certificate": str(certificate),
        "ssl_private_key": str(certificate),
        "logging": {"enable": False},
    }
    (folder / "wsgidav.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "wsgidav.server.server_cli", "--config", str(folder / "wsgidav.json")]
    host = ChartHost(f"https://localhost:{port}", folder / "authority.pem")
    with _serving(command, host, folder):
        yield host


def _certificate(folder: Path) -> Path:
    """Of localhost, with its key in the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    authority.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "own.pem"))
    return folder / "own.pem"


@contextmanager
def _serving(command: list[str], host: ChartHost, folder: Path) -> Iterator[None]:
    """The server, once it answers, which to a stranger is that he is one."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=_environment(folder))
    try:
        until = time.monotonic() + 60
        path = "v2/" if host.address.startswith("oci") else "index.yaml"
        while _status(f"https://{host.host}/{path}") != httpx.codes.UNAUTHORIZED:
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _environment(folder: Path) -> dict[str, str]:
    # The registry tells a collector of traces what it does unless it is told that there is none.
    return {**os.environ, "HOME": str(folder), "OTEL_TRACES_EXPORTER": "none"}


def _status(url: str) -> int:
    try:
        return httpx.get(url, verify=False, timeout=5, trust_env=False).status_code  # noqa: S501 - whether it is up
    except httpx.HTTPError:
        return 0


def _push(host: ChartHost, folder: Path) -> None:
    """As ClearML does, with helm."""
    chart_repository.fill(folder / "packed", CHARTS, VERSIONS.items())
    helm = str(install_tools(["helm"])["helm"].path)
    flags = ["--ca-file", str(host.authority), "--registry-config", str(folder / "helm.json")]

    def run(*arguments: str, given: str = "") -> None:
        subprocess.run(
            [helm, *arguments, *flags],
            input=given,
            env=_environment(folder),
            check=True,
            text=True,
            capture_output=True,
        )

    run("registry", "login", host.host, "--username", USER, "--password-stdin", given=TOKEN)
    for name, version in VERSIONS.items():
        run("push", str(folder / "packed" / f"{name}-{version}.tgz"), f"{host.address}/charts")
