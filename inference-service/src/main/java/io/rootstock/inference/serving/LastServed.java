package io.rootstock.inference.serving;

import io.rootstock.inference.model.ServedVersion;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The version that each alias served last, also while it is being replaced; stored in a file for a restart without the
 * registry. Guarded by the lock of {@link ServedModels}.
 */
final class LastServed {
    private static final Logger LOG = Logger.getLogger(LastServed.class);

    private final Optional<ServedFile> file;
    private final Map<String, ServedVersion> versions;
    /** Whether the file matches {@link #versions}. */
    private boolean written = true;

    /**
     * Reads the file.
     *
     * @param file the file; empty: the versions are not stored
     */
    LastServed(Optional<ServedFile> file) {
        this.file = file;
        this.versions = new HashMap<>(file.map(ServedFile::read).orElseGet(Map::of));
    }

    /** The versions, by alias. */
    Map<String, ServedVersion> versions() {
        return versions;
    }

    /** Forgets all other aliases; {@link #update} stores the rest. */
    void retain(Set<String> aliases) {
        if (versions.keySet().retainAll(aliases)) {
            written = false;
        }
    }

    /** Records the versions that serve now, and stores all if one has changed. */
    void update(Map<String, ServedVersion> current) {
        Map<String, ServedVersion> before = Map.copyOf(versions);
        versions.putAll(current);
        if (!written || !before.equals(versions)) {
            write();
        }
    }

    /** Stores the versions; a full disk must not stop serving. */
    private void write() {
        try {
            file.ifPresent(stored -> stored.write(versions));
            written = true;
        } catch (UncheckedIOException e) {
            written = false;
            LOG.warn("cannot save the served versions for a restart without the registry", e);
        }
    }
}
