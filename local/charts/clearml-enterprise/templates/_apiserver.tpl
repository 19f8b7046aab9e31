{{/* The apiserver container's environment. Values are HOCON to the server: free strings carry quotes of their own. */}}
{{- define "apiserver.env" -}}
- name: CLEARML_CONFIG_PATH
  value: /opt/clearml/config
- name: CLEARML__secure__credentials__apiserver__role
  value: system
{{ include "server.confEnv" (dict "root" . "name" "CLEARML__secure__credentials__apiserver__user_key" "key" "apiserver_key") }}
{{ include "server.confEnv" (dict "root" . "name" "CLEARML__secure__credentials__apiserver__user_secret" "key" "apiserver_secret") }}
- name: CLEARML__secure__credentials__fileserver__role
  value: system
{{ include "server.confEnv" (dict "root" . "name" "CLEARML__secure__credentials__fileserver__user_key" "key" "fileserver_key") }}
{{ include "server.confEnv" (dict "root" . "name" "CLEARML__secure__credentials__fileserver__user_secret" "key" "fileserver_secret") }}
- name: CLEARML__secure__credentials__tests__role
  value: user
{{ include "server.confEnv" (dict "root" . "name" "CLEARML__secure__credentials__tests__user_key" "key" "test_user_key") }}
{{ include "server.confEnv" (dict "root" . "name" "CLEARML__secure__credentials__tests__user_secret" "key" "test_user_secret") }}
{{ include "server.confEnv" (dict "root" . "name" "CLEARML__secure__auth__token_secret" "key" "secure_auth_token_secret") }}
{{- with .Values.clearml.cookieDomain }}
- name: CLEARML__apiserver__auth__cookies__domain
  value: {{ printf ".%s" . | toJson | quote }}
{{- end }}
{{- with .Values.clearml.cookieName }}
{{- /* Spelled as in the public chart. */}}
- name: CLEARML__APISERVER__AUTH__SESSION_AUTH_COOKIE_NAME
  value: {{ toJson . | quote }}
{{- end }}
{{- if .Values.apiserver.logCalls }}
- name: CLEARML__apiserver__log_calls
  value: "true"
{{- end }}
{{- include "apiserver.externalServices" . }}
{{- with .Values.apiserver.extraEnvs }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* As in the public chart, of no database that the release brings itself. */}}
{{- define "apiserver.externalServices" -}}
{{- $brings := .Values }}
{{- with .Values.externalServices }}
{{- if not $brings.elasticsearch.enabled }}
{{- with .elasticsearchConnectionString }}
{{- range $use := list "workers" "events" "datasets" "logs" }}
- name: CLEARML__hosts__elastic__{{ $use }}__hosts
  value: {{ $.Values.externalServices.elasticsearchConnectionString | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- if not (or $brings.mongodb.enabled $brings.mckMongodb.migrated) }}
{{- with .mongodbConnectionStringAuth }}
- name: CLEARML__hosts__mongo__auth__host
  value: {{ . | quote }}
{{- end }}
{{- with .mongodbConnectionStringBackend }}
- name: CLEARML__hosts__mongo__backend__host
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- if not (and $brings.redis.enabled $brings.dragonfly.enabled) }}
{{- with .redisHost }}
- name: CLEARML_REDIS_SERVICE_HOST
  value: {{ . | quote }}
- name: CLEARML_REDIS_SERVICE_PORT
  value: {{ $.Values.externalServices.redisPort | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "apiserver.volumeMounts" -}}
- {name: tmp, mountPath: /tmp}
{{- if .Values.apiserver.additionalConfigs }}
- {name: config, mountPath: /opt/clearml/config}
{{- end }}
{{- range .Values.apiserver.fileMounts }}
- name: files
  mountPath: {{ printf "%s/%s" .folderPath .name }}
  subPath: {{ .name }}
  readOnly: true
{{- end }}
{{- end }}

{{- define "apiserver.volumes" -}}
- {name: tmp, emptyDir: {}}
{{- if .Values.apiserver.additionalConfigs }}
- name: config
  configMap:
    name: {{ .Release.Name }}-apiserver-configmap
{{- end }}
{{- if .Values.apiserver.fileMounts }}
- name: files
  secret:
    secretName: {{ .Release.Name }}-apiserver-files
{{- end }}
{{- end }}
