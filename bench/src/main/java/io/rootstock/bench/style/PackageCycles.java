package io.rootstock.bench.style;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The dependencies between the packages of all modules' compiled classes, and their cycles. */
final class PackageCycles {
    private static final String OURS = "io.rootstock";

    /** By package, the packages it depends on, each with one dependency as an example. */
    private final Map<String, Map<String, String>> dependencies;

    private PackageCycles(Map<String, Map<String, String>> dependencies) {
        this.dependencies = dependencies;
    }

    /**
     * Packages of which each can be reached from each other one.
     *
     * @param packages sorted, two or more
     * @param edges one line for each dependency between two of them
     */
    record Cycle(Set<String> packages, List<String> edges) {
        @Override
        public String toString() {
            return packages.size() + " packages: " + String.join(", ", packages) + "\n"
                    + edges.stream().map(edge -> "      " + edge).collect(Collectors.joining("\n"));
        }
    }

    /** Imports the classes under {@code target/classes} of each module that has main Java sources. */
    static PackageCycles of(List<Path> modules) throws IOException {
        List<Path> outputs = new ArrayList<>();
        for (Path module : modules) {
            Path classes = module.resolve("target/classes");
            if (Files.isDirectory(classes)) {
                outputs.add(classes);
            } else if (Files.isDirectory(module.resolve("src/main/java"))) {
                throw new IOException(classes + " not found; compile the module first");
            }
        }
        Map<String, Map<String, String>> dependencies = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter().importPaths(outputs)) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target =
                        dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (isOurs(type.getPackageName()) && isOurs(target) && !target.equals(type.getPackageName())) {
                    dependencies
                            .computeIfAbsent(type.getPackageName(), none -> new TreeMap<>())
                            .merge(target, example(dependency), (a, b) -> a.compareTo(b) <= 0 ? a : b);
                }
            }
        }
        return new PackageCycles(dependencies);
    }

    /** From a graph: by package, the packages it depends on. */
    static PackageCycles of(Map<String, ? extends Collection<String>> graph) {
        Map<String, Map<String, String>> dependencies = new TreeMap<>();
        graph.forEach((name, targets) -> dependencies.put(
                name, targets.stream().collect(Collectors.toMap(target -> target, target -> name + " -> " + target))));
        return new PackageCycles(dependencies);
    }

    /** The strongly connected components of more than one package, in order of their first package. */
    List<Cycle> cycles() {
        Map<String, Set<String>> reachable = new TreeMap<>();
        dependencies.keySet().forEach(name -> reachable.put(name, reachable(name)));
        List<Cycle> cycles = new ArrayList<>();
        Set<String> assigned = new HashSet<>();
        for (String name : reachable.keySet()) {
            Set<String> component = new TreeSet<>(reachable.get(name));
            component.removeIf(other -> !reachable.getOrDefault(other, Set.of()).contains(name));
            if (component.size() > 1 && assigned.addAll(component)) {
                cycles.add(new Cycle(component, edges(component)));
            }
        }
        return cycles;
    }

    private List<String> edges(Set<String> component) {
        return component.stream()
                .flatMap(name -> dependencies.get(name).entrySet().stream())
                .filter(edge -> component.contains(edge.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The packages at the end of every path of one or more dependencies. */
    private Set<String> reachable(String start) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(dependencies.get(start).keySet());
        while (!open.isEmpty()) {
            String name = open.pop();
            if (seen.add(name)) {
                open.addAll(dependencies.getOrDefault(name, Map.of()).keySet());
            }
        }
        return seen;
    }

    private static boolean isOurs(String packageName) {
        return packageName.startsWith(OURS + ".");
    }

    private static String example(Dependency dependency) {
        return dependency.getOriginClass().getName() + " -> "
                + dependency.getTargetClass().getBaseComponentType().getName() + " "
                + dependency.getSourceCodeLocation();
    }
}
