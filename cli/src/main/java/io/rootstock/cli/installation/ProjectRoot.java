package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the project root, which contains the built services. */
public final class ProjectRoot {
    private ProjectRoot() {}

    /** The system property {@code rootstock.root}, set by the launcher; else the nearest matching parent directory. */
    public static Path find() {
        String property = System.getProperty("rootstock.root");
        if (property != null) {
            return Path.of(property).toAbsolutePath().normalize();
        }
        for (Path start : new Path[] {codeLocation(), Path.of("").toAbsolutePath()}) {
            for (Path directory = start; directory != null; directory = directory.getParent()) {
                if (Files.isDirectory(directory.resolve("registry-service"))
                        && Files.isRegularFile(directory.resolve("rootstock"))) {
                    return directory;
                }
            }
        }
        throw new CliException(
                "project root not found", "run ./rootstock from the project, or set -Drootstock.root=DIRECTORY");
    }

    private static Path codeLocation() {
        try {
            return Path.of(ProjectRoot.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException notAFile) {
            return Path.of("").toAbsolutePath();
        }
    }
}
