"""Every tool: its pinned version, what else will do, where its release is, and how it is built.

To move a version: change it here and in `modules/<module>/go.mod`, then run `go mod tidy -e` in that folder (`-e`: some
modules that only others' tests need are not served everywhere).
"""

from __future__ import annotations

from collections.abc import Mapping

from local.toolchain.tool import ColdBuild, Release, Source, Tool
from local.toolchain.version import Range, Version

PULUMI = Version(3, 276, 0)
# Not the newest: the kubernetes plugin wants Kubernetes' libraries of 1.33, and what shares one set of compiled
# packages is built in half the time.
KUBERNETES = Version(1, 33, 13)
ETCD = Version(3, 6, 16)
KWOK = Version(0, 7, 0)
HELM = Version(3, 18, 6)
ACTIONLINT = Version(1, 7, 12)
REGISTRY = Version(3, 1, 2)
# The commit of one day before release 4.25.0, which reports itself as 4.25.0: the newest whose provider is a Go module
# by itself. Older than the SDK, which is fine here: every resource that we use is the same in both.
KUBERNETES_PLUGIN = Version(4, 25, 0)

GO_FLOOR = Version(1, 26, 6)  # the `go` line of every module folder
GO_FETCHES_FLOOR = Version(1, 21, 0)  # from here on the go command can fetch a newer toolchain by itself
GO_PACKAGE = "1.27.3"  # the Python package that carries Go: requirements-go.txt

ENVIRONMENT = "environment"  # the module folder of all that the local environment runs on
COLD_BUILDS: Mapping[str, ColdBuild] = {
    ENVIRONMENT: ColdBuild(seconds=420, gigabytes=5.0),
    "pulumi-kubernetes": ColdBuild(seconds=200, gigabytes=2.0, shared=160),
    "actionlint": ColdBuild(seconds=20, gigabytes=0.2),
    "registry": ColdBuild(seconds=90, gigabytes=0.8),
}

_GITHUB = "https://github.com"


def _kubernetes(name: str, seconds: int) -> Tool:
    # The control plane's parts must be of one minor version, so a near one on PATH will not do.
    # Servers are published for Linux alone.
    url = f"https://dl.k8s.io/release/v{{version}}/bin/{{os}}/{{arch}}/{name}"
    base = "k8s.io/component-base/version"
    return Tool(
        name=name,
        version=KUBERNETES,
        accepts=Range(Version(KUBERNETES.major, KUBERNETES.minor), same="minor"),
        probe=("--version",),
        release=Release(url, f"{url}.sha256", systems=("linux",)),
        source=Source(
            ENVIRONMENT,
            f"k8s.io/kubernetes/cmd/{name}",
            seconds,
            {
                f"{base}.gitVersion": f"v{KUBERNETES}",
                f"{base}.gitMajor": str(KUBERNETES.major),
                f"{base}.gitMinor": str(KUBERNETES.minor),
            },
        ),
    )


def _kwok(name: str, seconds: int) -> Tool:
    return Tool(
        name=name,
        version=KWOK,
        accepts=Range(KWOK, same="minor"),
        probe=("--version",),
        # No checksum file is published; GitHub's description of the release has each file's digest.
        release=Release(
            f"{_GITHUB}/kubernetes-sigs/kwok/releases/download/v{{version}}/{name}-{{os}}-{{arch}}",
            "https://api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v{version}",
        ),
        source=Source(ENVIRONMENT, f"sigs.k8s.io/kwok/cmd/{name}", seconds),
    )


_PULUMI = Tool(
    name="pulumi",
    version=PULUMI,
    accepts=Range(Version(3, 250, 0)),
    probe=("version",),
    # The tarball also carries the language hosts, which have to stay beside the engine.
    release=Release(
        f"{_GITHUB}/pulumi/pulumi/releases/download/v{{version}}/pulumi-v{{version}}-{{os}}-{{arch}}.tar.gz",
        f"{_GITHUB}/pulumi/pulumi/releases/download/v{{version}}/pulumi-{{version}}-checksums.txt",
        folder="pulumi",
        arch_names={"amd64": "x64"},
    ),
    source=Source(
        ENVIRONMENT,
        "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        200,
        {"github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": f"v{PULUMI}"},
    ),
)

_ETCD = Tool(
    name="etcd",
    version=ETCD,
    accepts=Range(Version(3, 6, 0)),
    probe=("--version",),
    release=Release(
        f"{_GITHUB}/etcd-io/etcd/releases/download/v{{version}}/etcd-v{{version}}-{{os}}-{{arch}}.{{suffix}}",
        f"{_GITHUB}/etcd-io/etcd/releases/download/v{{version}}/SHA256SUMS",
        folder="etcd-v{version}-{os}-{arch}",
        suffixes={"linux": "tar.gz", "darwin": "zip"},
    ),
    source=Source(ENVIRONMENT, "go.etcd.io/etcd/server/v3", 40),
)

_HELM = Tool(
    name="helm",
    version=HELM,
    accepts=Range(Version(3, 16, 0)),
    probe=("version", "--template", "{{.Version}}"),
    release=Release(
        "https://get.helm.sh/helm-v{version}-{os}-{arch}.tar.gz",
        "https://get.helm.sh/helm-v{version}-{os}-{arch}.tar.gz.sha256sum",
        folder="{os}-{arch}",
    ),
    source=Source(
        ENVIRONMENT, "helm.sh/helm/v3/cmd/helm", 45, {"helm.sh/helm/v3/internal/version.version": f"v{HELM}"}
    ),
)

_ACTIONLINT = Tool(
    name="actionlint",
    version=ACTIONLINT,
    accepts=Range(ACTIONLINT, same="minor"),
    probe=("-version",),
    release=Release(
        f"{_GITHUB}/rhysd/actionlint/releases/download/v{{version}}/actionlint_{{version}}_{{os}}_{{arch}}.tar.gz",
        f"{_GITHUB}/rhysd/actionlint/releases/download/v{{version}}/actionlint_{{version}}_checksums.txt",
    ),
    source=Source(
        "actionlint",
        "github.com/rhysd/actionlint/cmd/actionlint",
        20,
        {"github.com/rhysd/actionlint.version": f"v{ACTIONLINT}"},
    ),
)

# The reference implementation of an OCI registry.
_REGISTRY = Tool(
    name="registry",
    version=REGISTRY,
    accepts=Range(REGISTRY, same="major"),
    probe=("--version",),
    release=Release(
        f"{_GITHUB}/distribution/distribution/releases/download/v{{version}}/registry_{{version}}_{{os}}_{{arch}}.tar.gz",
        f"{_GITHUB}/distribution/distribution/releases/download/v{{version}}/registry_{{version}}_{{os}}_{{arch}}.tar.gz.sha256",
        systems=("linux",),
    ),
    source=Source(
        "registry",
        "github.com/distribution/distribution/v3/cmd/registry",
        90,
        {"github.com/distribution/distribution/v3/version.version": f"v{REGISTRY}"},
    ),
)

CATALOGUE: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        _PULUMI,
        _ETCD,
        _kubernetes("kube-apiserver", 250),
        _kubernetes("kube-controller-manager", 90),
        _kubernetes("kube-scheduler", 10),
        _kwok("kwok", 60),
        _kwok("kwokctl", 10),
        _HELM,
        _ACTIONLINT,
        _REGISTRY,
    )
}
# What the local environment runs on; the others are asked for by name, by the test that needs them.
ALL: tuple[str, ...] = tuple(name for name in CATALOGUE if name not in (_ACTIONLINT.name, _REGISTRY.name))


def plugin_release(name: str) -> Release:
    """Where Pulumi publishes the resource plugin `name` (kubernetes, random)."""
    base = f"{_GITHUB}/pulumi/pulumi-{name}/releases/download/v{{version}}"
    return Release(
        f"{base}/pulumi-resource-{name}-v{{version}}-{{os}}-{{arch}}.tar.gz",
        f"{base}/pulumi-{name}_{{version}}_checksums.txt",
    )


_KUBERNETES_PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4"
# The official plugins that can be built where no release can be downloaded, by provider.
PLUGINS: Mapping[str, Tool] = {
    "kubernetes": Tool(
        name="pulumi-resource-kubernetes",
        version=KUBERNETES_PLUGIN,
        accepts=Range(KUBERNETES_PLUGIN),
        probe=(),
        release=plugin_release("kubernetes"),
        source=Source(
            "pulumi-kubernetes",
            "./pulumi-resource-kubernetes",
            200,
            {f"{_KUBERNETES_PROVIDER}/pkg/version.Version": str(KUBERNETES_PLUGIN)},
            data=f"{_KUBERNETES_PROVIDER}/cmd/pulumi-resource-kubernetes",
            beside=("schema.json", "terraform-mapping.json"),
        ),
    )
}
