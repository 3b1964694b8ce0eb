package io.rootstock.trainer.estimate;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Cache of this machine's measurements by name, in a file that several processes may share. */
final class RememberedFigures<T> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Class<T> type;

    RememberedFigures(Path file, Class<T> type) {
        this.file = file;
        this.type = type;
    }

    /** Returns the cached value, or measures and caches it. */
    synchronized T get(String name, Supplier<T> measured) {
        T known = read().get(name);
        if (known != null) {
            return known;
        }
        T figure = measured.get();
        Map<String, T> all = read();
        all.put(name, figure);
        write(all);
        return figure;
    }

    /** Returns the cached value, if any. */
    Optional<T> known(String name) {
        return Optional.ofNullable(read().get(name));
    }

    private Map<String, T> read() {
        try {
            return Files.exists(file)
                    ? JSON.readValue(
                            file.toFile(), JSON.getTypeFactory().constructMapType(TreeMap.class, String.class, type))
                    : new TreeMap<>();
        } catch (IOException unreadable) {
            return new TreeMap<>();
        }
    }

    private void write(Map<String, T> figures) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
            AtomicFile.write(file, JSON.writeValueAsBytes(figures));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
