package io.rootstock.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The packaged service as a separate process on free ports.
 *
 * @param process the process
 * @param log file with its standard output and errors
 */
public record RegistryProcess(Process process, Path log) implements AutoCloseable {
    private static final Pattern GRPC = Pattern.compile("Started gRPC server on 127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern HTTP = Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:\\d+)");
    private static final String DATABASE_URL = "-Drootstock.registry.database-url";
    private static final Pattern STARTED = Pattern.compile("registry-service .* started in");

    /** Starts the service with a home and further settings, {@code -Dname=value}. */
    public static RegistryProcess launch(Path home, List<String> settings) throws IOException {
        boolean embedded = settings.stream().noneMatch(setting -> setting.startsWith(DATABASE_URL));
        Path binaries = home.resolve("native");
        if (embedded && Files.notExists(binaries)) {
            // PostgreSQL's programs are unpacked once for all homes.
            Files.createSymbolicLink(
                    binaries,
                    Files.createDirectories(Path.of("target/test-native")).toAbsolutePath());
        }
        Path log = Files.createTempFile(home, "registry", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A short life: code that C2 compiles would not be repaid.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.add("-Drootstock.home=" + home);
        command.add("-Dquarkus.http.port=0");
        command.add("-Dquarkus.grpc.server.port=0");
        command.addAll(settings);
        command.add("-jar");
        command.add(
                Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath().toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new RegistryProcess(process, log);
    }

    /** Returns the settings of a database on an external server. */
    public static List<String> database(Path home, PGSimpleDataSource source) throws IOException {
        Path password = Files.writeString(home.resolve("password"), source.getPassword() + "\n");
        return List.of(
                DATABASE_URL + "=jdbc:postgresql://127.0.0.1:" + source.getPortNumbers()[0] + "/"
                        + source.getDatabaseName(),
                "-Drootstock.registry.database-user=" + source.getUser(),
                "-Drootstock.registry.database-password-file=" + password);
    }

    /** Starts the service, and waits until it serves. */
    public static RegistryProcess start(Path home, List<String> settings) throws IOException {
        RegistryProcess registry = launch(home, settings);
        RegistryHarness.eventually(
                () -> registry.find(STARTED).isPresent() || !registry.process().isAlive());
        assertThat(registry.find(STARTED)).as(registry.output()).isPresent();
        return registry;
    }

    /** Returns the output of the process up to now. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a channel; the caller shuts it down. */
    public ManagedChannel channel() {
        return NettyChannelBuilder.forAddress("127.0.0.1", port())
                .usePlaintext()
                .build();
    }

    /** Returns the port of gRPC. */
    public int port() {
        return Integer.parseInt(find(GRPC).orElseThrow());
    }

    /** Returns the address of HTTP. */
    public URI http() {
        return URI.create(find(HTTP).orElseThrow());
    }

    private Optional<String> find(Pattern pattern) {
        Matcher matcher = pattern.matcher(output());
        return matcher.find() ? Optional.of(matcher.group(matcher.groupCount())) : Optional.empty();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }
}
