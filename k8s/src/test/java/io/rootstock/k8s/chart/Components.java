package io.rootstock.k8s.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.k8s.Kustomize;
import io.rootstock.k8s.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The components of the kustomize tree, in the order in which overlays apply them.
 *
 * @param names directories
 * @param includes components that another one applies itself, by the other one
 */
record Components(List<String> names, Map<String, Set<String>> includes) {
    static final String NAMESPACE = "rootstock";

    private static final Path ROOT = Path.of("components");

    /** Pairs that contradict each other, or of which one includes the other. */
    private static final List<Set<String>> EXCLUSIVE = List.of(
            Set.of("ha", "single-node"),
            Set.of("single-node", "volume"),
            Set.of("jobs", "single-node"),
            Set.of("jobs", "volume"),
            Set.of("autoscale", "autoscale-keda"),
            Set.of("autoscale", "single-node"),
            Set.of("autoscale-keda", "single-node"),
            Set.of("gateway", "mtls"),
            Set.of("gateway", "mtls-cert-manager"),
            Set.of("mtls", "mtls-cert-manager"));

    /** A component that changes resources of another one; a component that includes the other one counts, too. */
    private static final Map<String, Set<String>> NEEDS = Map.of("monitoring-mtls", Set.of("monitoring", "mtls"));

    /** Autoscalers remove numbers of pods that other components set. */
    private static final Comparator<String> ORDER = Comparator.<String, Boolean>comparing(
                    name -> name.startsWith("autoscale"))
            .thenComparing(Comparator.naturalOrder());

    static Components read() throws IOException {
        List<String> names = new ArrayList<>();
        Map<String, Set<String>> includes = new LinkedHashMap<>();
        try (Stream<Path> directories = Files.list(ROOT)) {
            directories.map(directory -> directory.getFileName().toString()).forEach(names::add);
        }
        names.sort(ORDER);
        for (String name : names) {
            Set<String> included = new TreeSet<>();
            JsonNode nested = Manifests.tree(ROOT.resolve(name).resolve("kustomization.yaml"))
                    .path("components");
            nested.forEach(
                    path -> included.add(Path.of(path.asText()).getFileName().toString()));
            includes.put(name, included);
        }
        return new Components(names, includes);
    }

    /** The components that an overlay applies; none of the base. */
    static Set<String> of(Path overlay) throws IOException {
        Set<String> components = new TreeSet<>();
        Manifests.tree(overlay.resolve("kustomization.yaml"))
                .path("components")
                .forEach(path ->
                        components.add(Path.of(path.asText()).getFileName().toString()));
        return components;
    }

    /** The components and those that they include. */
    Set<String> closure(Set<String> components) {
        Set<String> all = new TreeSet<>(components);
        components.forEach(name -> all.addAll(includes.get(name)));
        return all;
    }

    /** Whether components can be applied together. */
    boolean isValid(Set<String> components) {
        Set<String> all = closure(components);
        return EXCLUSIVE.stream().noneMatch(components::containsAll)
                && components.stream().allMatch(name -> all.containsAll(NEEDS.getOrDefault(name, Set.of())));
    }

    /** Messages of a chart that refuses a combination, by the condition of the refusal. */
    static Map<String, String> refusals() {
        Map<String, String> refusals = new LinkedHashMap<>();
        for (Set<String> pair : EXCLUSIVE) {
            List<String> sorted = pair.stream().sorted().toList();
            refusals.put(
                    "and .Values.components." + key(sorted.get(0)) + " .Values.components." + key(sorted.get(1)),
                    "components." + key(sorted.get(0)) + " and components." + key(sorted.get(1))
                            + " exclude each other");
        }
        refusals.put(
                "and .Values.components.monitoringMtls (not (and .Values.components.monitoring (or"
                        + " .Values.components.mtls .Values.components.mtlsCertManager)))",
                "components.monitoringMtls needs components.monitoring, and components.mtls or"
                        + " components.mtlsCertManager");
        return refusals;
    }

    /** Name in the values of the chart: {@code single-node} is {@code singleNode}. */
    static String key(String component) {
        StringBuilder key = new StringBuilder();
        for (String word : component.split("-", -1)) {
            key.append(key.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return key.toString();
    }

    /** The resources of the base with all valid combinations of at most this number of components. */
    Map<Set<String>, List<ObjectNode>> rendered(int most) throws IOException {
        Map<Set<String>, List<ObjectNode>> all = new LinkedHashMap<>();
        add(all, new TreeSet<>(), Kustomize.render(Manifests.BASE), 0, most);
        all.keySet().removeIf(components -> !isValid(components));
        return all;
    }

    /** The resources of the base with these components. */
    List<ObjectNode> rendered(Set<String> components) throws IOException {
        List<ObjectNode> documents = Kustomize.render(Manifests.BASE);
        for (String name : names) {
            if (components.contains(name)) {
                documents = Kustomize.apply(documents, ROOT.resolve(name), NAMESPACE);
            }
        }
        return documents;
    }

    private void add(
            Map<Set<String>, List<ObjectNode>> all,
            Set<String> components,
            List<ObjectNode> documents,
            int next,
            int most)
            throws IOException {
        all.put(components, documents);
        if (components.size() == most) {
            return;
        }
        for (int index = next; index < names.size(); index++) {
            Set<String> more = new TreeSet<>(components);
            more.add(names.get(index));
            if (EXCLUSIVE.stream().noneMatch(more::containsAll) && canFollow(names.get(index), components)) {
                add(all, more, Kustomize.apply(documents, ROOT.resolve(names.get(index)), NAMESPACE), index + 1, most);
            }
        }
    }

    /** Whether the resources that a component changes are there; what it needs besides may follow. */
    private static boolean canFollow(String component, Set<String> before) {
        return NEEDS.getOrDefault(component, Set.of()).stream()
                .filter(needed -> needed.compareTo(component) < 0)
                .allMatch(before::contains);
    }
}
