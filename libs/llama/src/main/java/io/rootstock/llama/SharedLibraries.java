package io.rootstock.llama;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Opens llama.cpp's shared libraries; their version is before or after {@code .so}, depending on the build. On macOS they end
 * with {@code .dylib}.
 */
final class SharedLibraries {
    private SharedLibraries() {}

    /** Returns a lookup over libllama, libggml and libggml-base, which stay loaded for the lifetime of the process. */
    static SymbolLookup open(Path directory) {
        SymbolLookup llama = open(directory, "llama");
        return llama.or(open(directory, "ggml")).or(open(directory, "ggml-base"));
    }

    /** Finds the file of a library, such as {@code libname.so}, {@code libname.vX.so}, {@code libname.so.X}, {@code libname.metal.vX.dylib}. */
    static Optional<Path> find(Path directory, String name) {
        Pattern file =
                Pattern.compile("lib" + Pattern.quote(name) + "(\\.metal)?(\\.v[0-9.]+)?\\.(so(\\.[0-9.]+)?|dylib)");
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(
                            path -> file.matcher(path.getFileName().toString()).matches())
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SymbolLookup open(Path directory, String name) {
        Path file = find(directory, name)
                .orElseThrow(() -> new LlamaException("lib" + name + " is missing in " + directory));
        try {
            return SymbolLookup.libraryLookup(file.toAbsolutePath(), Arena.global());
        } catch (IllegalArgumentException e) {
            throw new LlamaException("cannot load " + file + ": " + e.getMessage(), e);
        }
    }
}
