"""A person's shell: a real engine, a helm that shows what it is asked, a cluster that knows namespaces alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.toolchain import install_tools
from tests.json_server import kubeconfig
from tests.unit.asked import project

ROOT = Path(__file__).resolve().parents[3]
# Says which cluster it is aimed at, and has one release that somebody else's run left.
FOUND = {
    "namespace": "acme",
    "name": "acme-agent",
    "status": "pending-install",
    "chart": "clearml-enterprise-agent-6.14.1",
}
HELM = f"""#!/bin/sh
echo "$@" >> "$HELM_LOG"
case "$*" in *gone*) echo 'Error: context "gone" does not exist' >&2; exit 1 ;; esac
case "$1" in list) echo '{json.dumps([FOUND])}' ;; status | get) echo '{{}}' ;; esac
"""
# An API server that knows namespaces and nothing else.
NAMESPACES = {"kind": "NamespaceList", "apiVersion": "v1", "items": [{"metadata": {"name": "acme"}}]}


class Shell:
    """A person's shell in a copy of the program with a stack `test` in a folder."""

    def __init__(self, folder: Path, api: str) -> None:
        self.root = project(folder / "project")
        for part in ("config", "settings", "components", "operations", "rendering"):
            shutil.copytree(ROOT / part, self.root / part, dirs_exist_ok=True)
        (self.root / "Pulumi.yaml").write_text("name: clearml-tenants\nruntime: python\nstackConfigDir: config\n")
        self.state, self.log, tools = folder / "state", folder / "helm.log", folder / "bin"
        for made in (self.state, tools):
            made.mkdir()
        (tools / "helm").write_text(HELM)
        (tools / "helm").chmod(0o755)
        (tools / "pulumi").symlink_to(install_tools(["pulumi"])["pulumi"].path)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "KUBE", "HELM"))}
        self.variables = {
            **kept,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.state}",
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "HELM_LOG": str(self.log),
            "KUBECONFIG": str(folder / "kubeconfig"),
            "NO_PROXY": "127.0.0.1",
        }
        (folder / "kubeconfig").write_text(kubeconfig(api, "somewhere"))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.variables, capture_output=True, text=True, check=False, timeout=60
        )

    def heal(self, *more: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "operations", "heal", "--stack", "test", *more)


# A kubeconfig of the stack that nobody can read, and the leave to run workers there.
SEALED = "  clearml-tenants:kubeconfigs: {gpu: {secure: v1:nobody-can-read-this}}\n"
RULES = "    tenantRules: {contexts: [gone, kubeconfig/gpu]}\n"
WORKERS = "agent: {queues: {default: {}}}\nworkers:"
