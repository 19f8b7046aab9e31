"""What things are called: type tokens, the parts of a URN, labels, and the names of the resources of a tenant.

States, clusters and servers hold these, so none is changed without a migration. Knows no settings: the program, the
commands, the policies and the engine's events use it alike.
"""

from __future__ import annotations

from collections.abc import Mapping

PROJECT = "clearml-tenants"

# Labels and an annotation of what is in a cluster.
STACK_LABEL = f"{PROJECT}/stack"
"""Of a namespace: which stack made it; who sets it by hand gives the namespace to that stack."""
TENANT_LABEL = f"{PROJECT}/tenant"
"""Of a namespace: whose it is."""
RULES_ANNOTATION = f"{PROJECT}/rules"
"""Of a network policy: why each of its rules is there."""
MANAGED_BY_LABEL = "app.kubernetes.io/managed-by"

# Type tokens of the program's components.
PLATFORM = "clearml:platform:Platform"
TENANT = "clearml:tenant:Tenant"
AGENT = "clearml:tenant:Agent"
GATEWAY = "clearml:tenant:Gateway"
ISOLATION = "clearml:tenant:Isolation"

# Type tokens of what they are made of.
DYNAMIC = "pulumi-python:dynamic/clearml:"
COMPANY = f"{DYNAMIC}Company"
CREDENTIALS = f"{DYNAMIC}Credentials"
DEPARTURES = f"{DYNAMIC}Departures"
DOMAINS = f"{DYNAMIC}Domains"
KUBERNETES = "kubernetes:"
NAMESPACE = f"{KUBERNETES}core/v1:Namespace"
LIMIT_RANGE = f"{KUBERNETES}core/v1:LimitRange"
RESOURCE_QUOTA = f"{KUBERNETES}core/v1:ResourceQuota"
NETWORK_POLICY = f"{KUBERNETES}networking.k8s.io/v1:NetworkPolicy"
RELEASE = f"{KUBERNETES}helm.sh/v3:Release"
SECRET = f"{KUBERNETES}core/v1:Secret"
KUBERNETES_PROVIDER = "pulumi:providers:kubernetes"
PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 - a type's token


def kind_of(token: str) -> str:
    """`Release` of `kubernetes:helm.sh/v3:Release`."""
    return token.rpartition(":")[2]


def name_of(urn: str) -> str:
    """The resource's name: `acme` of `urn:pulumi:prod::clearml-tenants::…$kubernetes:core/v1:Namespace::acme`."""
    return urn.rpartition("::")[2]


def types_of(urn: str) -> str:
    """All before the name: stack, project and the types from the outermost parent to the resource's own."""
    return urn.rpartition("::")[0]


def without_id(provider: str) -> str:
    """The URN in a resource's reference to what makes it, `<urn>::<id>`."""
    return provider.rpartition("::")[0]


def stack_of(urn: str) -> str:
    """The stack's name: `prod` of `urn:pulumi:prod::…`."""
    return urn.partition("::")[0].rpartition(":")[2]


# A use is what a worker's key is for: `agent`, `agent-<name>`, `gateway` or `gateway-<name>`.
def is_gateway(use: str) -> bool:
    return use.partition("-")[0] == "gateway"


def worker_key(use: str) -> str:
    """Where the worker of a use stands in its tenant's file: `agent`, or `agents.gpu` for `agent-gpu`."""
    kind, _, name = use.partition("-")
    return f"{kind}s.{name}" if name else kind


# Names of a tenant's resources.
def admin_name(tenant: str) -> str:
    return f"{tenant}-admin"


def features_name(tenant: str) -> str:
    return f"{tenant}-features"


def service_account_resource(tenant: str) -> str:
    """Of the resource; the account on the server is called `service_account_name`."""
    return f"{tenant}-service-account"


def application_access_name(tenant: str) -> str:
    return f"{tenant}-application-access"


def sign_in_name(tenant: str, kind: str) -> str:
    """`kind`: `domains`, `admins`, `users` or `consumers`."""
    return f"{tenant}-{kind}"


# Of a tenant's network policies: what closes every pod, what opens for every pod, and for its agents alone.
DEFAULT_DENY = "default-deny"
EVERY_POD = "every-pod"
KUBERNETES_API = "kubernetes-api"
# Versions up to 0.2.0 made one for each purpose in place of the latter. A takeover after a lost state still finds them;
# the run after it deletes them.
_EARLIER_POLICIES = frozenset({"own-namespace", "dns", "clearml", "listed", "sources"})
# What isolates a tenant's namespace is called so in it, whichever settings are in use; beside it, policies of the
# gateways that have a name, each called by its use.
ISOLATION_PARTS: Mapping[str, frozenset[str]] = {
    NETWORK_POLICY: frozenset({DEFAULT_DENY, EVERY_POD, KUBERNETES_API, "gateway"}) | _EARLIER_POLICIES,
    RESOURCE_QUOTA: frozenset({"quota"}),
    LIMIT_RANGE: frozenset({"limits"}),
}


def isolation_name(tenant: str, part: str = "isolation") -> str:
    """The component, or the network policy, `quota` or `limits` in it.

    People choose how a gateway is called: by the slash, its policy is none of a tenant whose name begins alike.
    """
    return f"{tenant}/{part}" if part.startswith("gateway-") else f"{tenant}-{part}"


def release_name(tenant: str, use: str) -> str:
    """Of the worker's Helm release, and of its component."""
    return f"{tenant}-{use}"


def release_names(release: str, full_name: object) -> tuple[str, ...]:
    """What charts write on a release's pods: its name, or what `fullnameOverride` calls its objects."""
    own = full_name[:63].removesuffix("-") if isinstance(full_name, str) else ""
    return (release, own) if own and own != release else (release,)


def worker_secret_name(release: str) -> str:
    """Of the Secret with a release's key."""
    return f"{release}-credentials"


def registry_secret_name(namespace: str) -> str:
    """Of the resource; the Secret itself is called alike in every namespace."""
    return f"{namespace}-registry"


def declared_secret_name(namespace: str, name: str) -> str:
    """Of the resource of a Secret that settings declare: no two namespaces share one."""
    return f"{namespace}/{name}"


# Of the image-pull Secret that this program makes in each namespace of a stack with an image token.
REGISTRY_SECRET = "clearml-registry"  # noqa: S105 - the object's name
# Of the Secret with the supervisor's pair, in the server's namespace.
SUPERVISOR_SECRET = "clearml-supervisor"  # noqa: S105 - the object's name
# Of the Secret with what identity providers know the server by, in its namespace.
IDENTITY_PROVIDERS_SECRET = "clearml-identity-providers"  # noqa: S105 - the object's name


def credentials_name(tenant: str, use: str, generation: int) -> str:
    return f"{tenant}-{use}-{generation}"


def surplus_name(tenant: str, use: str) -> str:
    return f"{tenant}-{use}-surplus"


def revocations_name(tenant: str) -> str:
    return f"{tenant}-revocations"


def key_labels(stack: str, tenant: str) -> str:
    """How the labels of all keys of a tenant begin."""
    return f"{stack}/{tenant}/"


def service_account_name(stack: str, tenant: str, *, run_as_owner: bool) -> str:
    """Of a tenant's service account on the server; `components.clearml.service_account.accounts` finds it by that."""
    return f"{key_labels(stack, tenant)}{'owners' if run_as_owner else 'workers'}"


def key_label(stack: str, tenant: str, use: str, generation: int) -> str:
    """Of one key on the server; `components.clearml.credentials.key_labels` reads it."""
    return f"{key_labels(stack, tenant)}{use}/{generation}"
