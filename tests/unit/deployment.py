"""Runs `__main__.py` on Pulumi's mocks and keeps what it registered."""

from __future__ import annotations

import gc
import json
import runpy
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pulumi
import yaml
from google.protobuf import json_format
from pulumi.runtime import mocks, rpc, settings

from settings.facts import stack_file_of

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "clearml-tenants:apiserverKey": "planted-apiserver-key",
    "clearml-tenants:apiserverSecret": "planted-apiserver-secret",
    "clearml-tenants:supervisorKey": "planted-supervisor-key",
    "clearml-tenants:supervisorSecret": "planted-supervisor-secret",
}
# What the outside world adds to what was asked for, by the last part of the type's token.
_ADDED: Mapping[str, Mapping[str, object]] = {
    "Domains": {"domains": ["acme.example"]},
    "Credentials": {"created": "2026-11-23T20:00:00Z"},
    "RandomPassword": {"result": "GeneratedAndKept"},
    "RandomUuid": {"result": "0b6f6a0e-8b0e-4f0c-9a55-3f6f6a1c2d3e"},
    "Release": {"status": {"status": "deployed", "revision": 1, "version": "0.1.0"}},
}


_IDS = {"Company": "c0ffee", "AdminUser": "a0"}


class _World(mocks.Mocks):
    """Everything asked for is there at once, with an id made of its name."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = args.typ.rpartition(":")[2]
        added = dict(_ADDED.get(kind, {}))
        if kind == "Credentials":
            added |= {"access_key": f"access of {args.name}", "secret_key": f"secret of {args.name}"}
        return _IDS.get(kind, f"{args.name}-id"), {**args.inputs, **added}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], None]:
        return dict(args.args), None


class Monitor(mocks.MockMonitor):
    """Keeps every registration, with dependencies and secret marks, which mocks do not show."""

    def __init__(self) -> None:
        super().__init__(_World())
        self.registered: list[Any] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the engine's own name; a protobuf message
        self.registered.append(request)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]

    def of_type(self, token: str) -> list[Any]:
        return [request for request in self.registered if request.type == token]

    def one(self, token: str, name: str) -> Any:
        (found,) = [request for request in self.of_type(token) if request.name == name]
        return found


def inputs(request: Any) -> dict[str, Any]:
    """What a resource was asked for with; a secret is `{"secret": value}`."""
    return cast("dict[str, Any]", _shown(json_format.MessageToDict(request.object)))


def _shown(value: object) -> object:
    if isinstance(value, dict):
        kind = value.get(rpc._special_sig_key)
        if kind == rpc._special_secret_sig or (kind == rpc._special_output_value_sig and value.get("secret")):
            return {"secret": _shown(value["value"])}
        if kind == rpc._special_output_value_sig:
            return _shown(value["value"])
        return {key: _shown(each) for key, each in value.items()}
    return [_shown(each) for each in value] if isinstance(value, list) else value


def start(changes: Mapping[str, str] | None = None, secret: Sequence[str] = ()) -> Monitor:
    """A fresh engine's place, holding the local stack's configuration but for `changes`, some of them `secret`."""
    monitor = Monitor()
    mocks.set_mocks(_World(), project="clearml-tenants", stack="local", preview=False, monitor=monitor)
    written = yaml.safe_load((ROOT / stack_file_of("local")).read_text())["config"]
    plain = {key: value for key, value in written.items() if not (isinstance(value, dict) and "secure" in value)}
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in plain.items()}
    pulumi.runtime.set_all_config({**texts, **SECRETS, **(changes or {})}, [*SECRETS, *secret])
    return monitor


def run_program(root: Path = ROOT) -> None:
    """Runs `__main__.py` as the engine does; `root` holds it, with the settings that it reads."""
    # The mocks' stack has ended before the program begins, and an ended one takes no `pulumi.run`.
    stack = cast("Any", settings.get_root_resource())
    stack._async_program_registration_closed, stack._async_program = False, None
    before = gc.get_threshold()
    try:
        runpy.run_path(str(root / "__main__.py"), run_name="__main__")
    finally:
        gc.set_threshold(*before)


def project_with(folder: Path, tenants: Mapping[str, str]) -> Path:
    """`folder` with the program and the local stack's settings, but with these tenants' files instead."""
    for name in ("__main__.py", stack_file_of("local")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text((ROOT / name).read_text())
    for name, text in tenants.items():
        file = folder / "config" / "tenants" / "local" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def finished(act: Callable[[], object]) -> None:
    """Does it and waits until all it registered and applied is done; raises what was raised on the way."""
    pulumi.runtime.test(act)()  # type: ignore[no-untyped-call]
