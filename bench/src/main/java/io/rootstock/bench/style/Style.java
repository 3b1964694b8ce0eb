package io.rootstock.bench.style;

import io.rootstock.bench.source.JavaSources;
import io.rootstock.bench.source.ProjectFiles;
import io.rootstock.cli.installation.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints the places that break the rules of wording and structure, then one line with their numbers. */
public final class Style {
    private static final int SHOWN = 10;
    private static final int LONGEST_FILE = 400;

    private Style() {}

    /** {@code --list} prints every place, otherwise the first ten of each check. */
    public static void main(String[] arguments) throws IOException {
        List<String> options = List.of(arguments);
        if (!options.isEmpty() && !options.equals(List.of("--list"))) {
            System.err.println("error: unknown arguments " + options + "\nhint: bench/style [--list]");
            System.exit(2);
        }
        Path root = ProjectRoot.find();
        ProjectFiles files = ProjectFiles.of(root);
        boolean all = !options.isEmpty();
        List<Place> phrases = PhraseList.read(root).find(files);
        List<Place> javadocs = EmptyJavadocs.find(files, JavaSources.parse(files.java()));
        List<PackageCycles.Cycle> cycles = PackageCycles.of(files.modules()).cycles();
        List<Place> longFiles = longFiles(files);
        List<Map.Entry<Path, Long>> packages = packages(files);

        print(
                "phrases of docs/GLOSSARY.md",
                phrases.stream().map(Place::toString).toList(),
                all);
        print(
                "Javadoc that says nothing",
                javadocs.stream().map(Place::toString).toList(),
                all);
        print(
                "package cycles",
                cycles.stream().map(PackageCycles.Cycle::toString).toList(),
                all);
        print(
                "files over " + LONGEST_FILE + " lines",
                longFiles.stream().map(Place::toString).toList(),
                all);
        print(
                "files in a package",
                packages.stream()
                        .map(entry -> "%4d  %s".formatted(entry.getValue(), files.relative(entry.getKey())))
                        .toList(),
                all);
        System.out.printf(
                "phrases=%d empty_javadocs=%d package_cycles=%d files_over_400_lines=%d longest_package=%d%n",
                phrases.size(),
                javadocs.size(),
                cycles.size(),
                longFiles.size(),
                packages.getFirst().getValue());
    }

    private static void print(String title, List<String> places, boolean all) {
        if (places.isEmpty()) {
            return;
        }
        System.out.println(title + ":");
        places.stream().limit(all ? places.size() : SHOWN).forEach(place -> System.out.println("  " + place));
        if (!all && places.size() > SHOWN) {
            System.out.println("  and " + (places.size() - SHOWN) + " more; --list prints all");
        }
    }

    /** Files over the limit except build descriptors, longest first; the line is the file's length. */
    static List<Place> longFiles(ProjectFiles files) throws IOException {
        List<Place> places = new ArrayList<>();
        for (Path file : files.all()) {
            int lines = Files.readAllLines(file).size();
            if (lines > LONGEST_FILE && !file.endsWith("pom.xml")) {
                places.add(new Place(files.relative(file), lines, lines + " lines"));
            }
        }
        places.sort(Comparator.comparingLong(Place::line).reversed());
        return places;
    }

    /** Java files in each package's directory, largest package first. */
    static List<Map.Entry<Path, Long>> packages(ProjectFiles files) {
        return files.java().stream()
                .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<Path, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }
}
