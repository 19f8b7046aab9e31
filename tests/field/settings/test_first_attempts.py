"""Values files and guides' pages as people write them here at the first attempt: taken, or told what to write instead.

The facts are theirs, names and words ours. Each passes, or is told in a line what is to be written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.value_conflicts import load
from settings.errors import ConfigurationError
from tests.local.helm import merged
from tests.unit.asked import ACME, STACK_FILE, TENANT, WITH_ADDRESSES, project

# What a server's file says: an ALB before the web server alone, MongoDB's own image, a log sink by a file, workers that
# no dashboard shows, credentials of the management centre, a forwarding middleware, e-mail by another's release.
SERVERS = {
    "alb": "server: {webserver: {ingress: {className: alb}}}",
    "alb-files": "server: {fileserver: {persistence: {enabled: false}}}",
    "nfs": "server: {fileserver: {storage: {data: {existingPVC: files}}}}",
    "balancer": "server: {apiserver: {service: {type: LoadBalancer}}}",
    "middleware": "server: {webserver: {ingress: {hostName: app.clearml.example.com}}}",
    "mail": "server: {apiserver: {extraEnvs: [{name: CLEARML__apiserver__email__username, value: ops@example.com}]}}",
    "pip": (
        "server: {extraValues: {clearmlApplications: {extraEnvs: "
        "[{name: CLEARML_AGENT__AGENT__PACKAGE_MANAGER__PIP_VERSION, value: '>=21'}]}}}"
    ),
    "sink": "server: {extraValues: {apiserver: {additionalConfigs: {apiserver.conf: 'apilog {adapter: [logging]}'}}}}",
    "hidden": "server: {extraValues: {clearml: {orchestration: {dashboard: {hiddenWorkersPatterns: ['^apps.*']}}}}}",
    "group": "groups: {my_group: {name: My, features: [reports], system: false}}",
    "search": (
        "server: {extraValues: {elasticsearch: {extraEnvs: [{name: reindex.remote.whitelist, value: '\"*.*\"'}]}}}"
    ),
    "audit": (
        "server: {apiserver: {extraEnvs: "
        "[{name: CLEARML__apiserver__endpoints__debug__ping__log_call, value: 'false'}]}}"
    ),
}
TOLD_SERVERS = {
    "alb": "did you mean ingressClassName?",
    "alb-files": "extraValues: {fileserver: {persistence: …}}",
    "nfs": "extraValues: {fileserver: {storage: …}}",
    "balancer": "did you mean serviceType?",
    "middleware": "known: annotations, enabled, ingressClassName, tlsSecretName",
    "mail": "value: '\"ops@example.com\"'",
    "pip": "value: '\">=21\"'",
    "group": "it is always false of such a group, and this program writes it; take it out",
}
# What a tenant's file says: code that shapes pods, a slice of a GPU, tasks without root, fractions by labels and by
# limits, an agent's own pod, keys of other charts and earlier ones, a task on several nodes.
TENANTS: dict[str, str] = {
    "module": (
        "agent: {extraEnvs: [{name: CLEARML_K8S_GLUE_TEMPLATE_MODULE, value: 'custom_code:update_template'}], "
        "fileMounts: [{name: custom_code.py, folderPath: /root, fileContent: 'def update_template(**_): ...'}]}"
    ),
    "slice": (
        "agent: {basePodTemplate: {resources: {limits: {nvidia.com/gpu: 1}}, "
        "nodeSelector: {nvidia.com/gpu.product: A100-SXM4-40GB-MIG-1g.5gb}}}"
    ),
    "without-root": (
        "agent: {containerSecurityContext: {runAsNonRoot: true, runAsUser: 65532, allowPrivilegeEscalation: false}, "
        "basePodTemplate: {containerSecurityContext: {runAsUser: 0}, podSecurityContext: {fsGroup: 65532}}}"
    ),
    "fractions": "agent: {queues: {half: {templateOverrides: {labels: {fraction: 0.500}}}}}",
    "halves": "agent: {queues: {half: {templateOverrides: {resources: {limits: {nvidia.com/gpu: 0.5}}}}}}",
    "shares": (
        "agent: {queues: {half: {templateOverrides: {resources: {limits: "
        "{nvidia.com/mig-3g.20gb: 1, clear.ml/fraction-1: '0.5'}}}}}}"
    ),
    "one-level-off": "agent: {agentk8sglue: {queues: {default: {}}}}",
    "own-pod": "agent: {resources: {limits: {memory: 1Gi}}}",
    "public": "agent: {extraValues: {agentk8sglue: {queue: training}}}",
    "port": "agent: {extraEnvs: [{name: CLEARML_AGENT_REDIS_PORT, value: 6379}]}",
    "host-network": "agent: {basePodTemplate: {hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet}}",
    "sessions": "gateway: {tcpSession: {routerAddress: 10.0.0.9, portRange: {start: 30100, end: 30200}}}",
    "key-of-task": "agent: {basePodTemplate: {env: [{name: CLEARML_API_ACCESS_KEY, value: ABCDEFGH12345678}]}}",
    "empty-queue": "agent: {queues: {default: null}}",
    "empty-list": "agent: {basePodTemplate: {tolerations: [], podSecurityContext: {fsGroup: null}}}",
    "limit": "allowedServiceUsers: unlimited",
    "dashboard": (
        "agent: {orchestrationDashboard: {reportType: global, reportSeconds: 600, reportMaxGpu: 2, "
        "discovery: {enabled: true, baseSelector: 'kubernetes.io/os=linux', nodeSelector: ''}}}"
    ),
}
TOLD_TENANTS = {
    "fractions": "labels.fraction: is no text, as a pod wants it, so no such task starts; put it in quotes",
    "halves": "0.5 is no whole number, and Kubernetes gives out whole devices",
    "one-level-off": "a value of the chart goes into extraValues: {agentk8sglue: …}",
    "own-pod": "for the agent's own pod extraValues: {agentk8sglue: {resources: …}}",
    "public": "take it out, and write queues: {training: {}}",
    "port": "must be a text, not a number; put it in quotes",
    "host-network": "hostNetwork: true is refused by Pod Security",
    "sessions": "did you mean streamSession?",
    "key-of-task": "looks like a secret in plain text (not shown)",
    "empty-queue": "must be a mapping, not nothing; write it like queues: {default: {}}",
    "limit": "must be a whole number, not a text ('unlimited'); write it like allowedServiceUsers: 5",
}


def _said(root: Path, stack: str, tenant: str) -> str:
    """The errors, or the warnings."""
    whole: dict[str, Any] = yaml.safe_load(WITH_ADDRESSES)
    over = {"clearml-tenants:stack": yaml.safe_load(stack) or {}}
    whole["config"] = merged(whole["config"], over)
    file = merged(yaml.safe_load(TENANT), yaml.safe_load(tenant) or {})
    try:
        found = load(project(root, {STACK_FILE: yaml.safe_dump(whole), ACME: yaml.safe_dump(file)}), "test")
    except ConfigurationError as error:
        return str(error)
    return "\n".join(str(each) for each in found.warnings)


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_s_file(tmp_path: Path, name: str) -> None:
    said = _said(tmp_path, SERVERS[name], "")
    assert TOLD_SERVERS.get(name, "") in said
    assert bool(said) == (name in TOLD_SERVERS), said


@pytest.mark.parametrize("name", TENANTS)
def test_a_tenant_s_file(tmp_path: Path, name: str) -> None:
    said = _said(tmp_path, "", TENANTS[name])
    assert TOLD_TENANTS.get(name, "") in said
    assert bool(said) == (name in TOLD_TENANTS), said
