{{- define "balie.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 }}{{ end }}
{{- end }}

{{- define "balie.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "balie.labels" -}}
{{ include "balie.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "balie.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "balie.secret" -}}
{{ .Values.existingSecret | default (include "balie.name" .) }}
{{- end }}

{{- define "balie.env" -}}
envFrom:
  - secretRef:
      name: {{ include "balie.secret" . }}
env:
  - name: BALIE_PUBLIC_URL
    value: {{ printf "https://%s" .Values.domain | quote }}
  - name: BALIE_TRUSTED_PROXIES
    value: {{ .Values.trustedProxies | quote }}
  - name: BALIE_METRICS_READERS
    value: {{ .Values.metricsReaders | quote }}
  {{- with .Values.blobUrl }}
  - name: BALIE_BLOB_URL
    value: {{ . | quote }}
  {{- end }}
  {{- range $name, $value := .Values.settings }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
  {{- with .Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "balie.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "balie.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
