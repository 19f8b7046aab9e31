"""Says at the end of a run what it ran on: official plugins, or our stand-ins."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import hypothesis
import pulumi
import pytest

from local.checkout import Checkout
from local.errors import LocalError
from local.plugins.choose import choose

# How long one example takes says nothing on a machine that does other work too.
hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line, because a green run on stand-ins is not a green run on the official plugins."""
    try:
        plugins = choose(Checkout.current(), os.environ.get("PLUGINS") or "auto")
    except LocalError as error:
        terminalreporter.write_line(f"plugins: {error}")
        return
    told = ", ".join(f"{plugin.name.removeprefix('pulumi-')} {plugin.origin}" for plugin in plugins)
    terminalreporter.write_line(f"plugins: {told}")


@pytest.fixture(autouse=True)
def no_local_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not depend on what `eval "$(make env)"` set in the shell they are started from."""
    for name in ("LOCAL_DIR", "API_PORT", "CONTROL_PORT", "API_URL", "CLEARML_API_URL", "CLEARML_TENANTS_STACK"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def the_sdk_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that runs in this process changes the SDK for itself alone."""
    monkeypatch.setattr(pulumi.log, "debug", pulumi.log.debug)


@pytest.fixture(autouse=True)
def an_event_loop() -> None:
    """The SDK makes an output in the thread's loop, and `asyncio.run` in a test before leaves the thread none."""
    try:
        asyncio.get_event_loop_policy().get_event_loop()
    except RuntimeError:
        asyncio.set_event_loop(asyncio.new_event_loop())
