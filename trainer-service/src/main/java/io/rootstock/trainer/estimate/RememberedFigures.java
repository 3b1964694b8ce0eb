package io.rootstock.trainer.estimate;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Cache of this machine's measurements by name, in a file that several processes may share. A value is measured again
 * after 30 days, and after 10 minutes if other processes disturbed its measurement.
 */
final class RememberedFigures<T> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration VALID = Duration.ofDays(30);
    private static final Duration VALID_IF_DISTURBED = Duration.ofMinutes(10);

    private final Path file;
    private final JavaType type;

    RememberedFigures(Path file, Class<T> type) {
        this.file = file;
        var types = JSON.getTypeFactory();
        this.type = types.constructMapType(
                TreeMap.class,
                types.constructType(String.class),
                types.constructParametricType(Measurement.class, type));
    }

    /** Returns the cached value if it is valid; otherwise measures, and caches the more exact of the two. */
    synchronized T get(String name, Supplier<Measurement<T>> measurement) {
        Measurement<T> known = read().get(name);
        if (known != null && age(known).compareTo(known.disturbed() ? VALID_IF_DISTURBED : VALID) < 0) {
            return known.value();
        }
        Measurement<T> measured = measurement.get();
        if (known != null && measured.freeShare() < known.freeShare() && measured.disturbed()) {
            put(name, known.keptAt(measured.millis()));
            return known.value();
        }
        put(name, measured);
        return measured.value();
    }

    /** Replaces the cached value. */
    synchronized void put(String name, Measurement<T> measured) {
        Map<String, Measurement<T>> all = read();
        all.put(name, measured);
        write(all);
    }

    /** Returns the cached value, if any, even if it is due to be measured again. */
    Optional<T> known(String name) {
        return Optional.ofNullable(read().get(name)).map(Measurement::value);
    }

    private static Duration age(Measurement<?> measured) {
        return Duration.ofMillis(System.currentTimeMillis() - measured.millis());
    }

    private Map<String, Measurement<T>> read() {
        try {
            return Files.exists(file) ? JSON.readValue(file.toFile(), type) : new TreeMap<>();
        } catch (IOException unreadable) {
            return new TreeMap<>();
        }
    }

    private void write(Map<String, Measurement<T>> figures) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
            AtomicFile.write(file, JSON.writeValueAsBytes(figures));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
