"""A repository with two commits on main and a pull request, and GitHub with its environments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.json_server import kubeconfig
from tests.workflows.github.cluster import empty_cluster
from tests.workflows.github.model import Repository
from tests.workflows.github.runner import Event, Runner
from tests.workflows.github.site import Settings, Site, commit, copy_of_this, git

# What git allows in a branch's name, and an address does not.
BRANCH = "feature/#12-a&b%41+ü"
STACKS = ("dev", "staging", "prod")
NUMBER = 7


@dataclass(frozen=True)
class Origin:
    """The repository, an older and the newest commit of main, a pull request's head and merge commit; and a cluster."""

    folder: Path
    cluster: str
    older: str
    newest: str
    head: str
    merge: str


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    """The files as they are here, whether committed or not."""
    folder = tmp_path_factory.mktemp("origin")
    copy_of_this(folder)
    _set_secrets(folder)
    older = commit(folder, "Set the secrets")
    (folder / "docs" / "newer.md").write_text("# Newer\n")
    newest = commit(folder, "Newer")
    git(folder, "checkout", "--quiet", "-b", BRANCH)
    with (folder / "config" / "tenants" / "prod" / "globex.yaml").open("a") as file:
        file.write("# changed\n")
    head = commit(folder, "A change of one tenant")
    git(folder, "checkout", "--quiet", "--detach", "main")
    git(folder, "merge", "--quiet", "--no-ff", "--no-edit", BRANCH)
    merge = git(folder, "rev-parse", "HEAD")
    git(folder, "update-ref", f"refs/pull/{NUMBER}/merge", merge)
    git(folder, "checkout", "--quiet", "main")
    with empty_cluster() as cluster:
        yield Origin(folder, cluster, older, newest, head, merge)


def _set_secrets(folder: Path) -> None:
    """As whoever deploys has done: nothing is deployed with the placeholders of the examples."""
    for file in (folder / "config").glob("Pulumi.*.yaml"):
        file.write_text(file.read_text().replace("secure: replace-me", "secure: v1:nonce:ciphertext"))


def secret(kind: str, environment: str) -> str:
    """What the environment has as this secret, like `PASSPHRASE of prod`."""
    return f"{kind} of {environment}"


def kubeconfig_of(origin: Origin, environment: str) -> str:
    """What the environment has as its kubeconfig."""
    context = f"clearml-{environment.partition('-')[0]}"
    # The user's name too, so that files differ.
    known = secret("KUBECONFIG", environment)
    return kubeconfig(origin.cluster, context, known, {"token": known})


def _settings(origin: Origin, environment: str) -> Settings:
    secrets = {
        "KUBECONFIG_CONTENT": kubeconfig_of(origin, environment),
        "PULUMI_ACCESS_TOKEN": secret("TOKEN", environment),
        "PULUMI_CONFIG_PASSPHRASE": secret("PASSPHRASE", environment),
        "SOMETHING_ELSE": secret("SOMETHING ELSE", environment),
    }
    variables = {"PULUMI_BACKEND_URL": f"https://state.example.com/{environment}"}
    if environment == "prod":
        variables["CANARY_TENANTS"] = "globex"
    return Settings(secrets, variables)


def github(folder: Path, origin: Origin) -> Site:
    """With environments for every stack; a secret that the repository itself has never gets anywhere."""
    names = [f"{stack}{which}" for which in ("", "-preview", "-drift") for stack in STACKS]
    own = Settings({"PULUMI_ACCESS_TOKEN": secret("TOKEN", "the repository")})
    site = Site.new(folder, origin.folder, own, {name: _settings(origin, name) for name in names})
    label = f"stranger:{BRANCH}"
    site.write({**site.store, "pulls": [{"number": NUMBER, "head": {"label": label, "sha": origin.head}}]})
    return site


@pytest.fixture
def site(tmp_path: Path, origin: Origin) -> Site:
    """Nothing has run there yet."""
    return github(tmp_path / "site", origin)


@pytest.fixture
def runner(tmp_path: Path, site: Site) -> Runner:
    """Of the workflows here."""
    return Runner(Repository.own(), site, tmp_path / "jobs")


def pull_request(origin: Origin, *, fork: bool) -> Event:
    """The pull request, of a fork or of a branch of this repository."""
    return Event("pull_request", origin.merge, _content(origin, origin.head, fork=fork), fork=fork)


def pull_request_target(origin: Origin, head: str = "", *, fork: bool = False) -> Event:
    """The same, told to main: its commit, and all of its secrets and rights also for a fork."""
    return Event("pull_request_target", origin.newest, _content(origin, head or origin.head, fork=fork))


def _content(origin: Origin, head: str, *, fork: bool) -> dict[str, object]:
    owner = "stranger" if fork else "acme"
    repository = {"full_name": f"{owner}/clearml-tenants"}
    return {
        "pull_request": {
            "number": NUMBER,
            "base": {"sha": origin.newest},
            "head": {"sha": head, "repo": repository},
        }
    }
