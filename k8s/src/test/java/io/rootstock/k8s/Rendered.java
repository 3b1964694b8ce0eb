package io.rootstock.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The base or an overlay, as kustomize renders it.
 *
 * @param name directory
 * @param resources resources, read strictly
 */
record Rendered(String name, List<HasMetadata> resources) {
    private static final Path OVERLAYS = Path.of("overlays");

    /** The base and all overlays. */
    static List<Rendered> everything() throws IOException {
        List<Rendered> all = new ArrayList<>(List.of(base()));
        try (Stream<Path> overlays = Files.list(OVERLAYS)) {
            for (Path overlay : overlays.sorted().toList()) {
                all.add(of(overlay));
            }
        }
        return all;
    }

    static Rendered base() throws IOException {
        return of(Manifests.BASE);
    }

    static Rendered overlay(String name) throws IOException {
        return of(OVERLAYS.resolve(name));
    }

    static Rendered of(Path directory) throws IOException {
        List<HasMetadata> resources = new ArrayList<>();
        for (var document : Kustomize.render(directory)) {
            resources.add(Manifests.typed(directory, document));
        }
        return new Rendered(directory.toString(), List.copyOf(resources));
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return resources.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> T named(Class<T> type, String name) {
        return all(type).stream()
                .filter(resource -> resource.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(this.name + " has no " + type.getSimpleName() + " " + name));
    }

    List<Workload> workloads() {
        return Workload.of(resources);
    }

    Workload workload(String service) {
        return workloads().stream()
                .filter(workload -> workload.name().equals(service))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " has no pods of " + service));
    }

    /** The variables of a service's container from ConfigMaps and values; a later one overrides an earlier one. */
    Map<String, String> settings(Workload workload) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (EnvFromSource source : workload.container().getEnvFrom()) {
            if (source.getConfigMapRef() != null) {
                settings.putAll(named(ConfigMap.class, source.getConfigMapRef().getName())
                        .getData());
            }
        }
        for (EnvVar variable : workload.container().getEnv()) {
            if (variable.getValue() != null) {
                settings.put(variable.getName(), variable.getValue());
            }
        }
        return settings;
    }

    @Override
    public String toString() {
        return name;
    }
}
