package io.rootstock.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maven coordinates of a jar.
 *
 * @param classifier empty if it has none
 */
record Coordinates(String group, String artifact, String classifier, String version) {
    private static final Pattern LISTED =
            Pattern.compile("\\s*([^:\\s]+):([^:\\s]+):jar:(?:([^:\\s]+):)?([^:\\s]+):(?:compile|runtime)\\b.*");
    private static final String OWN_GROUP = "io.rootstock";

    /** Whether it is a jar of this project. */
    boolean isOwn() {
        return group.equals(OWN_GROUP);
    }

    /** Its package URL. */
    String purl() {
        return "pkg:maven/" + group + "/" + artifact + "@" + version
                + (classifier.isEmpty() ? "?type=jar" : "?classifier=" + classifier + "&type=jar");
    }

    private String file() {
        return artifact + "-" + version + (classifier.isEmpty() ? "" : "-" + classifier) + ".jar";
    }

    /**
     * The coordinates of the jars of a packaged service, by file name.
     *
     * @param listed its {@code quarkus-app-dependencies.txt}
     */
    static Map<String, Coordinates> ofService(Path listed) throws IOException {
        Map<String, Coordinates> byFile = new HashMap<>();
        for (String line : Files.readAllLines(listed)) {
            List<String> words = List.of(line.split(":", -1));
            if (words.size() != 5) {
                throw new IOException(listed + ": not group:artifact:classifier:type:version: " + line);
            }
            Coordinates jar = new Coordinates(words.get(0), words.get(1), words.get(2), words.get(4));
            byFile.put(jar.group + "." + jar.file(), jar);
            // The jar of the service itself has no group in its name.
            byFile.put(jar.file(), jar);
        }
        return byFile;
    }

    /**
     * The coordinates of a class path's jars, by file name.
     *
     * @param listed output of Maven's {@code dependency:list}
     */
    static Map<String, Coordinates> ofClassPath(Path listed) throws IOException {
        Map<String, Coordinates> byFile = new HashMap<>();
        for (String line : Files.readAllLines(listed)) {
            Matcher matcher = LISTED.matcher(line);
            if (matcher.matches()) {
                Coordinates jar = new Coordinates(
                        matcher.group(1),
                        matcher.group(2),
                        Optional.ofNullable(matcher.group(3)).orElse(""),
                        matcher.group(4));
                byFile.put(jar.file(), jar);
            }
        }
        return byFile;
    }
}
