package io.rootstock.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Resources of operators, whose types the API's client does not have: a field that ours do not use is an error. */
final class CustomResources {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Kind to the fields below its spec, at any depth. */
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "monitoring.coreos.com/v1/PodMonitor",
            Set.of(
                    "selector",
                    "matchLabels",
                    "app.kubernetes.io/name",
                    "podTargetLabels",
                    "podMetricsEndpoints",
                    "port",
                    "path",
                    "interval",
                    "scheme",
                    "tlsConfig",
                    "serverName",
                    "ca",
                    "cert",
                    "secret",
                    "keySecret",
                    "name",
                    "key"),
            "monitoring.coreos.com/v1/PrometheusRule",
            Set.of(
                    "groups",
                    "name",
                    "rules",
                    "record",
                    "alert",
                    "expr",
                    "for",
                    "labels",
                    "severity",
                    "annotations",
                    "summary",
                    "runbook"),
            "keda.sh/v1alpha1/ScaledObject",
            Set.of(
                    "scaleTargetRef",
                    "apiVersion",
                    "kind",
                    "name",
                    "pollingInterval",
                    "minReplicaCount",
                    "maxReplicaCount",
                    "advanced",
                    "horizontalPodAutoscalerConfig",
                    "behavior",
                    "scaleUp",
                    "scaleDown",
                    "stabilizationWindowSeconds",
                    "policies",
                    "type",
                    "value",
                    "periodSeconds",
                    "triggers",
                    "metadata",
                    "serverAddress",
                    "query",
                    "threshold"),
            "cert-manager.io/v1/Issuer",
            Set.of("selfSigned", "ca", "secretName"),
            "cert-manager.io/v1/Certificate",
            Set.of(
                    "isCA",
                    "commonName",
                    "secretName",
                    "duration",
                    "renewBefore",
                    "dnsNames",
                    "usages",
                    "privateKey",
                    "algorithm",
                    "size",
                    "encoding",
                    "rotationPolicy",
                    "issuerRef",
                    "name",
                    "kind"));

    private CustomResources() {}

    static boolean has(String kind) {
        return FIELDS.containsKey(kind);
    }

    static HasMetadata read(Path file, JsonNode document) throws IOException {
        String kind = document.path("apiVersion").asText() + "/"
                + document.path("kind").asText();
        requireFields(file, document, Set.of("apiVersion", "kind", "metadata", "spec"));
        requireFields(file, document.path("metadata"), Set.of("name", "namespace", "labels"));
        requireFieldsBelow(file, document.path("spec"), FIELDS.get(kind));
        return JSON.treeToValue(document, GenericKubernetesResource.class);
    }

    private static void requireFieldsBelow(Path file, JsonNode node, Set<String> known) throws IOException {
        if (node.isObject()) {
            requireFields(file, node, known);
        }
        for (JsonNode child : node) {
            requireFieldsBelow(file, child, known);
        }
    }

    private static void requireFields(Path file, JsonNode node, Set<String> known) throws IOException {
        for (String name : (Iterable<String>) node::fieldNames) {
            if (!known.contains(name)) {
                throw new IOException(file + ": unknown field " + name);
            }
        }
    }
}
