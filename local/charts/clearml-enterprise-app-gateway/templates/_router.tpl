{{- define "gateway.routerEnv" -}}
- name: CLEARML_API_HOST
  value: {{ required "clearml.apiServerUrlReference: give the URL of the ClearML API" .Values.clearml.apiServerUrlReference | quote }}
- name: CLEARML_API_ACCESS_KEY
  valueFrom:
    secretKeyRef: {name: {{ include "gateway.fullname" . }}-credentials, key: apiKey}
- name: CLEARML_API_SECRET_KEY
  valueFrom:
    secretKeyRef: {name: {{ include "gateway.fullname" . }}-credentials, key: apiSecret}
- name: AUTH_COOKIE_NAME
  value: {{ required "clearml.authCookieName: give the name of the server's authentication cookie" .Values.clearml.authCookieName | quote }}
- name: ROUTER_NAME
  value: {{ .Release.Name | quote }}
- name: ROUTER_URL
  value: {{ include "gateway.url" . | quote }}
{{- if .Values.streamSession.routerAddress }}
{{- $range := include "gateway.portRange" . | fromJson }}
- name: STREAM_ROUTER_ADDRESS
  value: {{ .Values.streamSession.routerAddress | quote }}
- name: STREAM_PORTS
  value: {{ printf "%d-%d" (int $range.start) (int $range.end) | quote }}
{{- end }}
{{- with .Values.router.extraEnvs }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Where users find the gateway: its own setting, else the ingress. */}}
{{- define "gateway.url" -}}
{{- if .Values.externalURL }}
{{- .Values.externalURL }}
{{- else if .Values.ingress.enabled }}
{{- printf "%s://%s" (empty .Values.ingress.tlsSecretName | ternary "http" "https") (include "gateway.hostName" .) }}
{{- end }}
{{- end }}
