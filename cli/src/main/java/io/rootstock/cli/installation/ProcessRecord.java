package io.rootstock.cli.installation;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Record of a started service, stored as {@code processes/<service>.json}. Process IDs are reused, so the start time of the
 * process is part of the record.
 *
 * @param service label, for example {@code registry}
 * @param pid process id
 * @param startMillis start time of the process, milliseconds since 1970
 * @param grpcPort gRPC port on loopback; reserved for a service without a gRPC server
 * @param httpPort HTTP port on loopback
 * @param version Rootstock version that started the service
 * @param build build time of the application, milliseconds since 1970
 * @param links gRPC ports of the services that it calls, by label; empty in records of earlier versions
 * @param tokenFile file with the token that its callers need; empty: no authentication
 */
public record ProcessRecord(
        String service,
        long pid,
        long startMillis,
        int grpcPort,
        int httpPort,
        String version,
        long build,
        Map<String, Integer> links,
        String tokenFile) {

    public ProcessRecord {
        links = links == null ? Map.of() : Map.copyOf(links);
        tokenFile = tokenFile == null ? "" : tokenFile;
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads a record; empty if it does not exist or is invalid. */
    static Optional<ProcessRecord> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), ProcessRecord.class));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException invalid) {
            return Optional.empty();
        }
    }

    /** Whether the service calls the other services at these ports, as far as known. */
    boolean isLinked(Service self, Map<Service, Ports.Pair> ports) {
        return brokenLinks(self, ports).isEmpty();
    }

    /** The services that it calls at another port than theirs, such as {@code trainer at 7402, not 7602}. */
    List<String> brokenLinks(Service self, Map<Service, Ports.Pair> ports) {
        return self.calls().stream()
                .filter(other -> links.containsKey(other.label())
                        && ports.containsKey(other)
                        && links.get(other.label()) != ports.get(other).grpc())
                .map(other -> other.label() + " at " + links.get(other.label()) + ", not "
                        + ports.get(other).grpc())
                .toList();
    }

    /** Writes the record atomically. */
    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }

    /** The running process; empty if it has exited or its ID belongs to another process. */
    public Optional<ProcessHandle> process() {
        return process(pid, startMillis);
    }

    /** The running process with an ID and a start time. */
    static Optional<ProcessHandle> process(long pid, long startMillis) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> handle.info()
                        .startInstant()
                        .map(Instant::toEpochMilli)
                        .filter(start -> start == startMillis)
                        .isPresent());
    }

    /** gRPC endpoint, host:port. */
    public String endpoint() {
        return "127.0.0.1:" + grpcPort;
    }
}
