{{- /* An image: registry, repository, tag and digest of the values; else of the reference. Arguments: root, reference. */}}
{{- define "rootstock.image" -}}
{{- $root := index . 0 }}
{{- $parts := splitList ":" (index . 1) }}
{{- $repository := first $parts }}
{{- $image := default dict (get $root.Values.images (last (splitList "/" $repository))) }}
{{- $name := default $repository $image.repository }}
{{- with $root.Values.image.registry }}
{{- $name = printf "%s/%s" . $name }}
{{- end }}
{{- $tag := default (default (last $parts) $root.Values.image.tag) $image.tag }}
{{- printf "%s:%s" $name $tag }}
{{- with $image.digest }}
{{- printf "@%s" . }}
{{- end }}
{{- end }}

{{- /* Number of pods of a service: of the values; else as generated. Arguments: root, service, number. */}}
{{- define "rootstock.replicas" -}}
{{- $service := get (index . 0).Values (index . 1) }}
{{- $value := get $service "replicas" }}
{{- if or (kindIs "invalid" $value) (kindIs "string" $value) }}
{{- /* null: Helm removes the key, and get returns an empty string. */}}
{{- index . 2 }}
{{- else }}
{{- int $value }}
{{- end }}
{{- end }}
