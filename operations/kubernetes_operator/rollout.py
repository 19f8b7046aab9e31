"""What the operator has to know of a rollout beside the environment's files; a login in any of it is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from operations.errors import OperationError
from settings.types.registries import place_of_image
from settings.types.secrets.names import is_secret_name

# The engine that this program is tried with. The operator starts it as a user that is not root.
IMAGE = "pulumi/pulumi:3.276.0-nonroot"
NAMESPACE = "clearml-tenants"
_REPOSITORY = re.compile(r"https://[^/@\s]+/\S+|ssh://git@[^/\s]+/\S+|git@[^/:\s]+:\S+")
_BACKEND = re.compile(r"(https|s3|gs|azblob)://[^/?#@\s]+([/?]\S*)?")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# The operator's own bound; it makes longer names of it, one of a Service, which begins with a letter.
_MOST = 42
_NAME = re.compile(rf"(?=.{{1,{_MOST}}}$)[a-z]([a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True)
class Rollout:
    """`stacks` are names as `pulumi --stack` takes them, the platform's first.

    `folder` is the project's in `repository`, and `commit` what all are deployed from. `backend` is an address, empty
    for Pulumi Cloud. Raises OperationError.
    """

    stacks: tuple[str, ...]
    repository: str
    commit: str
    folder: str = ""
    backend: str = ""
    has_passphrase: bool = False
    namespace: str = NAMESPACE
    image: str = IMAGE
    preview: bool = False

    def __post_init__(self) -> None:
        _require_repository(self.repository)
        _require_backend(self.backend)
        if not _LABEL.fullmatch(self.namespace):
            raise OperationError(f"NAMESPACE={self.namespace!r}: is no name of a namespace: write it like {NAMESPACE}")
        if not place_of_image(self.image):
            raise OperationError(f"IMAGE: is no image's name (not shown), and may hold a login: write it like {IMAGE}")
        for name in map(object_name, self.stacks):
            if not _NAME.fullmatch(name):
                raise OperationError(
                    f"stack {name}: the operator takes at most {_MOST} small letters, digits and - as a name, and a "
                    "letter first: deploy it by make up"
                )

    @property
    def is_in_pulumi_cloud(self) -> bool:
        """Whether a service keeps the state, which asks for a token; a bucket asks for its cloud's own sign-in."""
        return is_service(self.backend)

    @property
    def is_over_ssh(self) -> bool:
        """How the operator signs in to git: with a key, or with a token."""
        return not self.repository.startswith("https://")


def object_name(stack: str) -> str:
    """`prod-01` of `acme/clearml-tenants/prod-01`: what the stack's object is called."""
    return stack.rpartition("/")[2]


def is_service(backend: str) -> bool:
    """Whether the address is Pulumi Cloud's, or that of a service like it."""
    return not backend or backend.startswith("https://")


def _require_repository(address: str) -> None:
    example = "write it like https://github.com/acme/clearml-tenants.git or git@github.com:acme/clearml-tenants.git"
    if not address:
        raise OperationError(f"REPOSITORY is missing: {example}")
    login = _login(address)
    if (login and (login != "git" or address.startswith("http"))) or _holds_token(address):
        raise OperationError(f"REPOSITORY holds a login, which everybody would read: leave it out, {example}")
    if not _REPOSITORY.fullmatch(address):
        raise OperationError(f"REPOSITORY={address!r}: {example}")


def _require_backend(address: str) -> None:
    if _login(address) or _holds_token(address):
        raise OperationError("PULUMI_BACKEND_URL holds a login, which everybody would read: leave it out")
    if address and not _BACKEND.fullmatch(address):
        raise OperationError(
            f"PULUMI_BACKEND_URL={address!r}: the operator's pods reach a bucket (s3://, gs://, azblob://) or Pulumi "
            "Cloud (https://, or unset); a folder would be gone with the pod: docs/backends.md"
        )


def _holds_token(address: str) -> bool:
    """Whether a parameter is called like a secret, or the host is written so that nobody sees what stands in it."""
    host, _, rest = re.sub(r"^[a-z0-9+]+://", "", address).partition("/")
    return "%" in host or any(map(is_secret_name, re.findall(r"[?&#;]([^=&#;]+)=", f"{host}/{rest}")))


def _login(address: str) -> str:
    """What stands before the host."""
    authority = re.sub(r"^[a-z0-9+]+://", "", address).partition("/")[0]
    return authority.rpartition("@")[0]
