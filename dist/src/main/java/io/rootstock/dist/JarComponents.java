package io.rootstock.dist;

import io.rootstock.cli.installation.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Identifies the jars of others in the download. */
final class JarComponents {
    private final Inputs inputs;
    private final Path folder;
    private final Set<String> changed;
    private final PomLicences licences;
    private final Map<String, List<String>> files = new TreeMap<>();
    private final Map<String, Coordinates> found = new HashMap<>();
    private final Map<String, String> digests = new HashMap<>();

    /**
     * @param folder the assembled folder
     * @param changed names of the jars that lack parts of the published ones
     */
    JarComponents(Inputs inputs, Path folder, Set<String> changed) {
        this.inputs = inputs;
        this.folder = folder;
        this.changed = changed;
        this.licences = new PomLicences(inputs.repository());
    }

    /**
     * Returns the jars by others.
     *
     * @throws IOException naming a jar whose coordinates are unknown
     */
    List<Component> find() throws IOException {
        for (Service service : Service.values()) {
            Path libraries = folder.resolve("services").resolve(service.label()).resolve("lib");
            if (Files.isDirectory(libraries)) {
                add(
                        libraries,
                        Coordinates.ofService(inputs.module(service.label() + "-service")
                                .resolve("quarkus-app/quarkus-app-dependencies.txt")));
            }
        }
        add(
                folder.resolve("lib/cli/lib"),
                Coordinates.ofClassPath(inputs.module("dist").resolve("dependencies.txt")));
        List<Component> components = new ArrayList<>();
        for (Map.Entry<String, Coordinates> jar : found.entrySet()) {
            if (!jar.getValue().isOwn()) {
                components.add(component(jar.getKey(), jar.getValue()));
            }
        }
        return components.stream().sorted().toList();
    }

    private void add(Path directory, Map<String, Coordinates> known) throws IOException {
        List<Path> jars;
        try (Stream<Path> all = Files.walk(directory)) {
            jars = all.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path jar : jars) {
            Coordinates coordinates = known.get(jar.getFileName().toString());
            if (coordinates == null) {
                throw new IOException("the build does not list the coordinates of " + jar);
            }
            found.put(coordinates.purl(), coordinates);
            files.computeIfAbsent(coordinates.purl(), _ -> new ArrayList<>())
                    .add(folder.relativize(jar).toString());
            digests.put(coordinates.purl(), Digests.sha256(jar));
        }
    }

    private Component component(String purl, Coordinates jar) throws IOException {
        List<String> places = files.get(purl).stream().sorted().toList();
        boolean cut = places.stream().anyMatch(place -> changed.contains(place.substring(place.lastIndexOf('/') + 1)));
        return new Component(
                jar.group(),
                jar.artifact(),
                jar.version(),
                purl,
                licences.of(jar),
                places,
                digests.get(purl),
                cut ? "without native libraries, or only with those of the platform" : "");
    }
}
