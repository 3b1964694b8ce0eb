package io.rootstock.llama;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the directory of llama.cpp's shared libraries: the {@code rootstock.llama} system property, the
 * {@code ROOTSTOCK_LLAMA} environment variable, or {@code native/} beside this library (Maven's {@code target/native})
 * or beside the packaged application that contains it ({@code quarkus-app/native}).
 */
public final class NativeDirectory {
    private NativeDirectory() {}

    /**
     * Returns the directory that {@link Llama#shared()} loads from.
     *
     * @throws LlamaException with the remedy, if it is not found
     */
    public static Path find() {
        String stated = System.getProperty("rootstock.llama", System.getenv("ROOTSTOCK_LLAMA"));
        if (stated != null && !stated.isBlank()) {
            Path directory = Path.of(stated);
            if (!holdsLlama(directory)) {
                throw new LlamaException(
                        "ROOTSTOCK_LLAMA (or -Drootstock.llama) names " + directory + ", which holds no libllama");
            }
            return directory;
        }
        List<Path> candidates = candidates();
        return candidates.stream()
                .filter(NativeDirectory::holdsLlama)
                .findFirst()
                .orElseThrow(() -> new LlamaException("no llama.cpp in " + candidates
                        + "; run libs/llama/fetch-native, or set ROOTSTOCK_LLAMA=<directory that holds libllama>"));
    }

    private static List<Path> candidates() {
        List<Path> candidates = new ArrayList<>();
        location().ifPresent(location -> {
            Path directory = location.getParent();
            for (int up = 0; up < 3 && directory != null; up++) {
                candidates.add(directory.resolve("native"));
                directory = directory.getParent();
            }
        });
        // A native image has no code source; its libraries are beside the executable.
        ProcessHandle.current()
                .info()
                .command()
                .map(command -> Path.of(command).resolveSibling("native"))
                .ifPresent(candidates::add);
        return candidates;
    }

    private static Optional<Path> location() {
        CodeSource source = NativeDirectory.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(source.getLocation().toURI()).toAbsolutePath());
        } catch (URISyntaxException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException _) {
            return Optional.empty();
        }
    }

    private static boolean holdsLlama(Path directory) {
        return Files.isDirectory(directory)
                && SharedLibraries.find(directory, "llama").isPresent();
    }
}
