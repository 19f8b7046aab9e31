"""A tenant's name is its namespace's: none that a cluster, or something else in it, has a use for."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.finding import WARNING, Finding, setting
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.yaml_words.unquoted import is_text

# Where clusters commonly keep what is everybody's; `*` stands for any text.
RESERVED = (
    *("*-system", "*-operator", "*-operators", "openshift", "openshift-*", "cattle-*", "rancher", "rancher-*"),
    *("monitoring", "logging", "observability", "prometheus", "grafana", "loki", "tempo", "jaeger", "opentelemetry"),
    *("ingress", "ingress-*", "nginx", "nginx-*", "traefik", "haproxy", "haproxy-*", "contour", "projectcontour"),
    *("kong", "gateway", "gateways", "istio", "istio-*", "linkerd", "linkerd-*", "envoy", "envoy-*"),
    *("cert-manager", "external-dns", "external-secrets", "sealed-secrets", "vault", "secrets", "dex", "keycloak"),
    *("argocd", "argo", "argo-*", "flux", "flux-*", "fleet-*", "gitops", "crossplane", "tekton", "tekton-*"),
    *("registry", "harbor", "velero", "backup", "minio", "databases", "database", "mongodb", "redis"),
    *("elastic", "elasticsearch", "kafka", "storage", "rook", "rook-*", "longhorn", "longhorn-*", "openebs", "ceph"),
    *("calico", "calico-*", "cilium", "cilium-*", "metallb", "metallb-*", "multus", "kyverno", "gatekeeper", "falco"),
    *("gpu-operator", "nvidia", "nvidia-*", "knative-*", "keda", "karpenter", "cluster-*", "platform", "platform-*"),
    *("admin", "infra", "infrastructure", "clearml-*", "amazon-*", "aws-*", "azure-*", "gke-*", "gmp-*"),
)


@check("no tenant with agents or gateways has a name that YAML reads as another value")
@for_each_tenant
def check_words(tenant: Tenant, _: StackSettings, __: Grants) -> Iterator[Finding]:
    """Charts write a release's namespace without quotes, the public agent's does."""
    if tenant.uses and not is_text(tenant.name):
        text = (
            f"{tenant.name!r} means something else in YAML, and charts write the namespace without quotes, so that the "
            f"cluster may refuse what they make; call the file otherwise, like {tenant.name}-company.yaml"
        )
        yield Finding(setting(tenant.name, ""), text, WARNING)


@check("no tenant has a name that clusters keep for themselves", precedence="last")
@for_each_tenant
def check_names(tenant: Tenant, settings: StackSettings, _: Grants) -> Iterator[Finding]:
    """The tenant's name, unless `tenantRules.tenants` has it."""
    rules = settings.tenant_rules
    if tenant.name in rules.tenants:
        return
    pattern = next((each for each in (*rules.reserved_names, *RESERVED) if fnmatchcase(tenant.name, each)), None)
    how = (
        f"call the file otherwise, or have the stack's file name it: tenantRules: {{tenants: {{{tenant.name}: {{}}}}}}"
    )
    if pattern:
        text = f"is a name that clusters keep for themselves ({pattern}), and the tenant's namespace would be it; {how}"
        yield Finding(setting(tenant.name, ""), text)
    elif rules.name_prefix and not tenant.name.startswith(rules.name_prefix):
        text = f"does not begin with {rules.name_prefix!r}, as the stack's tenantRules.namePrefix asks for; {how}"
        yield Finding(setting(tenant.name, ""), text)
