package io.rootstock.k8s.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The templates of the Helm chart. Chart.yaml, the values and the helpers are written by hand.
 *
 * @param components components of the kustomize tree
 * @param files templates by file name
 */
record Chart(Components components, Map<String, List<Node>> files) {
    static final Path DIRECTORY = Path.of("chart");

    /** Combinations that templates are derived from have at most this number of components. */
    private static final int MAX_COMPONENTS = 3;

    private static final String HEADER =
            "{{- /* Generated from the kustomize tree by io.rootstock.k8s.chart.Chart; do not edit. */}}\n";

    /** Kinds of resources that have a file of their own. */
    private static final Map<String, String> FILES = Map.ofEntries(
            Map.entry("NetworkPolicy", "network.yaml"),
            Map.entry("PodMonitor", "monitoring.yaml"),
            Map.entry("PrometheusRule", "monitoring.yaml"),
            Map.entry("HorizontalPodAutoscaler", "autoscale.yaml"),
            Map.entry("ScaledObject", "autoscale.yaml"),
            Map.entry("Gateway", "gateway.yaml"),
            Map.entry("GRPCRoute", "gateway.yaml"),
            Map.entry("HTTPRoute", "gateway.yaml"),
            Map.entry("Issuer", "certificates.yaml"),
            Map.entry("Certificate", "certificates.yaml"),
            Map.entry("PriorityClass", "priority.yaml"));

    /** Derives the templates from the kustomize tree. */
    static Chart generate() throws IOException {
        Components components = Components.read();
        Map<Set<String>, List<ObjectNode>> rendered = new LinkedHashMap<>();
        components
                .rendered(MAX_COMPONENTS)
                .forEach((names, documents) -> rendered.put(components.closure(names), documents));
        Map<String, List<Node>> files = new TreeMap<>();
        for (String id : ids(rendered)) {
            Map<Set<String>, JsonNode> cases = new LinkedHashMap<>();
            rendered.forEach((names, documents) -> cases.put(names, find(documents, id)));
            Variants resource = new Variants(cases);
            files.computeIfAbsent(file(resource), _ -> new ArrayList<>()).addAll(ObjectTemplate.of(resource));
        }
        files.replaceAll((_, nodes) -> Node.united(nodes));
        return new Chart(components, files);
    }

    /** Texts of the templates by file name. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        files.forEach((name, nodes) -> {
            StringBuilder text = new StringBuilder(HEADER);
            for (String component : components(nodes)) {
                text.append("{{- $")
                        .append(Components.key(component))
                        .append(" := ")
                        .append(condition(component))
                        .append(" }}\n");
            }
            Node.write(nodes, text);
            texts.put(name, text.toString());
        });
        StringBuilder refusals = new StringBuilder(HEADER);
        Components.refusals()
                .forEach((condition, message) -> refusals.append("{{- if ")
                        .append(condition)
                        .append(" }}\n{{- fail \"")
                        .append(message)
                        .append("\" }}\n{{- end }}\n"));
        texts.put("refusals.yaml", refusals.toString());
        return texts;
    }

    /** The text that Helm renders with default values and these components. */
    String render(Set<String> names) {
        Set<String> flags = new TreeSet<>(components.closure(names));
        flags.add(ChartValues.CREATE_NAMESPACE);
        StringBuilder text = new StringBuilder();
        files.values().forEach(nodes -> Node.render(nodes, flags, text));
        return text.toString();
    }

    /** Replaces the committed templates. */
    void write() throws IOException {
        Path templates = DIRECTORY.resolve("templates");
        Files.createDirectories(templates);
        for (Map.Entry<String, String> file : texts().entrySet()) {
            Files.writeString(templates.resolve(file.getKey()), file.getValue());
        }
    }

    private String condition(String component) {
        if (component.equals(ChartValues.CREATE_NAMESPACE)) {
            return ".Values.namespace.create";
        }
        List<String> conditions = new ArrayList<>(List.of(".Values.components." + Components.key(component)));
        for (String other : components.names()) {
            if (components.includes().get(other).contains(component)) {
                conditions.add(".Values.components." + Components.key(other));
            }
        }
        return conditions.size() == 1 ? conditions.getFirst() : "or " + String.join(" ", conditions);
    }

    private static Set<String> components(List<Node> nodes) {
        Set<String> names = new TreeSet<>();
        for (Node node : nodes) {
            switch (node) {
                case Node.Line _, Node.Extra _ -> {}
                case Node.Replacement replacement -> names.addAll(components(replacement.generated()));
                case Node.Choice choice -> {
                    names.add(choice.component());
                    names.addAll(components(choice.with()));
                    names.addAll(components(choice.without()));
                }
            }
        }
        return names;
    }

    private static Set<String> ids(Map<Set<String>, List<ObjectNode>> rendered) {
        Set<String> ids = new LinkedHashSet<>();
        rendered.values().forEach(documents -> documents.forEach(document -> ids.add(id(document))));
        return ids;
    }

    private static JsonNode find(List<ObjectNode> documents, String id) {
        for (ObjectNode document : documents) {
            if (id(document).equals(id)) {
                return document;
            }
        }
        return MissingNode.getInstance();
    }

    private static String id(JsonNode document) {
        return document.path("kind").asText() + "/"
                + document.at("/metadata/name").asText();
    }

    private static String file(Variants resource) {
        JsonNode any = resource.cases().values().stream()
                .filter(JsonNode::isObject)
                .findFirst()
                .orElseThrow();
        String service =
                any.at("/metadata/labels").path("app.kubernetes.io/name").asText();
        if (FILES.containsKey(any.path("kind").asText())) {
            return FILES.get(any.path("kind").asText());
        }
        if (any.at("/metadata/labels").has("grafana_dashboard")) {
            return "monitoring.yaml";
        }
        return ChartValues.SERVICES.contains(service) ? service + ".yaml" : "common.yaml";
    }
}
