package io.rootstock.torch;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * Finds the folder with libtorch's shared libraries: the configured one, {@code target/native} of a build on a platform
 * without jars, or else bytedeco's jars on the class path, unpacked once per version into Rootstock's home.
 */
final class LibtorchDirectory {
    static final String ENVIRONMENT = "ROOTSTOCK_LIBTORCH";
    static final String PROPERTY = "rootstock.libtorch";

    /** This platform in the names of JavaCPP's jars. */
    static final String PLATFORM = platform(System.getProperty("os.name"), System.getProperty("os.arch"));

    private static final String TORCH = "org/bytedeco/pytorch/" + PLATFORM + "/";
    private static final String BLAS = "org/bytedeco/openblas/" + PLATFORM + "/";

    /** Libraries of all platforms; the jars of one platform have some of them. */
    private static final List<String> RESOURCES = List.of(
            BLAS + "libquadmath.so.0",
            BLAS + "libquadmath.0.dylib",
            BLAS + "libgfortran.so.5",
            BLAS + "libgfortran.5.dylib",
            BLAS + "libopenblas.so.0",
            BLAS + "libopenblas.0.dylib",
            TORCH + "libgomp.so.1",
            TORCH + "libiomp5.dylib",
            TORCH + "libc10.so",
            TORCH + "libc10.dylib",
            TORCH + "libtorch_cpu.so",
            TORCH + "libtorch_cpu.dylib");

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
        Optional<Path> fetched = fetched();
        if (fetched.isPresent()) {
            return fetched.get();
        }
        Path home = home();
        try {
            String version = version("pytorch") + "-openblas-" + version("openblas");
            return Unpacking.once(home.resolve("native"), "libtorch-" + version, published());
        } catch (IOException e) {
            throw new LibtorchMissingException("libtorch could not be unpacked into " + home + ": " + e + ".", e);
        }
    }

    private static Path named(Path directory) {
        String library = System.mapLibraryName("torch_cpu");
        if (!Files.isRegularFile(directory.resolve(library))) {
            throw new LibtorchMissingException(
                    ENVIRONMENT + " (or -D" + PROPERTY + ") names " + directory + ", where there is no " + library
                            + ".",
                    null);
        }
        return directory.toAbsolutePath();
    }

    /** The output of {@code fetch-native}, beside the classes or the jar of this library. */
    private static Optional<Path> fetched() {
        try {
            return Optional.ofNullable(
                            LibtorchDirectory.class.getProtectionDomain().getCodeSource())
                    .map(CodeSource::getLocation)
                    .filter(location -> location.getProtocol().equals("file"))
                    .map(location -> Path.of(URI.create(location.toString())).resolveSibling("native"))
                    .filter(folder -> Files.isRegularFile(folder.resolve(System.mapLibraryName("torch_cpu"))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The name of a platform in JavaCPP's jars. */
    static String platform(String system, String processor) {
        String name = system.toLowerCase(Locale.ROOT).startsWith("mac") ? "macosx" : "linux";
        return name + (processor.equals("aarch64") ? "-arm64" : "-x86_64");
    }

    private static List<String> published() throws IOException {
        ClassLoader classes = LibtorchDirectory.class.getClassLoader();
        List<String> found = RESOURCES.stream()
                .filter(name -> classes.getResource(name) != null)
                .toList();
        if (found.stream().noneMatch(name -> name.endsWith(System.mapLibraryName("torch_cpu")))) {
            throw new FileNotFoundException("no libtorch for " + PLATFORM + " on the class path");
        }
        return found;
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
