package io.rootstock.inference.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.rootstock.files.AtomicFile;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.inference.peer.ServedJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jboss.logging.Logger;

/** {@code served.json}: the last working version of every alias. Replaced atomically; an unreadable file is ignored. */
final class ServedFile {
    private static final Logger LOG = Logger.getLogger(ServedFile.class);

    private final Path file;

    ServedFile(Path file) {
        this.file = file;
    }

    /** Maps alias names to versions; empty if the file does not exist. */
    Map<String, ServedVersion> read() {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            return ServedJson.read(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            LOG.warn(file + " is not readable; waiting for the registry instead", e);
            return Map.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Map<String, ServedVersion> served) {
        try {
            AtomicFile.write(file, ServedJson.write(served));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
