package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Finds the root of the program: the project, which contains the built services, or an unpacked download. */
public final class ProjectRoot {
    private ProjectRoot() {}

    /** The system property {@code rootstock.root}, set by the launchers; else the nearest matching parent directory. */
    public static Path find() {
        String property = System.getProperty("rootstock.root");
        if (property != null) {
            return Path.of(property).toAbsolutePath().normalize();
        }
        for (Path start : new Path[] {codeLocation(), Path.of("").toAbsolutePath()}) {
            for (Path directory = start; directory != null; directory = directory.getParent()) {
                if (isProject(directory) || Download.isAt(directory)) {
                    return directory;
                }
            }
        }
        throw new CliException(
                "project root not found", "run ./rootstock from the project, or set -Drootstock.root=DIRECTORY");
    }

    private static boolean isProject(Path directory) {
        return Files.isDirectory(directory.resolve("registry-service"))
                && Files.isRegularFile(directory.resolve("rootstock"));
    }

    /** The folder or jar of this class, or the native executable. */
    private static Path codeLocation() {
        CodeSource source = ProjectRoot.class.getProtectionDomain().getCodeSource();
        Path here = Path.of("").toAbsolutePath();
        if (source == null) {
            return ProcessHandle.current().info().command().map(Path::of).orElse(here);
        }
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException notAFile) {
            return here;
        }
    }
}
