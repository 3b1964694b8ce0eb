package io.rootstock.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sizes of the parts of a folder. Files of equal content count once, for the part that comes first.
 *
 * @param folder the assembled folder
 */
record SizeTable(Path folder) {
    private static final double MEGABYTE = 1e6;

    /** Beginnings of paths and the parts that they belong to, the first match counts. */
    private static final Map<String, String> PARTS = parts();

    private static Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("runtime/lib/src.zip", "sources that the demo reads");
        parts.put("runtime/", "Java runtime");
        parts.put("native/libtorch/", "libtorch and OpenBLAS");
        parts.put("native/llama/", "llama.cpp");
        parts.put("services/inference/inference-service", "inference service, native executable");
        parts.put("lib/cli/rootstock-cli.jar", "jars");
        parts.put("lib/cli/rootstock", "command line, native executable");
        parts.put("services/registry/lib/main/io.zonky", "PostgreSQL");
        parts.put("services/", "jars");
        parts.put("lib/cli/", "jars");
        parts.put("licenses/", "licences");
        parts.put("", "scripts, bill of materials");
        return parts;
    }

    /** Lines of part, megabytes and files, the largest first. */
    List<String> lines() throws IOException {
        Map<String, long[]> sums = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            long[] sum = sums.computeIfAbsent(part(folder.relativize(file).toString()), _ -> new long[3]);
            long size = Files.size(file);
            sum[1]++;
            if (seen.add(Digests.sha256(file))) {
                sum[0] += size;
            } else {
                sum[2] += size;
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line("part", "MB", "files", "MB of links"));
        sums.entrySet().stream()
                .sorted((a, b) -> Long.compare(b.getValue()[0], a.getValue()[0]))
                .forEach(entry -> lines.add(line(
                        entry.getKey(),
                        megabytes(entry.getValue()[0]),
                        Long.toString(entry.getValue()[1]),
                        megabytes(entry.getValue()[2]))));
        return lines;
    }

    private static String part(String path) {
        return PARTS.entrySet().stream()
                .filter(part -> path.startsWith(part.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static String line(String part, String size, String files, String links) {
        return String.format(Locale.ROOT, "  %-40s %8s %8s %12s", part, size, files, links);
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MEGABYTE);
    }
}
