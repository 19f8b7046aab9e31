"""An environment with a real API server and the official kubernetes plugin, in folders of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from local import cluster
from local.checkout import STACK as LAPTOP
from local.checkout import Checkout
from local.environment import link_tools
from local.plugins.choose import choose, link, provide
from settings.facts import stack_file_of
from tests.api.shards.checkout import PaperCheckout
from tests.api.stack import PROJECT, ROOT, STACK
from tests.local.helm import helm
from tests.tenants import whole

_MODE = os.environ.get("PLUGINS") or "auto"


class ClusterCheckout(PaperCheckout):
    """Has a cluster within `running`; its tenants run there, by the charts that the laptop's stack has."""

    up_module = "operations.deployment"

    def _prepare(self) -> None:
        super()._prepare()
        settings = yaml.safe_load((ROOT / stack_file_of(LAPTOP)).read_text())["config"]
        own = {key: settings[key] for key in ("pulumi:disable-default-providers", f"{PROJECT}:stack")}
        (self.project / stack_file_of(STACK)).write_text(yaml.safe_dump({"config": own}))

    def _plugins(self) -> None:
        # The folders of the same names are those of the stack.
        self.laptop = Checkout(root=self.project, data=self.folder, api_port=0, control_port=None)
        self._tools = provide(self.laptop, _MODE)
        link_tools(self.laptop, self._tools)
        link(self.laptop, choose(self.laptop, _MODE))

    @contextmanager
    def running(self) -> Iterator[None]:
        """With the server and a first tenant in the cluster, which is gone afterwards."""
        self.variables["KUBECONFIG"] = str(self.laptop.kubeconfig)
        try:
            cluster.start(self.laptop, self._tools)
            self.put("first", whole("first"), "")
            self.make_up()
            yield
        finally:
            cluster.stop(self.laptop)

    def deployed(self) -> set[str]:
        """The names of the releases that are whole, as helm has them."""
        return {each["name"] for each in self.helm("list", "--all-namespaces") if each["status"] == "deployed"}

    def helm(self, *arguments: str) -> Any:
        """What it says of the cluster, read."""
        code, said = helm(*arguments, "--output", "json", kubeconfig=self.laptop.kubeconfig)
        assert code == 0, said
        return json.loads(said)
