"""Where this checkout keeps its local environment: files under `.local/`, ports, and the variables its children get."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError

PROJECT = "clearml-tenants"
STACK = "local"
PASSPHRASE = "local"  # noqa: S105 - it protects stand-in credentials only, and is printed in the README
CLUSTER = "clearml-tenants"
DEFAULT_API_PORT = 8008
# As `settings.loading.shell` has it, which is not imported: a rehearsal runs an older copy's `settings` in a process
# with this one.
ONLY_STACK = "CLEARML_TENANTS_STACK"
KUBERNETES_PLUGIN = "CLEARML_TENANTS_KUBERNETES_PLUGIN"
# What a shell may hold for another cluster, helm, Pulumi backend or Python: it would win over our own. `KUBE` stands
# for what a pod is given, too.
_FOREIGN_PREFIXES = ("HELM_", "KUBE", "PULUMI_")
# The last one lets each process compile all packages anew.
FOREIGN_PYTHON = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSAFEPATH",
    "PYTHONOPTIMIZE",
    "PYTHONWARNINGS",
    "PYTHONDONTWRITEBYTECODE",
)


def _port(variable: str) -> int | None:
    text = os.environ.get(variable, "")
    if not text:
        return None
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise LocalError(f"{variable}={text!r} is not a port: give a number from 1 to 65535, or leave it unset")
    return int(text)


def _direct(variable: str) -> str:
    known = [host for host in os.environ.get(variable, "").split(",") if host]
    return ",".join(dict.fromkeys([*known, "127.0.0.1", "localhost"]))


def foreign_settings(variables: Mapping[str, str]) -> list[str]:
    """The names in `variables` that would win over what this checkout's environment runs with."""
    return sorted(name for name in variables if name.startswith(_FOREIGN_PREFIXES) or name in FOREIGN_PYTHON)


def forget_foreign_settings() -> None:
    """Drop them. PULUMI_HOME stays, to find official plugins in it; children get one of their own."""
    for name in foreign_settings(os.environ):
        if name != "PULUMI_HOME":
            del os.environ[name]


def _ports_file(data: Path) -> Path:
    return data / "ports.json"


def _last_ports(data: Path) -> Mapping[str, int]:
    """The ports of the last run by name, `api` and `control`; none where nothing ran, or the file is torn."""
    try:
        found = json.loads(_ports_file(data).read_text())
    except (OSError, ValueError):
        return {}
    return {name: port for name, port in found.items() if isinstance(port, int)} if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Checkout:
    """Paths and ports of one checkout's local environment; nothing here exists until a command makes it.

    `stack` is `local` but in a rehearsal, which runs another stack's files in an environment of its own.
    """

    root: Path
    data: Path
    api_port: int
    control_port: int | None
    stack: str = STACK

    @classmethod
    def current(cls) -> Checkout:
        """The checkout this code lies in; `LOCAL_DIR`, `API_PORT` and `CONTROL_PORT` override. Raises LocalError.

        A port that no variable gives is the one that the environment was last run on.
        """
        root = Path(__file__).resolve().parent.parent
        data = Path(os.environ.get("LOCAL_DIR") or root / ".local").absolute()
        last = _last_ports(data)
        api_port = _port("API_PORT") or last.get("api") or DEFAULT_API_PORT
        return cls(root, data, api_port, _port("CONTROL_PORT") or last.get("control"))

    def keep_ports(self) -> None:
        """Let later commands, in any shell, find the environment on the ports that it runs on now."""
        ports = {"api": self.api_port, "control": self.control_port}
        file = _ports_file(self.data)
        fresh = file.with_name(f".{file.name}.new")
        fresh.write_text(json.dumps({name: port for name, port in ports.items() if port}))
        fresh.replace(file)

    @property
    def bin(self) -> Path:
        """Links to the tools and plugins in use; first on PATH of every child."""
        return self.data / "bin"

    @property
    def kubeconfig(self) -> Path:
        return self.data / "kubeconfig"

    @property
    def kwok(self) -> Path:
        return self.data / "kwok"

    @property
    def home(self) -> Path:
        """HOME of the cluster's own commands, which keep things there."""
        return self.data / "home"

    @property
    def pulumi_home(self) -> Path:
        return self.data / "pulumi"

    @property
    def state(self) -> Path:
        """The stack's Pulumi backend."""
        return self.data / "state"

    @property
    def made_here(self) -> Path:
        """Says that `.local` is ours to remove."""
        return self.data / ".made-by-clearml-tenants"

    @property
    def stack_file(self) -> Path:
        """The local backend's checkpoint of the stack."""
        return self.state / ".pulumi" / "stacks" / PROJECT / f"{self.stack}.json"

    @property
    def stack_exists(self) -> bool:
        return self.stack_file.exists()

    @property
    def api_database(self) -> Path:
        return self.data / "api.sqlite"

    @property
    def run(self) -> Path:
        """Process ids and logs of what runs in the background."""
        return self.data / "run"

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    def _kubernetes_plugin(self) -> dict[str, str]:
        """The version of the plugin that is linked here, if its place tells it; older ones lose nulls of values."""
        place = (self.bin / "pulumi-resource-kubernetes").resolve().parent.name
        found = re.search(r"[0-9]+\.[0-9]+\.[0-9]+", place)
        return {KUBERNETES_PLUGIN: found[0]} if found else {}

    def variables(self) -> dict[str, str]:
        """What a child needs to act on this local environment and on nothing else."""
        return {
            "PATH": f"{self.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "KUBECONFIG": str(self.kubeconfig),
            "PULUMI_HOME": str(self.pulumi_home),
            "PULUMI_BACKEND_URL": f"file://{self.state}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # `stack_file` is read by us, too.
            "PULUMI_DIY_BACKEND_GZIP": "false",
            # helm keeps what it discovers of a cluster under ~/.kube otherwise.
            "KUBECACHEDIR": str(self.data / "kube-cache"),
            # Neither the API nor the cluster is behind anybody's proxy.
            **{name: _direct(name) for name in ("NO_PROXY", "no_proxy")},
            "HELM_CACHE_HOME": str(self.data / "helm" / "cache"),
            "HELM_CONFIG_HOME": str(self.data / "helm" / "config"),
            "HELM_DATA_HOME": str(self.data / "helm" / "data"),
            # Where helm looks for the login at a registry, and what it would look at next: nobody's own.
            "CHART_LOGIN_FILE": str(self.data / "helm" / "config" / "registry" / "config.json"),
            "DOCKER_CONFIG": str(self.data / "docker"),
            # A killed run may have made an object and not recorded it; here, whatever has our names is ours.
            "PULUMI_K8S_UPSERT_EXISTING_OBJECTS": "true",
            # The official launcher of dynamic providers knows no virtual environment of an inline program, and would
            # take the first python3 on PATH.
            "PULUMI_PYTHON_CMD": sys.executable,
            # All of this holds for one stack: the program refuses another one.
            ONLY_STACK: self.stack,
            **self._kubernetes_plugin(),
            "CLEARML_API_URL": os.environ.get("API_URL") or self.api_url,
        }
