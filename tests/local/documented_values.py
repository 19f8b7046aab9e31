"""Every value of the three charts that public pages name, each given once; the document's first values block."""

from __future__ import annotations

from typing import Any

INGRESS = {"enabled": True, "hostName": "x.example.com", "ingressClassName": "nginx", "tlsSecretName": "tls"}
PULL = {"password": "token", "extraImagePullSecrets": ["one", {"name": "two"}], "existingImagePullSecrets": ["three"]}
CERTIFICATES = {
    "extraCerts": [{"alias": "ca", "pem": "---"}],
    "overrideCaCertificatesCrt": "",
    "propagateToTasks": True,
}
POD = {"nodeSelector": {"gpu": "yes"}, "tolerations": [{"key": "k", "operator": "Exists"}], "anything": {"goes": 1}}
VARIABLES = [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]
FILES = [{"name": "a.json", "folderPath": "/mnt", "fileContent": "{}"}]
LOGIN = {"enabled": True, "existingSecret": "four", "registry": "docker.io", "username": "a", "email": "a@example.com"}
SCHEDULED = {
    "nodeSelector": {"pool": "services"},
    "tolerations": [{"key": "k", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}},
}
RESOURCES = {"requests": {"cpu": "1"}, "limits": {"memory": "2Gi"}}
OWN_POD = {
    **SCHEDULED,
    "replicaCount": 2,
    "image": {"registry": "registry.example.com", "repository": "mirror/x", "tag": "1", "pullPolicy": "Always"},
    "resources": RESOURCES,
    "podSecurityContext": {"fsGroup": 1},
    "containerSecurityContext": {"readOnlyRootFilesystem": True},
}
SERVER_POD = {
    **OWN_POD,
    "serviceAccountName": "clearml",
    "initContainers": {"resources": RESOURCES},
    "podAnnotations": {"a": "b"},
    "additionalVolumes": [{"name": "ca", "configMap": {"name": "ca"}}],
    "additionalVolumeMounts": [{"name": "ca", "mountPath": "/ca"}],
}
# Of a part's other objects than its pods.
BESIDE_PODS = {"deploymentAnnotations": {"a": "b"}, "serviceAccountAnnotations": {"a": "b"}}
AGENT_POD = {
    **OWN_POD,
    "labels": {"team": "ml"},
    "annotations": {"a": "b"},
    "volumes": [{"name": "ca", "configMap": {"name": "ca"}}],
    "volumeMounts": [{"name": "ca", "mountPath": "/ca"}],
}

EVERY_SERVER_VALUE: dict[str, Any] = {
    "imageCredentials": {**PULL, **LOGIN},
    "clearml": {
        "cookieDomain": "example.com",
        "apiserverKey": "a",
        "apiserverSecret": "b",
        "fileserverKey": "c",
        "fileserverSecret": "d",
        "secureAuthTokenSecret": "e",
        "testUserKey": "f",
        "testUserSecret": "g",
        "existingSecret": "",
        "defaultCompany": "d1bd92a3b039400cbafc60a7a5b1e52b",
        "readinessprobeKey": "h",
        "readinessprobeSecret": "i",
        "clientConfigurationApiUrl": "https://api.example.com",
        "clientConfigurationFilesUrl": "https://files.example.com",
        "extraIndexUrl": "https://packages.example.com",
    },
    "apiserver": {
        **SERVER_POD,
        **BESIDE_PODS,
        "enabled": True,
        "prepopulateEnabled": False,
        "processes": {"count": 8, "timeout": 24000, "maxRequests": 1000, "maxRequestsJitter": 300},
        "existingAdditionalConfigsConfigMap": "one",
        "existingAdditionalConfigsSecret": "two",
        "extraEnvs": VARIABLES,
        "additionalConfigs": {"apiserver.conf": "auth {}\n"},
        "ingress": {**INGRESS, "annotations": {"a/b": "c"}, "path": "/api"},
        "service": {"type": "NodePort", "annotations": {"a": "b"}, "port": 8008, "nodePort": 30008},
        "logCalls": True,
        "fileMounts": FILES,
    },
    "fileserver": {
        **SERVER_POD,
        **BESIDE_PODS,
        "enabled": True,
        "ingress": INGRESS,
        "service": {"type": "ClusterIP"},
        "extraEnvs": VARIABLES,
        "storage": {"enabled": True, "data": {"existingPVC": "", "class": "fast", "accessMode": "x", "size": "50Gi"}},
    },
    "webserver": {
        **SERVER_POD,
        **BESIDE_PODS,
        "enabled": True,
        "blockUserScript": True,
        "additionalConfigs": {"configuration.json": "{}"},
        "ingress": INGRESS,
        "service": {"type": "ClusterIP"},
        "extraEnvs": VARIABLES,
        "displayedServerURLs": {"apiserver": "https://a", "fileserver": "https://f"},
    },
    "usageAggregator": {
        "enabled": True,
        "configuration": "pricing { currency: USD }",
        "externalServices": {"mongodbConnectionString": "mongodb://mongo.example.com:27017"},
    },
    "usageScripts": {
        "enabled": True,
        "storageResourcesExporter": {"cronJob": {"schedule": "0 */6 * * *"}},
        "companyLifecycle": {"enabled": False},
    },
    "clearmlApplications": {
        "enabled": True,
        "queueMode": "per_tenant",
        "apiServerUrlReferenceOverride": "https://a",
        "fileServerUrlReferenceOverride": "https://f",
        "webServerUrlReferenceOverride": "https://w",
        "maxPods": 3,
        "extraEnvs": VARIABLES,
        "basePodTemplate": POD,
        "containerSecurityContext": {"readOnlyRootFilesystem": True},
        "containerCustomBashScript": "echo",
        "customCertificates": CERTIFICATES,
    },
    "mongodb": {"enabled": False, "auth": {"rootPassword": "x"}, "persistence": {"size": "100Gi"}, **SCHEDULED},
    "mckMongodb": {"enabled": True, "migrated": True},
    "redis": {"enabled": True, "auth": {"password": "x"}, "master": {"resources": RESOURCES}},
    "elasticsearch": {
        "enabled": True,
        "secret": {"password": "x"},
        "esJavaOpts": "-Xmx4g",
        "resources": RESOURCES,
        "extraEnvs": VARIABLES,
        "podSecurityContext": {"fsGroup": 1},
        "securityContext": {"runAsUser": 1},
    },
    "externalServices": {
        "elasticsearchConnectionString": '[{"host":"es"}]',
        "mongodbConnectionStringAuth": "mongodb://auth",
        "mongodbConnectionStringBackend": "mongodb://backend",
        "redisHost": "redis",
        "redisPort": 6379,
    },
    "global": {"imageRegistry": "docker.io"},
}
QUEUE = {
    "queueSettings": {
        "maxPods": 2,
        "defaultImage": "python",
        "customWorkerIdTemplate": "w-{{uid}}",
        "useImageEntrypoint": True,
        "multiNode": [4, 2],
    },
    "templateOverrides": POD,
}
EVERY_AGENT_VALUE: dict[str, Any] = {
    "imageCredentials": {**PULL, **LOGIN},
    "clearml": {
        "agentk8sglueKey": "a",
        "agentk8sglueSecret": "b",
        "existingAgentk8sglueSecret": "c",
        "clearmlConfig": "sdk {}",
        "existingClearmlConfigSecret": "",
    },
    "agentk8sglue": {
        **AGENT_POD,
        "fileServerUrlReference": "https://files.example.com",
        "createQueues": True,
        "queues": {"gpu": QUEUE, "cpu": {}},
        "appsQueue": {"enabled": True, **QUEUE},
        "basePodTemplate": POD,
        "extraEnvs": VARIABLES,
        "fileMounts": FILES,
        "defaultContainerImage": "python",
        "monitoredResources": {"maxResources": 1},
        "orchestrationDashboard": {"enabled": True, "reportType": "global"},
        "taskWorkerIdOverride": "t",
        "workerIdOverride": "w",
        "multiNode": {"enabled": True},
        "completedPodDeletionDelayMinutes": 5,
        "serverTasks": {"enabled": True},
        "airGappedSupport": {"enabled": True},
        "containerCustomBashScript": "echo",
        "additionalRoleBindings": ["reader"],
        "serviceAccountClusterAccess": False,
        "useOwnerToken": True,
        "clearmlcheckCertificate": False,
        "initContainers": {"resources": RESOURCES},
        "serviceAccountAnnotations": {"a": "b"},
        "serviceExistingAccountName": "own",
        "additionalClusterRoleBindings": ["nodes"],
    },
    "bootstrap": {"enabled": True},
    "agentk8s": {"useOwnerToken": True},
    "sessions": {"portModeEnabled": False},
    "customCertificates": CERTIFICATES,
}
EVERY_GATEWAY_VALUE: dict[str, Any] = {
    "imageCredentials": PULL,
    "ingress": {
        "enabled": True,
        "hostName": "router.example.com",
        "hostname": "router.example.com",
        "className": "nginx",
        "tlsSecretName": "tls",
        "annotations": {"a/b": "c"},
    },
    "streamSession": {
        "routerAddress": "tcp-router.example.com",
        "service": {"type": "LoadBalancer", "loadBalancerClass": "metallb"},
        "portRange": {"start": 20000, "end": 20005},
    },
    "service": {"type": "NodePort"},
    "router": {"extraEnvs": [{"name": "ROUTER__HTTP__AUTHORIZATION__COOKIE__SECURE", "value": "false"}]},
    "externalURL": "https://router.example.com",
    "proxy": {"autoReloadConfig": True},
    "fullnameOverride": "router",
}

# The document's first values block; placeholders that were lost in it are filled in.
FIRST_BLOCK = [
    {"name": "CLEARML__services__organization__features__user_management_advanced", "value": "true"},
    {"name": "CLEARML__services__auth__ui_features_per_role__user__show_datasets", "value": "false"},
    {"name": "CLEARML__services__auth__ui_features_per_role__user__show_orchestration", "value": "false"},
    {
        "name": "CLEARML__services__workers__resource_usages__supervisor_company",
        "value": "d1bd92a3b039400cbafc60a7a5b1e52b",
    },
    {"name": "CLEARML__secure__credentials__supervisor__role", "value": "system"},
    {"name": "CLEARML__secure__credentials__supervisor__allow_login", "value": "true"},
    {"name": "CLEARML__secure__credentials__supervisor__user_key", "value": "SUPERVISOR_KEY"},
    {"name": "CLEARML__secure__credentials__supervisor__user_secret", "value": "SUPERVISOR_SECRET"},
    {
        "name": "CLEARML__secure__credentials__supervisor__sec_groups",
        "value": '["users", "admins", "queue_admins"]',
    },
    {"name": "CLEARML__secure__credentials__supervisor__email", "value": '"email@example.com"'},
    {"name": "CLEARML__apiserver__company__unique_names", "value": "true"},
]
