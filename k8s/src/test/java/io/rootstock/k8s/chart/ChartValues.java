package io.rootstock.k8s.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The values of the chart in the template of one resource; {@code values.yaml} documents them.
 *
 * @param kind kind of the resource
 * @param name name of the resource
 */
record ChartValues(String kind, String name) {
    /** The services, each with a key of its own in the values. */
    static final Set<String> SERVICES = Set.of("registry", "tokenizer", "trainer", "inference", "evaluator");

    /** ConfigMaps whose settings the values override. */
    private static final Set<String> SETTINGS =
            Set.of("common", "s3", "registry", "tokenizer", "trainer", "inference", "evaluator");

    /** The namespace, which usually exists before an installation. */
    private static final String NAMESPACE = "Namespace";

    /** Name of the flag in choices. */
    static final String CREATE_NAMESPACE = "create-namespace";

    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet");
    private static final String POD = "/spec/template/spec";

    /**
     * A replacement in the lines of resources.
     *
     * @param kinds kinds of the resources
     * @param text part of a line
     * @param template replacement
     */
    private record Rule(Set<String> kinds, Pattern text, String template) {
        static Rule of(Set<String> kinds, String text, String template) {
            return new Rule(kinds, Pattern.compile(text), template);
        }
    }

    private static final Set<String> ROUTES = Set.of("Gateway", "GRPCRoute", "HTTPRoute");
    private static final Set<String> SCALERS = Set.of("HorizontalPodAutoscaler", "ScaledObject");

    private static final List<Rule> RULES = List.of(
            Rule.of(WORKLOADS, "(name|secretName): rootstock-token$", "$1: {{ .Values.secrets.token }}"),
            Rule.of(WORKLOADS, "(name|secretName): rootstock-registry-database$", "$1: {{ .Values.secrets.database }}"),
            Rule.of(WORKLOADS, "(name|secretName): rootstock-s3$", "$1: {{ .Values.secrets.s3 }}"),
            Rule.of(
                    Set.of("ConfigMap"),
                    "^( +spark\\.kubernetes\\.namespace +)rootstock$",
                    "$1{{ .Release.Namespace }}"),
            Rule.of(
                    Set.of("ConfigMap"),
                    "(spark\\.kubernetes\\.container\\.image +)(rootstock/\\S+)$",
                    "$1{{ include \"rootstock.image\" (list . \"$2\") }}"),
            Rule.of(Set.of("Certificate"), "- ([a-z]+)\\.rootstock(\\.svc.*)?$", "- $1.{{ .Release.Namespace }}$2"),
            Rule.of(
                    Set.of("ScaledObject"),
                    "namespace=\\\\\"rootstock\\\\\"",
                    "namespace=\\\\\"{{ .Release.Namespace }}\\\\\""),
            Rule.of(
                    Set.of("ScaledObject"),
                    "serverAddress: .*",
                    "serverAddress: {{ .Values.autoscale.prometheus | quote }}"),
            Rule.of(SCALERS, "(minReplicas|minReplicaCount): \\d+", "$1: {{ .Values.autoscale.minReplicas }}"),
            Rule.of(SCALERS, "(maxReplicas|maxReplicaCount): \\d+", "$1: {{ .Values.autoscale.maxReplicas }}"),
            Rule.of(SCALERS, "(threshold|averageValue): \"4\"", "$1: {{ .Values.autoscale.queueDepth | quote }}"),
            Rule.of(
                    SCALERS,
                    "(threshold|averageValue): \"200\"",
                    "$1: {{ .Values.autoscale.tokensPerSecond | quote }}"),
            Rule.of(ROUTES, "rootstock\\.example\\.com", "{{ .Values.gateway.domain }}"),
            Rule.of(ROUTES, "gatewayClassName: .*", "gatewayClassName: {{ .Values.gateway.className | quote }}"),
            Rule.of(ROUTES, "name: rootstock-gateway-tls", "name: {{ .Values.gateway.certificate }}"));

    private boolean isService() {
        return WORKLOADS.contains(kind) && SERVICES.contains(name);
    }

    /** The line, with the values that belong into it. */
    Node.Line line(String text) {
        String template = Node.Line.of(text).template();
        for (Rule rule : RULES) {
            if (rule.kinds().contains(kind)) {
                template = rule.text().matcher(template).replaceAll(rule.template());
            }
        }
        return new Node.Line(template, text);
    }

    /**
     * The line of a field with a scalar.
     *
     * @param key indented name with colon and blank
     * @param path of the field, with the names of items
     */
    Node.Line scalar(String key, JsonNode value, String field, String path) {
        String text = key + Scalars.inline(value);
        if (path.equals("/metadata/namespace") || (field.equals("namespace") && path.startsWith("/subjects/"))) {
            return new Node.Line(key + "{{ .Release.Namespace }}", text);
        }
        if (kind.equals(NAMESPACE) && path.equals("/metadata/name")) {
            return new Node.Line(key + "{{ .Release.Namespace }}", text);
        }
        if (WORKLOADS.contains(kind) && field.equals("image")) {
            return new Node.Line(key + "{{ include \"rootstock.image\" (list . \"" + value.asText() + "\") }}", text);
        }
        if (isService() && path.equals("/spec/replicas")) {
            return new Node.Line(
                    key + "{{ include \"rootstock.replicas\" (list . \"" + name + "\" " + value + ") }}", text);
        }
        if (kind.equals("ConfigMap") && SETTINGS.contains(name) && path.startsWith("/data/")) {
            return new Node.Line(
                    key + "{{ get " + settings() + " \"" + field + "\" | default " + value + " | quote }}", text);
        }
        if (field.equals("storage") && path.endsWith("/resources/requests/storage")) {
            return new Node.Line(key + "{{ default \"" + value.asText() + "\" " + storage() + " }}", text);
        }
        return line(text);
    }

    private String settings() {
        return SERVICES.contains(name) ? ".Values." + name + ".settings" : ".Values.settings." + name;
    }

    private String storage() {
        return SERVICES.contains(name) ? ".Values." + name + ".storage" : ".Values.storage." + name;
    }

    /** The lines of a field, which a value may replace. */
    List<Node> field(String path, int indent, List<Node> generated) {
        if (isService() && path.equals(POD + "/containers/" + name + "/resources")) {
            return List.of(new Node.Replacement(
                    ".Values." + name + ".resources",
                    List.of(" ".repeat(indent) + "resources:", "{{- toYaml . | nindent " + (indent + 2) + " }}"),
                    generated));
        }
        return generated;
    }

    /**
     * Lines at the end of an object that values add.
     *
     * @param fields names of the generated fields
     */
    List<Node> extras(String path, int indent, Set<String> fields) {
        String blanks = " ".repeat(indent);
        List<String> lines = new ArrayList<>();
        if (kind.equals("ConfigMap") && SETTINGS.contains(name) && path.equals("/data")) {
            String known = fields.stream().map(field -> " \"" + field + "\"").collect(Collectors.joining());
            lines.addAll(List.of(
                    "{{- range $key, $value := omit " + settings() + known + " }}",
                    blanks + "{{ $key }}: {{ $value | quote }}",
                    "{{- end }}"));
        }
        if (isService() && path.equals(POD)) {
            for (String field : List.of("nodeSelector", "tolerations")) {
                lines.addAll(yaml(".Values." + name + "." + field, blanks, field));
            }
            lines.addAll(yaml(".Values.image.pullSecrets", blanks, "imagePullSecrets"));
        }
        if (kind.equals("ServiceAccount") && SERVICES.contains(name) && path.equals("/metadata")) {
            lines.addAll(yaml(".Values." + name + ".serviceAccountAnnotations", blanks, "annotations"));
        }
        boolean claim = path.endsWith("/volumeClaimTemplate/spec") || path.contains("/volumeClaimTemplates/");
        if ((claim && path.endsWith("/spec")) || (kind.equals("PersistentVolumeClaim") && path.equals("/spec"))) {
            String value = claim ? ".Values.storage.className" : ".Values.storage.sharedClassName";
            lines.addAll(
                    List.of("{{- with " + value + " }}", blanks + "storageClassName: {{ . | quote }}", "{{- end }}"));
        }
        return lines.isEmpty() ? List.of() : List.of(new Node.Extra(lines));
    }

    private static List<String> yaml(String value, String blanks, String field) {
        return List.of(
                "{{- with " + value + " }}",
                blanks + field + ":",
                "{{- toYaml . | nindent " + (blanks.length() + 2) + " }}",
                "{{- end }}");
    }

    /** The template of the resource, which a value may leave out. */
    List<Node> whole(List<Node> nodes) {
        return kind.equals(NAMESPACE) ? List.of(new Node.Choice(CREATE_NAMESPACE, nodes, List.of())) : nodes;
    }
}
