{{- define "gateway.fullname" -}}
{{ .Values.fullnameOverride | default .Release.Name | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- define "gateway.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "gateway.podLabels" . }}
{{- end }}

{{/* What Services and the Deployment select by: never changes over upgrades. */}}
{{- define "gateway.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "gateway.podLabels" -}}
{{ include "gateway.selectorLabels" . }}
app.kubernetes.io/component: app-gateway
app.kubernetes.io/part-of: clearml
{{- end }}

{{/* What Pod Security `restricted` asks of a pod, and of each container. */}}
{{- define "gateway.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "gateway.containerSecurity" -}}
allowPrivilegeEscalation: false
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* `imagePullSecrets:` of a pod: existing ones take the place of the made one, extra ones come on top. */}}
{{- define "gateway.pullSecrets" -}}
{{- $named := list }}
{{- if .Values.imageCredentials.existingImagePullSecrets }}
{{- $named = .Values.imageCredentials.existingImagePullSecrets }}
{{- else if .Values.imageCredentials.password }}
{{- $named = list (printf "%s-registry" (include "gateway.fullname" .)) }}
{{- end }}
{{- with concat $named .Values.imageCredentials.extraImagePullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ if kindIs "map" . }}{{ .name }}{{ else }}{{ . }}{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "gateway.hostName" -}}
{{- with .Values.ingress }}
{{- if and .hostName .hostname (ne .hostName .hostname) }}
{{- fail "ingress: hostName and hostname differ: give one of them" }}
{{- end }}
{{- required "ingress.hostName: give the host name, since the ingress is enabled" (.hostName | default .hostname) }}
{{- end }}
{{- end }}

{{/* First and last port of stream sessions, as JSON. */}}
{{- define "gateway.portRange" -}}
{{- with .Values.streamSession }}
{{- if not (and .portRange.start .portRange.end) }}
{{- fail "streamSession.portRange: give start and end, since routerAddress is set" }}
{{- end }}
{{- $start := int .portRange.start }}{{ $end := int .portRange.end }}
{{- if gt $start $end }}
{{- fail (printf "streamSession.portRange: start %d is after end %d" $start $end) }}
{{- end }}
{{- if and (eq .service.type "NodePort") (or (lt $start 30000) (gt $end 32767)) }}
{{- fail (printf "streamSession.portRange: %d-%d is outside the node ports 30000-32767 that service.type NodePort can use" $start $end) }}
{{- end }}
{{- dict "start" $start "end" $end | toJson }}
{{- end }}
{{- end }}
