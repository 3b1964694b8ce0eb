package io.rootstock.cli.installation;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered about one started service, as {@code processes/<service>.json}. A process id alone may have been
 * given to another program since, so the start time is kept with it.
 *
 * @param service its label, such as {@code registry}
 * @param pid process id
 * @param startMillis when that process started, milliseconds since 1970
 * @param grpcPort gRPC port on loopback
 * @param httpPort HTTP port on loopback
 * @param version Rootstock's version at the start
 * @param build when the started application was built, milliseconds since 1970
 */
public record ProcessRecord(
        String service, long pid, long startMillis, int grpcPort, int httpPort, String version, long build) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads a record; empty where there is none or a crash tore it. */
    static Optional<ProcessRecord> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), ProcessRecord.class));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException torn) {
            return Optional.empty();
        }
    }

    /** Writes the record in one atomic step. */
    void write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Path temporary = file.resolveSibling(file.getFileName() + ".new");
            Files.write(temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + file, failure);
        }
    }

    /** The live process this record speaks of; empty where it has ended or the id belongs to another one. */
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> handle.info()
                        .startInstant()
                        .map(Instant::toEpochMilli)
                        .filter(start -> start == startMillis)
                        .isPresent());
    }

    /** Where clients reach it, host:port. */
    public String endpoint() {
        return "127.0.0.1:" + grpcPort;
    }
}
