"""A stack of its own on the real engine: its own backend, plugin folder and configuration."""

from __future__ import annotations

import gc
import io
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pulumi
from pulumi import automation
from pulumi.runtime import _grpc_settings

from components.clearml.admin_user.resource import AdminUser
from components.clearml.company.resource import Company
from components.clearml.credentials.resource import Credentials
from components.clearml.sign_in.domains import Domains
from components.clearml.sign_in.removals import SignInRuleRemovals
from components.clearml.sign_in.whitelist import WhitelistEntries
from tests.api import event_loops
from tests.emulator import Emulator
from tests.preload.launcher import write_launcher

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "clearml-tenants"
STACK = "test"
_MONITOR_GONE = "error: Resource monitor has terminated, shutting down"
# One process calls thousands of engines here. If one gets the port of an engine that has just gone, grpc's common pool
# still waits before it connects there again, and the program's first call fails.
_grpc_settings._GRPC_CHANNEL_OPTIONS.append(("grpc.use_local_subchannel_pool", 1))


@dataclass
class Declared:
    """What the program declares; a test changes it between runs."""

    tenants: tuple[str, ...] = ("Acme",)
    generation: int = 1
    domain: str = "{slug}.example"
    admin: str = "admin@{slug}.example"
    admins: list[str] = field(default_factory=lambda: ["ann@{slug}.example"])
    users: list[str] = field(default_factory=lambda: ["bob@{slug}.example"])

    def __call__(self) -> None:
        removals = SignInRuleRemovals("departures", dict(self._rules(name.lower()) for name in self.tenants))
        for name in self.tenants:
            self._tenant(name, pulumi.ResourceOptions(depends_on=[removals]))

    def _rules(self, slug: str) -> tuple[str, dict[str, Any]]:
        """What the tenant declares, by the e-mail of its admin."""
        users = {each.format(slug=slug): "user" for each in self.users}
        admins = {each.format(slug=slug): "admin" for each in self.admins}
        domains = {self.domain.format(slug=slug): ""}
        rules = {"tenant": slug, "protect": False, "domains": domains, "entries": {**users, **admins}}
        return self.admin.format(slug=slug), rules

    def _tenant(self, name: str, after: pulumi.ResourceOptions) -> None:
        slug = name.lower()
        email = self.admin.format(slug=slug)
        # So that how much a run had made when a company was refused is no matter of chance.
        company = Company(slug, name, email, after)
        admin = AdminUser(slug, company.company_id, f"{name} Admin", email)
        Credentials(f"{slug}-agent", admin.user_id, f"test/{slug}/agent/{self.generation}")
        Credentials(f"{slug}-gateway", admin.user_id, f"test/{slug}/gateway/{self.generation}")
        Domains(slug, admin.user_id, [self.domain.format(slug=slug)], after)
        WhitelistEntries(
            f"{slug}-admins", admin.user_id, [each.format(slug=slug) for each in self.admins], "admin", after
        )
        WhitelistEntries(f"{slug}-users", admin.user_id, [each.format(slug=slug) for each in self.users], "user", after)


def _counts(changes: Mapping[Any, int]) -> dict[str, int]:
    return {str(getattr(kind, "value", kind)): count for kind, count in changes.items()}


class _BriefStack(automation.Stack):
    """Starts no more engines to report on an operation: it took three, for what a file says."""

    def _run_pulumi_cmd_sync(self, *arguments: Any, **options: Any) -> automation.CommandResult:
        event_loops.close_left()
        before = gc.get_threshold()
        try:
            return super()._run_pulumi_cmd_sync(*arguments, **options)
        finally:
            # The program runs in this process meanwhile, and its own ends with it.
            gc.set_threshold(*before)

    def outputs(self) -> automation.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:  # noqa: ARG002 - the base's
        backend = Path(self.workspace.env_vars["PULUMI_BACKEND_URL"].removeprefix("file://"))
        written = sorted((backend / ".pulumi" / "history" / PROJECT / self.name).glob("*.history.json"))
        if not written:
            raise automation.CommandError(automation.CommandResult("", "the engine was killed", 137))
        told = json.loads(written[-1].read_text())
        return automation.UpdateSummary(
            kind=told["kind"],
            start_time=datetime.fromtimestamp(told["startTime"], UTC),
            message=told["message"],
            environment=told["environment"],
            config={},
            result=told["result"],
            resource_changes=told["resourceChanges"],
        )


class Stack:
    """Operations whose output is kept; `errors` are the lines the engine marks so."""

    more_variables: Mapping[str, str] = {}

    def __init__(self, folder: Path, engine: Path, emulator: Emulator, program: Callable[[], None]) -> None:
        self.folder = folder
        self._heard = io.StringIO()
        for name in ("bin", "state", "home", "work"):
            (folder / name).mkdir(exist_ok=True)
        (folder / "bin" / "pulumi").symlink_to(engine)
        self._plugins()
        self.variables = {
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK": "true",
            "PYTHONPATH": str(ROOT),
            "CLEARML_API_URL": "",
            **self.more_variables,
        }
        self.program = program
        self.stack = self._stack(emulator)

    def _plugins(self) -> None:
        write_launcher(self.folder / "bin" / "pulumi-resource-pulumi-python", "pulumi.dynamic")

    def _stack(self, emulator: Emulator) -> automation.Stack:
        stack = self.select(STACK, self.folder / "work")
        stack.set_all_config(self._settings(emulator))
        return stack

    def select(self, name: str, work: Path) -> automation.Stack:
        """A stack of this backend, made if it is not there, whose files are in the folder `work`."""
        stack = automation.create_or_select_stack(
            name,
            project_name=PROJECT,
            program=self._declare,
            opts=automation.LocalWorkspaceOptions(
                work_dir=str(work),
                pulumi_home=str(self.folder / "home"),
                env_vars=self.variables,
                pulumi_command=automation.PulumiCommand(root=str(self.folder), skip_version_check=True),
            ),
        )
        stack.__class__ = _BriefStack
        return stack

    def _settings(self, emulator: Emulator) -> dict[str, automation.ConfigValue]:
        return {
            "apiUrl": automation.ConfigValue(emulator.url),
            "apiserverKey": automation.ConfigValue(emulator.key, secret=True),
            "apiserverSecret": automation.ConfigValue(emulator.secret, secret=True),
            "apiWaitSeconds": automation.ConfigValue("3"),
        }

    def _declare(self) -> None:
        event_loops.note_running()
        self.program()

    def configure(self, name: str, value: str, *, secret: bool = False) -> None:
        self.stack.set_config(name, automation.ConfigValue(value, secret=secret))

    def up(self) -> dict[str, int]:
        """Resources by what was done with them. Raises automation.CommandError."""
        return _counts(self.stack.up(on_output=self._hear, color="never").summary.resource_changes or {})

    def preview(self, *, diff: bool = True) -> dict[str, int]:
        """What would be done; with `diff` the engine shows each property, and leaves out what a plugin says."""
        return _counts(self.stack.preview(on_output=self._hear, diff=diff, color="never").change_summary)

    def refresh(self) -> dict[str, int]:
        return _counts(self.stack.refresh(on_output=self._hear, color="never").summary.resource_changes or {})

    def destroy(self) -> None:
        self.stack.destroy(on_output=self._hear, color="never")

    def exported(self, *, secrets: bool = False) -> dict[str, Any]:
        """Outputs in the state by resource name; a secret one is the engine's placeholder unless `secrets`."""
        text = self.command("stack", "export", "--stack", STACK, *(["--show-secrets"] if secrets else []))
        resources = json.loads(text)["deployment"].get("resources", [])
        return {each["urn"].split("::", 2)[2]: each for each in resources}

    def planned(self) -> dict[str, str]:
        """What a preview would do with each resource, by URN; a provider that is only another version is left out."""
        found: dict[str, str] = {}

        def hear(event: automation.EngineEvent) -> None:
            step = event.resource_pre_event and event.resource_pre_event.metadata
            if step and not step.type.startswith("pulumi:"):
                found[step.urn] = str(getattr(step.op, "value", step.op))

        self.stack.preview(on_event=hear, color="never")
        return found

    def command(self, *arguments: str) -> str:
        """What a `pulumi` command prints. Raises automation.CommandError."""
        variables = {**os.environ, **self.variables}
        printed: str = self.stack.workspace.pulumi_command.run(
            list(arguments), str(self.folder / "work"), variables
        ).stdout
        return printed

    @property
    def state_file(self) -> Path:
        """Where the backend keeps the resources."""
        return self.folder / "state" / ".pulumi" / "stacks" / PROJECT / f"{STACK}.json"

    def state_text(self) -> str:
        """Every byte that the backend keeps."""
        files = [each for each in (self.folder / "state").rglob("*") if each.is_file()]
        return "\n".join(each.read_text(errors="replace") for each in files)

    def errors(self) -> list[str]:
        """The lines of causes; without the one that the SDK adds to any failure since engines end its calls at once."""
        lines = (line.strip() for line in self.said.splitlines())
        return [line for line in lines if line.startswith("error:") and line != _MONITOR_GONE]

    def times_said(self, text: str) -> int:
        """How often a plugin said a line that starts so; the engine repeats it meanwhile behind the stack's name."""
        return sum(line.strip().startswith(text) for line in self.said.splitlines())

    @property
    def said(self) -> str:
        """All that the engine printed. A text that grows line by line would take the square of its length."""
        return self._heard.getvalue()

    @said.setter
    def said(self, text: str) -> None:
        self._heard = io.StringIO(text)
        self._heard.seek(0, io.SEEK_END)

    def _hear(self, text: str) -> None:
        self._heard.write(f"{text}\n")
