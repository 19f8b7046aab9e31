{{/* Labels of every object; call with (dict "root" $ "component" "apiserver"). */}}
{{- define "server.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: clearml
{{ include "server.selectorLabels" . }}
{{- end }}

{{/* What a Service and a Deployment select by: never changes over upgrades. */}}
{{- define "server.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "server.podLabels" -}}
{{ include "server.selectorLabels" . }}
app.kubernetes.io/part-of: clearml
{{- end }}

{{/* What Pod Security `restricted` asks of a pod, and of each container. */}}
{{- define "server.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "server.containerSecurity" -}}
allowPrivilegeEscalation: false
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "server.resources" -}}
requests: {cpu: 10m, memory: 32Mi}
limits: {cpu: "1", memory: 1Gi}
{{- end }}

{{/* Of a component's own values; call with (dict "root" $ "component" "apiserver"). */}}
{{- define "server.image" -}}
{{- $image := (get .root.Values .component).image -}}
{{ $image.registry | default "docker.io" }}/{{ $image.repository | default (printf "clearml/clearml-enterprise-%s" .component) }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/* The part's own annotations, and where its pods would run: the local cluster's nodes have no labels, taints or disks. */}}
{{- define "server.annotations" -}}
{{- with get .root.Values .component }}
{{- if or .nodeSelector .tolerations .affinity .additionalVolumes }}
stand-in/placement: {{ dict "nodeSelector" .nodeSelector "tolerations" .tolerations "affinity" .affinity "volumes" .additionalVolumes | toJson | quote }}
{{- end }}
{{- with pick . "processes" "initContainers" "storage" "serviceAccountName" "prepopulateEnabled" "existingAdditionalConfigsConfigMap" "existingAdditionalConfigsSecret" | include "server.given" }}
stand-in/values: {{ . | quote }}
{{- end }}
{{- with .podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end }}

{{/* What the real chart makes its pods of and nothing here reads, as JSON: nothing if nothing is given. */}}
{{- define "server.given" -}}
{{- $given := dict }}
{{- range $key, $value := . }}
{{- if not (empty $value) }}{{ $_ := set $given $key $value }}{{ end }}
{{- end }}
{{- if $given }}{{ $given | toJson }}{{ end }}
{{- end }}

{{/* `imagePullSecrets:` of a pod: existing ones take the place of the made one, extra ones come on top. */}}
{{- define "server.pullSecrets" -}}
{{- $named := list }}
{{- if .Values.imageCredentials.existingImagePullSecrets }}
{{- $named = .Values.imageCredentials.existingImagePullSecrets }}
{{- else if .Values.imageCredentials.password }}
{{- $named = list (printf "%s-registry" .Release.Name) }}
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

{{- define "server.confSecret" -}}
{{ .Values.clearml.existingSecret | default "clearml-conf" }}
{{- end }}

{{/* An environment entry from the server's Secret; call with (dict "root" $ "name" NAME "key" key). */}}
{{- define "server.confEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ include "server.confSecret" .root }}
      key: {{ .key }}
{{- end }}

{{/* Changes with the given credentials, so that a change of them rolls the pods; generated ones never change. */}}
{{- define "server.confChecksum" -}}
{{ .Values.clearml | toJson | sha256sum }}
{{- end }}
