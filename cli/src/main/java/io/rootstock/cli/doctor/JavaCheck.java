package io.rootstock.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java runtime of the services: version 25. */
record JavaCheck(Optional<Path> found) implements Check {
    private static final String NAME = "java";
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(([0-9]+)[^\"]*)\"");
    private static final int REQUIRED = 25;
    private static final String HINT =
            "install a JDK 25 (Debian: apt install openjdk-25-jdk) and set JAVA_HOME to its folder";

    @Override
    public List<Finding> run() {
        return List.of(found.map(JavaCheck::of).orElseGet(() -> Finding.error(NAME, "no Java runtime found", HINT)));
    }

    private static Finding of(Path home) {
        Optional<Matcher> version = version(home);
        if (version.isEmpty()) {
            return Finding.warning(NAME, "unknown version of the Java runtime at " + home, HINT);
        }
        String found = "Java " + version.get().group(1) + " at " + home;
        return Integer.parseInt(version.get().group(2)) == REQUIRED
                ? Finding.ok(NAME, found)
                : Finding.error(NAME, found + "; the services need Java " + REQUIRED, HINT);
    }

    private static Optional<Matcher> version(Path home) {
        try {
            return Files.readAllLines(home.resolve("release")).stream()
                    .map(VERSION::matcher)
                    .filter(Matcher::matches)
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
