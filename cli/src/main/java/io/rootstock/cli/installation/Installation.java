package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.ServiceStatus.Health;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The services of one home folder on this machine. Starting is idempotent: what runs already (by its record in
 * {@code processes/}) is left alone, unless it was started from an older build. The processes outlive the program that
 * started them; {@link #stop} ends them, and closing an installation does nothing but that.
 */
public final class Installation implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(65);
    private static final Duration START = Duration.ofMinutes(2);
    private static final int POLL_MILLIS = 100;

    private final Path home;
    private final Path root;
    private final int portBase;
    private final Map<String, String> settings;

    /**
     * @param home Rootstock's data folder
     * @param root the project's root, where the built services lie; see {@link ProjectRoot#find}
     * @param portBase first gRPC port; 0 for any free ports
     * @param settings further settings of every service, such as {@code rootstock.trainer.concurrent-runs}
     */
    public Installation(Path home, Path root, int portBase, Map<String, String> settings) {
        this.home = home.toAbsolutePath().normalize();
        this.root = root;
        this.portBase = portBase;
        this.settings = Map.copyOf(settings);
    }

    /** A home with free ports, for tests and benchmarks. */
    public static Installation onFreePorts(Path home) {
        return new Installation(home, ProjectRoot.find(), 0, Map.of());
    }

    /** The data folder. */
    public Path home() {
        return home;
    }

    /** Starts what does not run and waits until all four services serve. Returns those that were started. */
    public List<Service> start() {
        return start(List.of(Service.values()));
    }

    /** Starts the named services where they do not run, and waits until they serve. Returns those that were started. */
    public List<Service> start(List<Service> services) {
        return locked(() -> {
            Map<Service, Ports.Pair> ports = ports();
            List<Service> missing = new ArrayList<>();
            for (Service service : services) {
                Launcher.requireBuilt(service, root);
                Optional<ProcessRecord> running = running(service);
                if (running.isPresent() && running.get().build() != Launcher.build(service, root)) {
                    // Its jar files were replaced under it: it would fail at the next class it loads.
                    end(running.get(), DRAIN);
                    running = Optional.empty();
                }
                if (running.isEmpty()) {
                    Ports.requireFree(service, ports.get(service));
                    missing.add(service);
                }
            }
            Launcher launcher = new Launcher(home, root, ports, settings);
            for (Service service : missing) {
                launcher.launch(service).write(record(service));
            }
            services.forEach(this::awaitServing);
            return missing;
        });
    }

    /** Stops all services: SIGTERM, then SIGKILL after the drain budget. Returns those that ran. */
    public List<Service> stop() {
        return stop(List.of(Service.INFERENCE, Service.TRAINER, Service.REGISTRY, Service.TOKENIZER));
    }

    /** Stops the named services, all at once. Returns those that ran. */
    public List<Service> stop(List<Service> services) {
        return locked(() -> {
            List<Service> stopped = services.stream()
                    .filter(service -> running(service).isPresent())
                    .toList();
            stopped.parallelStream().forEach(service -> end(running(service).orElseThrow(), DRAIN));
            return stopped;
        });
    }

    /** Ends a service at once, as a crash would (SIGKILL), and waits until its process is gone. */
    public void kill(Service service) {
        running(service).flatMap(ProcessRecord::process).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    /** The record of a service that lives now. */
    public Optional<ProcessRecord> running(Service service) {
        return ProcessRecord.read(record(service))
                .filter(record -> record.process().isPresent());
    }

    /** Where clients reach a service: where it was last started, else where it would be. */
    public String endpoint(Service service) {
        return ProcessRecord.read(record(service))
                .map(ProcessRecord::endpoint)
                .orElse("127.0.0.1:" + service.grpcPort(portBase == 0 ? Service.DEFAULT_PORT_BASE : portBase));
    }

    /** Where every service stands, in port order. */
    public List<ServiceStatus> status() {
        List<ServiceStatus> rows = new ArrayList<>();
        for (Service service : Service.values()) {
            Optional<ProcessRecord> last = ProcessRecord.read(record(service));
            boolean lives = last.flatMap(ProcessRecord::process).isPresent();
            rows.add(new ServiceStatus(
                    service,
                    lives ? HealthProbe.ask(service, last.get().grpcPort()) : Health.STOPPED,
                    lives ? last.get().version() : "",
                    lives ? last.get().pid() : 0,
                    last.map(ProcessRecord::endpoint).orElse(""),
                    last.map(ProcessRecord::httpPort).orElse(0)));
        }
        return rows;
    }

    /** The log of a service. */
    public Path log(Service service) {
        return Launcher.log(home, service);
    }

    @Override
    public void close() {
        stop();
    }

    private Path record(Service service) {
        return home.resolve("processes").resolve(service.label() + ".json");
    }

    /** Recorded ports where there are any and no others were asked for, so that clients find a restarted service again. */
    private Map<Service, Ports.Pair> ports() {
        Map<Service, Ports.Pair> ports = new EnumMap<>(Ports.choose(portBase));
        for (Service service : Service.values()) {
            Optional<ProcessRecord> last = portBase == 0 ? ProcessRecord.read(record(service)) : running(service);
            last.ifPresent(record -> ports.put(service, new Ports.Pair(record.grpcPort(), record.httpPort())));
        }
        return ports;
    }

    private void awaitServing(Service service) {
        long end = System.nanoTime() + START.toNanos();
        ProcessRecord started = running(service).orElse(null);
        while (started != null && System.nanoTime() < end) {
            if (HealthProbe.ask(service, started.grpcPort()) == Health.SERVING) {
                return;
            }
            pause();
            started = running(service).orElse(null);
        }
        String what = started == null ? " ended while it started" : " does not serve after " + START.toSeconds() + " s";
        throw new CliException(
                "the " + service.label() + " service" + what + "; the end of its log:\n" + LogTail.of(log(service)),
                "read " + log(service) + "; once the cause is mended: rootstock up");
    }

    private static void end(ProcessRecord record, Duration drain) {
        record.process().ifPresent(process -> {
            process.destroy();
            try {
                CompletableFuture<ProcessHandle> exit = process.onExit();
                exit.get(drain.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillThere) {
                process.destroyForcibly();
                process.onExit().join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            }
        });
    }

    /** Two {@code rootstock up} at the same time must not start a service twice. */
    private <T> T locked(java.util.function.Supplier<T> action) {
        Path file = home.resolve("processes").resolve("lock");
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IllegalStateException("no lock on " + file);
                }
                return action.get();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot use " + file, failure);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted while the services started", "again: rootstock up");
        }
    }
}
