package io.rootstock.torch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * Finds the folder with libtorch's shared libraries: the configured one, or else bytedeco's jars on the class path,
 * unpacked once per version into Rootstock's home.
 */
final class LibtorchDirectory {
    static final String ENVIRONMENT = "ROOTSTOCK_LIBTORCH";
    static final String PROPERTY = "rootstock.libtorch";

    private static final String TORCH = "org/bytedeco/pytorch/linux-x86_64/";
    private static final String BLAS = "org/bytedeco/openblas/linux-x86_64/";
    private static final List<String> RESOURCES = List.of(
            BLAS + "libquadmath.so.0",
            BLAS + "libgfortran.so.5",
            BLAS + "libopenblas.so.0",
            TORCH + "libgomp.so.1",
            TORCH + "libc10.so",
            TORCH + "libtorch_cpu.so");

    private LibtorchDirectory() {}

    /** Whether a folder is configured. */
    static boolean isNamed() {
        String named = setting();
        return named != null && !named.isBlank();
    }

    private static String setting() {
        return System.getProperty(PROPERTY, System.getenv(ENVIRONMENT));
    }

    static Path find() {
        if (isNamed()) {
            return named(Path.of(setting()));
        }
        Path home = home();
        try {
            String version = version("pytorch") + "-openblas-" + version("openblas");
            return Unpacking.once(home.resolve("native"), "libtorch-" + version, RESOURCES);
        } catch (IOException e) {
            throw new LibtorchMissingException("libtorch could not be unpacked into " + home + ": " + e + ".", e);
        }
    }

    private static Path named(Path directory) {
        if (!Files.isRegularFile(directory.resolve("libtorch_cpu.so"))) {
            throw new LibtorchMissingException(
                    ENVIRONMENT + " (or -D" + PROPERTY + ") names " + directory
                            + ", where there is no libtorch_cpu.so.",
                    null);
        }
        return directory.toAbsolutePath();
    }

    private static Path home() {
        String home = System.getProperty("rootstock.home", System.getenv("ROOTSTOCK_HOME"));
        return home == null || home.isBlank()
                ? Path.of(System.getProperty("user.home"), ".rootstock")
                : Path.of(home).toAbsolutePath();
    }

    private static String version(String artifact) throws IOException {
        String resource = "META-INF/maven/org.bytedeco/" + artifact + "/pom.properties";
        Properties properties = new Properties();
        try (InputStream in = Unpacking.open(resource)) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }
}
