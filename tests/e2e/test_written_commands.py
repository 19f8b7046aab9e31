"""Every command that README and docs/ show is typed in, page by page, as a reader would; what cannot be is listed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
import yaml

from local.toolchain import install_tools
from settings.loading.shell import ONLY_STACK
from tests.e2e.site import PLANTED, Run, Site
from tests.written_commands import BLANK, is_a_form, pages, written

# What no test can type in here, and why. Nothing else is left out: a command that is new in a page is run.
NOT_RUN = {
    "make test": "is what this test is part of",
    "make lint": "is the first half of make test",
    "make lock": "asks the registry for every package, and changes what this runs on",
    "make bench": "takes five minutes, and fails by itself when a figure is broken",
    "PLUGINS=official make up": "Pulumi's own plugins are not to be had on every machine that this runs on",
    "make protection REPOSITORY=acme/clearml-tenants": "asks GitHub itself; tests/operations plays it",
    "make ready STACK=prod": "ends with 1, as the example's hosts do not resolve; tests/operations plays each line",
    "make policy STACK=prod": "the official Pulumi brings what runs a pack; tests/policy starts the pack itself",
    "pulumi preview --stack prod --policy-pack policy": "the same",
    "make preview STACK=prod": "needs a real cluster and API; tests/operations/preview plays the engine",
    "pulumi config set --secret": "half of a command: the reference has the key in the line that says so",
}
# Run after all else: it removes what everything runs on.
_LAST = "make down"
_EVAL = 'eval "$(make env)"'
# The same, kept for the next shell.
_LOCAL_SHELL = 'test -s "$HOME/env" || make env > "$HOME/env"; . "$HOME/env"'
# A reader's own shell, for a stack of their own: tools and a kubeconfig at hand, the backend not the laptop's.
_OWN_SHELL = f"""{_LOCAL_SHELL}; unset {ONLY_STACK}; mkdir -p "$HOME/backend"
export PULUMI_BACKEND_URL="file://$HOME/backend" PULUMI_CONFIG_PASSPHRASE=of-the-readers-own"""
# Whatever asks for a secret gets this, and whatever asks whether to go on gets a yes; `make env` drops what a shell
# held of it before.
_TYPED = "typed-in-by-a-reader\n"
_SSO = """
sso:
  externalTenant: acme
  clientId: clearml-acme
  endpoints: {authorization: 'https://idp.example.com/auth', token: 'https://idp.example.com/token'}
"""
_SECRETS = """
secrets:
  git-login: {keys: [token, ca.pem]}
  images: {type: dockerconfigjson, registry: registry.example.com, username: robot}
"""
_YES = "export PULUMI_SKIP_CONFIRMATIONS=true"


def _scripts(page: str) -> list[list[str]]:
    """What of the page is run, each command on the first page that has it."""
    told = set(NOT_RUN) | {_LAST}
    told |= {command for earlier in pages()[: pages().index(page)] for lines in written(earlier) for command in lines}
    scripts = []
    for lines in written(page):
        new = [command for command in dict.fromkeys(lines) if command == _EVAL or command not in told]
        told |= set(new)
        scripts.append([command for command in new if not is_a_form(command)])
    return [script for script in scripts if script]


def _type(site: Site, script: list[str], shell: str = "true") -> Run:
    """One shell, in which `shell` was done before; each command finds the same line typed, for `pulumi` reads all."""
    typed = site.home / "typed"
    typed.write_text(_TYPED)
    lines = [shell, _YES]
    for command in script:
        lines += [f"exec < {_quoted(str(typed))}", f"echo {_quoted(f'$ {command}')}", command]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        cwd=site.root,
        env=site.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=400,
    )
    return Run(done.returncode, done.stdout, 0)


def _shell_of(page: str, script: list[str]) -> str:
    """README is about the laptop, whose shell a reader has where it says so; other pages are about a reader's stack."""
    if page != "README.md":
        return _OWN_SHELL
    return _LOCAL_SHELL if script[0].startswith("pulumi ") else "true"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A clone in which nothing was run yet."""
    site = Site.copy(tmp_path_factory.mktemp("clone") / "project")
    git = ["git", "-C", str(site.root), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A", ":!.venv"], ["commit", "-qm", "base"]):
        subprocess.run([*git, *command], check=True)
    yield site
    site.run("down")


def _own_stack(site: Site) -> None:
    """A reader's own `prod`, as docs/stacks.md has them write it: here its server is the laptop's, secrets still unset.

    Of the tenants the one that README added stays. `local` was destroyed and left the cluster free; the company that it
    left with its server is not on this one.
    """
    content = yaml.safe_load((site.root / "config" / "Pulumi.local.yaml").read_text())
    del content["encryptionsalt"]
    for key, value in content["config"].items():
        if isinstance(value, dict) and "secure" in value:
            content["config"][key] = {"secure": "replace-me"}
    (site.root / "config" / "Pulumi.prod.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    for tenant in (site.root / "config" / "tenants" / "prod").glob("*.yaml"):
        if tenant.stem != "acme":
            tenant.unlink()
    (site.data / "api.sqlite").unlink()


def _set_secrets(site: Site) -> None:
    """What docs/stacks.md says next: each placeholder anew, by the command that it shows for one of them."""
    for name in PLANTED:
        done = _type(site, [f"pulumi config set --stack prod --secret {name}"], _OWN_SHELL)
        assert done.code == 0, done.output


def _add_sso(site: Site) -> None:
    with (site.root / "config" / "tenants" / "prod" / "acme.yaml").open("a") as file:
        file.write(_SSO)


def _declare_secret(site: Site) -> None:
    """As the page shows above the commands, and the file that they read."""
    with (site.root / "config" / "tenants" / "prod" / "acme.yaml").open("a") as file:
        file.write(_SECRETS)
    (site.root / "ca.pem").write_text("a certificate\n")


def _write_metering(site: Site) -> None:
    (site.root / "metering.conf").write_text("events: []\n")


def _start_another_day(site: Site) -> None:
    """A laptop where no stack of the reader's own is: what pages before this one left keeps `make up` out."""
    assert site.run("down").code == 0


def _lose_the_state(site: Site) -> None:
    kept = site.home / "backend" / ".pulumi" / "stacks" / "clearml-tenants"
    kept.rename(kept.with_name("backup"))


def _restore_the_state(site: Site) -> None:
    kept = site.home / "backend" / ".pulumi" / "stacks" / "clearml-tenants"
    for file in kept.with_name("backup").iterdir():
        file.replace(kept / file.name)


# What happened in between, by the command that a page shows for it.
_BEFORE = {
    'pulumi login "$PULUMI_BACKEND_URL"': _own_stack,
    "pulumi config set --stack prod --secret --path ssoClientSecrets.acme": _add_sso,
    "pulumi config set --stack prod --secret --path tenantSecrets.acme.git-login.token": _declare_secret,
    "pulumi config set --stack prod --secret usageAggregatorConfiguration < metering.conf": _write_metering,
    "pulumi stack init prod": _lose_the_state,
    "CONTROL_PORT=9009 make up": _start_another_day,
}
_AFTER = {
    "pulumi stack init prod --secrets-provider passphrase": _set_secrets,
    "pulumi stack init prod": _restore_the_state,
}


@pytest.mark.parametrize("page", pages())
def test_every_command_of_a_page_runs(fresh: Site, page: str) -> None:
    for script in _scripts(page):
        for command in script:
            _BEFORE.get(command, lambda _: None)(fresh)
        done = _type(fresh, script, _shell_of(page, script))
        assert done.code == 0, f"{page}:\n{done.output}"
        for command in script:
            _AFTER.get(command, lambda _: None)(fresh)


def test_what_is_not_run_is_still_a_command(fresh: Site) -> None:
    """Each of the table stands in a page; its words and options, and those of a form, are ones that the tool knows."""
    shown = {command for page in pages() for lines in written(page) for command in lines}
    assert set(NOT_RUN) <= shown
    left = sorted({*NOT_RUN, *filter(is_a_form, shown)})
    print(f"{len(shown) - len(left)} commands run, {len(left)} not, of them {len(left) - len(NOT_RUN)} forms: {left}")
    for command in (re.sub(BLANK, "x", command) for command in left):
        subprocess.run(["bash", "-n", "-c", command], check=True)
        unknown = _unknown_to_its_tool(fresh, command.split())
        assert not unknown, f"{command}: {unknown}"


def test_the_last_command_removes_all_that_was_made(fresh: Site) -> None:
    done = _type(fresh, [_LAST])
    assert done.code == 0, done.output
    assert not fresh.data.exists()


def _unknown_to_its_tool(site: Site, words: list[str]) -> set[str]:
    """Targets that the Makefile has not, or subcommands and options that `pulumi … --help` does not tell."""
    words = [word for word in words if not re.match(r"[A-Z_]+=", word)]
    if words[0] == "make":
        targets = re.findall(r"^([a-z ]+):", (site.root / "Makefile").read_text(), re.MULTILINE)
        return {words[1]} - {name for line in targets for name in line.split()}
    if words[0] != "pulumi":
        return set()
    names = [word for word in words[1:3] if re.fullmatch(r"[a-z][a-z-]+", word)]
    pulumi = str(install_tools(["pulumi"])["pulumi"].path)
    told = subprocess.run([pulumi, *names, "--help"], capture_output=True, text=True, check=True).stdout
    usage = re.search(r"^ +pulumi (?P<names>[a-z -]+)", told, re.MULTILINE)
    assert usage, told
    options = set(re.findall(r"--[a-z-]+", told))
    path, aliases = usage["names"].split()[: len(names)], re.search(r"^Aliases:\n +(.+)$", told, re.MULTILINE)
    called = {path[-1], *(aliases[1].split(", ") if aliases else ())} if path else set()
    known = path[:-1] == names[:-1] and (not names or names[-1] in called)
    return {word for word in words if word.startswith("--") and word not in options} | (set() if known else set(names))
