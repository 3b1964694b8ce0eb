package io.rootstock.cli.installation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Record of the supervisor of an installation, stored as {@code processes/supervisor.json} until the services are stopped.
 *
 * @param pid process id
 * @param startMillis start time of the process, milliseconds since 1970
 * @param services what has happened to the services, by label; services without an exit are missing
 */
public record SupervisorRecord(long pid, long startMillis, Map<String, Restarts> services) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What has happened to a service since the last {@code rootstock down}.
     *
     * @param count how often it was started again
     * @param exitMillis time of its last exit, milliseconds since 1970
     * @param exitCode its last exit code; 128 and the number of the signal that has ended it; -1: unknown, because it was not the
     *     supervisor that had started it
     * @param nextMillis time of the next start; 0: none is due
     */
    public record Restarts(int count, long exitMillis, int exitCode, long nextMillis) {
        /** No exit. */
        public static final Restarts NONE = new Restarts(0, 0, -1, 0);
    }

    public SupervisorRecord {
        services = services == null ? Map.of() : Map.copyOf(services);
    }

    /**
     * Reads the record; empty if it does not exist or is invalid.
     *
     * @throws IOException if the file cannot be read
     */
    static Optional<SupervisorRecord> read(Path file) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), SupervisorRecord.class));
        } catch (NoSuchFileException | JsonProcessingException missing) {
            return Optional.empty();
        }
    }

    /** Writes the record atomically. */
    void write(Path file) throws IOException {
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }

    /** The running supervisor; empty if it has been killed. */
    public Optional<ProcessHandle> process() {
        return ProcessRecord.process(pid, startMillis);
    }

    /** What has happened to a service. */
    Restarts of(Service service) {
        return services.getOrDefault(service.label(), Restarts.NONE);
    }
}
