{{/* What the agent reads from files: queues with their settings, the template of the tasks' pods. */}}
{{- define "agent.config" -}}
{{- with .Values.agentk8sglue -}}
queues.yaml: {{ include "agent.queues" $ | fromJson | toYaml | quote }}
apps-queue.yaml: {{ .appsQueue | toYaml | quote }}
base-pod-template.yaml: {{ .basePodTemplate | toYaml | quote }}
monitored-resources.yaml: {{ .monitoredResources | toYaml | quote }}
orchestration-dashboard.yaml: {{ .orchestrationDashboard | toYaml | quote }}
custom-bash-script.sh: {{ .containerCustomBashScript | quote }}
{{- end }}
custom-certificates.yaml: {{ .Values.customCertificates | toYaml | quote }}
sessions.yaml: {{ .Values.sessions | toYaml | quote }}
{{- with .Values.bootstrap }}
bootstrap.yaml: {{ toYaml . | quote }}
{{- end }}
{{- with .Values.agentk8sglue.initContainers }}
init-containers.yaml: {{ toYaml . | quote }}
{{- end }}
{{- end }}

{{- define "agent.env" -}}
{{- with .Values.agentk8sglue }}
- name: CLEARML_API_HOST
  value: {{ required "agentk8sglue.apiServerUrlReference: give the URL of the ClearML API" .apiServerUrlReference | quote }}
- name: CLEARML_WEB_HOST
  value: {{ required "agentk8sglue.webServerUrlReference: give the URL of the ClearML web server" .webServerUrlReference | quote }}
{{- with .fileServerUrlReference }}
- name: CLEARML_FILES_HOST
  value: {{ . | quote }}
{{- end }}
- name: CLEARML_API_ACCESS_KEY
  valueFrom:
    secretKeyRef: {name: {{ include "agent.credentialsSecret" $ }}, key: agentk8sglue_key}
- name: CLEARML_API_SECRET_KEY
  valueFrom:
    secretKeyRef: {name: {{ include "agent.credentialsSecret" $ }}, key: agentk8sglue_secret}
- name: CLEARML_WORKER_ID
  value: {{ .workerIdOverride | default $.Release.Name | quote }}
{{- with .taskWorkerIdOverride }}
- name: K8S_GLUE_TASK_WORKER_ID
  value: {{ . | quote }}
{{- end }}
- name: K8S_DEFAULT_NAMESPACE
  value: {{ $.Release.Namespace | quote }}
- name: K8S_GLUE_QUEUE
  value: {{ include "agent.queues" $ | fromJson | keys | sortAlpha | join "," | quote }}
- name: K8S_GLUE_CREATE_QUEUES
  value: {{ .createQueues | quote }}
- name: K8S_GLUE_APPS_QUEUE
  value: {{ .appsQueue.enabled | quote }}
- name: K8S_GLUE_USE_OWNER_TOKEN
  value: {{ or .useOwnerToken (get $.Values.agentk8s "useOwnerToken") | default false | quote }}
- name: K8S_GLUE_MULTI_NODE
  value: {{ .multiNode.enabled | quote }}
- name: K8S_GLUE_COMPLETED_POD_DELETION_DELAY_MINUTES
  value: {{ .completedPodDeletionDelayMinutes | quote }}
{{- with .defaultContainerImage }}
- name: CLEARML_DOCKER_IMAGE
  value: {{ . | quote }}
{{- end }}
{{- with .serverTasks }}
- name: K8S_GLUE_SERVER_TASKS
  value: {{ . | toJson | quote }}
{{- end }}
{{- with .airGappedSupport }}
- name: K8S_GLUE_AIR_GAPPED_SUPPORT
  value: {{ . | toJson | quote }}
{{- end }}
{{- if eq (toString .clearmlcheckCertificate) "false" }}
- name: CLEARML_API_HOST_VERIFY_CERT
  value: "false"
{{- end }}
{{- with .extraEnvs }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end }}
