{{/* Labels of one role; the first two never change, as a Deployment's selector cannot. */}}
{{- define "quorum.selector" -}}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- define "quorum.labels" -}}
{{ include "quorum.selector" . }}
app.kubernetes.io/name: quorum
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "quorum.name" -}}
{{ printf "%s-%s" .root.Release.Name .role | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* What every pod is: no token for the cluster, a user without rights. */}}
{{- define "quorum.pod" -}}
serviceAccountName: {{ .root.Release.Name }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 30
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
{{- end }}

{{- define "quorum.image" -}}
image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{/* The loop answers /healthz, so that a process that has stalled is started again; /readyz asks the database.
     A process that begins gets ten minutes: one that was ended in the midst of a migration would make it anew. */}}
{{- define "quorum.probes" -}}
ports:
  - {name: http, containerPort: 8471}
startupProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 2
  failureThreshold: 300
livenessProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 10
  timeoutSeconds: 8
{{- end }}

{{/* The sandbox closes what is closed to it, which takes a loop that turns. */}}
{{- define "quorum.sandboxAnswers" -}}
command:
  - python
  - -c
  - |
    import socket
    door = socket.socket(socket.AF_UNIX)
    door.settimeout(6)
    door.connect("/run/quorum/sandbox.sock")
    door.shutdown(socket.SHUT_WR)
    door.recv(1)
{{- end }}

{{- define "quorum.environment" -}}
- {name: QUORUM_APP_ID, value: {{ .Values.app.id | toString | quote }}}
- {name: QUORUM_APP_SLUG, value: {{ .Values.app.slug | quote }}}
- {name: QUORUM_GITHUB_URL, value: {{ .Values.githubUrl | quote }}}
- {name: QUORUM_MODEL, value: {{ .Values.model | quote }}}
- {name: QUORUM_PRIVATE_KEY_FILE, value: /run/secrets/quorum_private_key.pem}
{{- range $name, $value := .Values.settings }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}

{{/* Of the Secret, what this role needs and nothing else; a key that the Secret has not is left out. */}}
{{- define "quorum.secrets" -}}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
    {{- range .keys }}
      - secret:
          name: {{ $.root.Values.secretName }}
          items: [{key: {{ . }}, path: {{ . }}}]
          optional: {{ or (hasSuffix "_api_key" .) (eq . "quorum_relay_url") }}
    {{- end }}
{{- end }}
