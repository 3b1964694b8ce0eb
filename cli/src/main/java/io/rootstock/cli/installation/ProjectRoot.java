package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the folder that holds the built services. */
public final class ProjectRoot {
    private ProjectRoot() {}

    /** The system property {@code rootstock.root} (the launcher sets it), else the nearest folder above these classes. */
    public static Path find() {
        String told = System.getProperty("rootstock.root");
        if (told != null) {
            return Path.of(told).toAbsolutePath().normalize();
        }
        for (Path start : new Path[] {codeLocation(), Path.of("").toAbsolutePath()}) {
            for (Path folder = start; folder != null; folder = folder.getParent()) {
                if (Files.isDirectory(folder.resolve("registry-service"))
                        && Files.isRegularFile(folder.resolve("rootstock"))) {
                    return folder;
                }
            }
        }
        throw new CliException(
                "the folder with the built services was not found",
                "run ./rootstock from the project, or set -Drootstock.root=<project>");
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
