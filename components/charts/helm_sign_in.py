"""Signs helm in by a file of its own, for kubernetes plugins that know no other way with `oci://` (those before 4.27).

Only the local environment asks for it (`local/checkout.py`), where the plugin may be one that was built from a Go
module; the file is in `.local/`, nobody else may read it, and it goes when the program ends, wherever that is.
Everywhere else the plugin has the login from the release alone.
"""

from __future__ import annotations

import atexit
import json
import os
from base64 import b64encode
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pulumi

from settings.loading.chart_login import login_of
from settings.loading.load import Environment
from settings.models.charts import Chart
from settings.models.stack_file import PROJECT
from settings.private_files import removed_at_the_end
from settings.types.registries import DOCKER_HUB

VARIABLE = "CHART_LOGIN_FILE"
# Under which names helm's library looks for a login at Docker Hub.
_DOCKER_HUB_NAMES = ("https://index.docker.io/v1/", "index.docker.io")


def _host_as_written(chart: Chart) -> str:
    """Host and port of the chart's address."""
    return urlsplit(chart.address).netloc


def sign_helm_in(environment: Environment) -> None:
    """Write the stack's login into the file that the environment's variable names, if it does and there is one."""
    named = os.environ.get(VARIABLE)
    if not named:
        return
    file = Path(named)
    file.unlink(missing_ok=True)
    login = login_of(environment.stack.charts, environment.secrets)
    if login is None:
        return
    pair = f"{login.username}:{pulumi.Config(PROJECT).require(login.secret)}"
    charts = [chart for chart in environment.stack.charts.each().values() if login.is_for(chart)]
    # As the charts have it, with a port that goes without saying.
    names = {*map(_host_as_written, charts), *(_DOCKER_HUB_NAMES if login.host == DOCKER_HUB else ())}
    content = json.dumps({"auths": {name: {"auth": b64encode(pair.encode()).decode()} for name in sorted(names)}})
    file.parent.mkdir(parents=True, exist_ok=True)
    end = ExitStack()
    end.enter_context(removed_at_the_end(file))
    atexit.register(end.close)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(content)
