{{- define "agent.fullname" -}}
{{ .Values.fullnameOverride | default .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "agent.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "agent.podLabels" . }}
{{- end }}

{{/* What the Deployment selects by: never changes over upgrades. */}}
{{- define "agent.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "agent.podLabels" -}}
{{ include "agent.selectorLabels" . }}
app.kubernetes.io/component: agent
app.kubernetes.io/part-of: clearml
{{- end }}

{{/* What Pod Security `restricted` asks of a pod, and of each container. */}}
{{- define "agent.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "agent.containerSecurity" -}}
allowPrivilegeEscalation: false
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "agent.resources" -}}
requests: {cpu: 10m, memory: 32Mi}
limits: {cpu: "1", memory: 1Gi}
{{- end }}

{{- define "agent.image" -}}
{{- with .Values.agentk8sglue.image -}}
{{ .registry | default "docker.io" }}/{{ .repository | default "clearml/clearml-enterprise-agent-k8s" }}:{{ .tag | default $.Chart.AppVersion }}
{{- end }}
{{- end }}

{{/* Where the agent's own pod would run: the local cluster's nodes have neither labels nor taints nor disks. */}}
{{- define "agent.placement" -}}
{{- with .Values.agentk8sglue }}
{{- if or .nodeSelector .tolerations .affinity .volumes }}
stand-in/placement: {{ dict "nodeSelector" .nodeSelector "tolerations" .tolerations "affinity" .affinity "volumes" .volumes | toJson | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* `imagePullSecrets:` of a pod: existing ones take the place of the made one, extra ones come on top. */}}
{{- define "agent.pullSecrets" -}}
{{- $named := list }}
{{- if .Values.imageCredentials.existingImagePullSecrets }}
{{- $named = .Values.imageCredentials.existingImagePullSecrets }}
{{- else if .Values.imageCredentials.password }}
{{- $named = list (printf "%s-registry" (include "agent.fullname" .)) }}
{{- end }}
{{- with .Values.imageCredentials.existingSecret }}
{{- $named = append $named . }}
{{- end }}
{{- with concat $named .Values.imageCredentials.extraImagePullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ if kindIs "map" . }}{{ .name }}{{ else }}{{ . }}{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The Secret with `clearml.conf`; nothing if there is none. */}}
{{- define "agent.clearmlConfigSecret" -}}
{{- with .Values.clearml }}
{{- .existingClearmlConfigSecret | default (ternary (printf "%s-conf" (include "agent.fullname" $)) "" (not (empty .clearmlConfig))) }}
{{- end }}
{{- end }}

{{- define "agent.serviceAccount" -}}
{{ .Values.agentk8sglue.serviceExistingAccountName | default (include "agent.fullname" .) }}
{{- end }}

{{- define "agent.credentialsSecret" -}}
{{ .Values.clearml.existingAgentk8sglueSecret | default (printf "%s-ac" (include "agent.fullname" .)) }}
{{- end }}

{{/* A cluster has one list of ClusterRoles: `:` is legal there and in no namespace or release, so names never meet. */}}
{{- define "agent.clusterRole" -}}
{{ printf "%s:%s:%s" .Chart.Name .Release.Namespace .Release.Name }}
{{- end }}

{{/* The queues as the agent gets them, as JSON: name to settings, the apps queue beside them. */}}
{{- define "agent.queues" -}}
{{- $queues := .Values.agentk8sglue.queues | default (dict "default" dict) -}}
{{- $all := dict -}}
{{- range $name, $queue := $queues }}{{ $_ := set $all $name ($queue | default dict) }}{{ end -}}
{{- $all | toJson -}}
{{- end }}
