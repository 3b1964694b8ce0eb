package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.ServiceStatus.Health;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The service processes of one data directory on this machine. {@link #start} is idempotent: a running service (by its
 * record in {@code processes/}) is kept, unless it was started from another build. The processes outlive the program that
 * started them; {@link #stop} and {@link #close} stop them. Only {@link #up} leaves a {@link Supervisor}.
 */
public final class Installation implements AutoCloseable {
    private static final int MAX_LOG_LINES = 15;

    /** Setting: file with the token of the installation. */
    public static final String TOKEN_FILE = "rootstock.auth.token-file";

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(65);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final int POLL_MILLIS = 100;

    private static final Duration SUPERVISOR_TIMEOUT = Duration.ofSeconds(30);

    private final Path home;
    private final Path root;
    private final Layout layout;
    private final OptionalInt portBase;
    private final Map<String, String> settings;

    /**
     * @param home data directory
     * @param root root of the project or of an unpacked download; see {@link ProjectRoot#find}
     * @param portBase first gRPC port; 0: free ports; empty: the ports of the last start, else the default
     * @param settings additional settings of all services, for example {@code rootstock.trainer.concurrent-runs}
     */
    public Installation(Path home, Path root, OptionalInt portBase, Map<String, String> settings) {
        this.home = home.toAbsolutePath().normalize();
        this.root = root.toAbsolutePath().normalize();
        this.layout = Layout.of(root);
        this.portBase = portBase;
        this.settings = Map.copyOf(settings);
    }

    /** An installation on free ports, for tests and benchmarks. */
    public static Installation onFreePorts(Path home) {
        return new Installation(home, ProjectRoot.find(), OptionalInt.of(0), Map.of());
    }

    /** The data directory. */
    public Path home() {
        return home;
    }

    /**
     * Starts all services as {@link #start()} does, and leaves a supervisor that starts them again when they end. Returns the
     * started services.
     */
    public List<Service> up() {
        return locked(() -> start(List.of(Service.values()), true));
    }

    /** Starts all services that are not running and waits until they are serving. Returns the started services. */
    public List<Service> start() {
        return start(List.of(Service.values()));
    }

    /**
     * Starts the given services if not running and waits until they are serving. A start that fails, or whose program is ended
     * before, stops the ones that it has started. No supervisor stays. Returns the started services.
     */
    public List<Service> start(List<Service> services) {
        return locked(() -> start(services, false));
    }

    private List<Service> start(List<Service> services, boolean supervised) {
        Map<Service, Ports.Pair> ports = ports();
        services.forEach(service -> Launcher.requireBuilt(service, layout));
        List<Service> missing = missing(services, ports);
        for (Service service : missing) {
            if (running(service).isEmpty()) {
                Ports.requireFree(service, ports.get(service));
            }
        }
        missing.forEach(service -> running(service).ifPresent(Installation::terminate));
        try (StartGuard guard = new StartGuard(Installation::terminate)) {
            Launcher launcher = new Launcher(home, layout, ports, settings);
            missing.forEach(service -> launch(service, launcher, guard));
            services.forEach(service -> awaitServing(service, guard));
            // The supervisor of the start before has its settings and its program. It stays if this start fails.
            endSupervisor();
            if (supervised) {
                supervise(launcher, guard);
            } else {
                forgetSupervisor();
            }
            guard.complete();
        }
        return missing;
    }

    /** Leaves a new supervisor for the services that were started before. */
    void supervise() {
        locked(() -> {
            endSupervisor();
            try (StartGuard guard = new StartGuard(Installation::terminate)) {
                supervise(new Launcher(home, layout, ports(), settings), guard);
                guard.complete();
            }
            return null;
        });
    }

    private void supervise(Launcher launcher, StartGuard guard) {
        Path log = home.resolve("logs").resolve("supervisor.log");
        Process process =
                guard.launch(() -> launcher.launch("supervisor", Supervisor.command(home, root, settings), log));
        long end = System.nanoTime() + SUPERVISOR_TIMEOUT.toNanos();
        while (supervisor().filter(record -> record.pid() == process.pid()).isEmpty()) {
            guard.requireNotInterrupted();
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new CliException(
                        "the supervisor of the services does not start; end of its log:\n" + logTail(log),
                        "see " + log + ", then run: rootstock up");
            }
            pause();
        }
    }

    private void endSupervisor() {
        supervisor().flatMap(SupervisorRecord::process).ifPresent(Installation::terminate);
    }

    private void forgetSupervisor() {
        try {
            Files.deleteIfExists(supervisorFile());
        } catch (IOException failure) {
            throw new DataDirectory(home).failure(failure);
        }
    }

    /** The supervisor that the last {@link #up} has left; its process may have been killed. Empty: the services have none. */
    public Optional<SupervisorRecord> supervisor() {
        try {
            return SupervisorRecord.read(supervisorFile());
        } catch (IOException failure) {
            throw new DataDirectory(home).failure(failure);
        }
    }

    Path supervisorFile() {
        return home.resolve("processes").resolve("supervisor.json");
    }

    /** The record of the last start of a service, which may have ended. */
    Optional<ProcessRecord> last(Service service) {
        return ProcessRecord.read(record(service));
    }

    /** Starts a service that has ended, without waiting until it is serving; empty if it is running. */
    Optional<Process> restart(Service service) {
        return locked(() -> {
            if (running(service).isPresent()) {
                return Optional.empty();
            }
            Launcher.requireBuilt(service, layout);
            try (StartGuard guard = new StartGuard(Installation::terminate)) {
                Process process = launch(service, new Launcher(home, layout, ports(), settings), guard);
                guard.complete();
                return Optional.of(process);
            }
        });
    }

    /** The services that {@link #start()} would start: those that do not run, or run from another build. */
    public List<Service> missing() {
        return missing(List.of(Service.values()), ports());
    }

    private List<Service> missing(List<Service> services, Map<Service, Ports.Pair> ports) {
        return services.stream()
                .filter(service -> running(service)
                        .filter(running -> !isOutdated(service, running, ports))
                        .isEmpty())
                .toList();
    }

    private Process launch(Service service, Launcher launcher, StartGuard guard) {
        Process process = guard.launch(() -> launcher.launch(service));
        try {
            launcher.record(service, process).write(record(service));
            return process;
        } catch (IOException failure) {
            throw new DataDirectory(home).failure("cannot record the " + service.label() + " service", failure);
        }
    }

    /**
     * Whether the jar files of a service have been replaced, so that loading further classes would fail; or it calls a port
     * that another service no longer uses; or it wants another token than the given one.
     */
    private boolean isOutdated(Service service, ProcessRecord running, Map<Service, Ports.Pair> ports) {
        return !Launcher.isBuilt(service, layout)
                || running.build() != Launcher.build(service, layout)
                || !running.isLinked(service, ports)
                || !settings.getOrDefault(TOKEN_FILE, running.tokenFile()).equals(running.tokenFile());
    }

    /** Stops the supervisor and all services: SIGTERM, then SIGKILL after the drain timeout. Returns the stopped services. */
    public List<Service> stop() {
        return stop(
                List.of(Service.EVALUATOR, Service.INFERENCE, Service.TRAINER, Service.REGISTRY, Service.TOKENIZER));
    }

    /** Stops the supervisor, then the given services in parallel. Returns the stopped services. */
    public List<Service> stop(List<Service> services) {
        return locked(() -> {
            endSupervisor();
            forgetSupervisor();
            List<Service> stopped = services.stream()
                    .filter(service -> running(service).isPresent())
                    .toList();
            stopped.parallelStream()
                    .forEach(service -> terminate(running(service).orElseThrow()));
            return stopped;
        });
    }

    /**
     * Restores a backup into the empty installation, in a registry process that does not serve; its progress is printed to
     * standard error.
     *
     * @param location absolute path of a directory, or an address such as s3://bucket/prefix
     * @param backup name of the backup; empty: the newest
     * @return exit code
     */
    public int restore(String location, Optional<String> backup) {
        return locked(() -> {
            for (Service service : Service.values()) {
                if (running(service).isPresent()) {
                    throw new CliException(
                            "the " + service.label() + " service is running; a backup is restored into a stopped, empty"
                                    + " installation",
                            "run: rootstock down, or choose another data directory with --home");
                }
            }
            // It would start the services that have ended.
            endSupervisor();
            forgetSupervisor();
            Launcher.requireBuilt(Service.REGISTRY, layout);
            Map<Service, Ports.Pair> ports = new EnumMap<>(ports());
            ports.put(Service.REGISTRY, new Ports.Pair(0, 0));
            Map<String, String> all = new HashMap<>(settings);
            all.put("rootstock.registry.restore-from", location);
            backup.ifPresent(name -> all.put("rootstock.registry.restore-backup", name));
            all.put("quarkus.banner.enabled", "false");
            all.put("quarkus.log.level", "ERROR");
            all.put("quarkus.log.category.\"io.rootstock.registry.config\".level", "INFO");
            all.put("quarkus.log.console.format", "%m%e%n");
            return new Launcher(home, layout, ports, all).run(Service.REGISTRY);
        });
    }

    /** Kills a service (SIGKILL) and waits for the exit of its process. */
    public void kill(Service service) {
        running(service).flatMap(ProcessRecord::process).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    /** The record of a running service. */
    public Optional<ProcessRecord> running(Service service) {
        return last(service).filter(record -> record.process().isPresent());
    }

    /** Endpoint of a service, host:port: as last started, else by the port base. */
    public String endpoint(Service service) {
        return last(service)
                .map(ProcessRecord::endpoint)
                .orElseGet(() -> "127.0.0.1:" + ports().get(service).grpc());
    }

    /** Status of all services, in the order of their ports. */
    public List<ServiceStatus> status() {
        List<ServiceStatus> rows = new ArrayList<>();
        Optional<SupervisorRecord> supervisor = supervisor();
        for (Service service : Service.values()) {
            Optional<ProcessRecord> last = last(service);
            boolean alive = last.flatMap(ProcessRecord::process).isPresent();
            List<String> broken = alive ? last.get().brokenLinks(service, recorded()) : List.of();
            rows.add(new ServiceStatus(
                    service,
                    alive ? HealthProbe.check(service, last.get()) : Health.STOPPED,
                    alive ? last.get().version() : "",
                    alive ? last.get().pid() : 0,
                    last.filter(_ -> service.hasRpcs())
                            .map(ProcessRecord::endpoint)
                            .orElse(""),
                    last.map(ProcessRecord::httpPort).orElse(0),
                    broken,
                    supervisor.map(record -> record.of(service)).orElse(SupervisorRecord.Restarts.NONE)));
        }
        return rows;
    }

    /** Ports that other programs use, of the services that are not running. */
    public Map<Service, List<Integer>> takenPorts() {
        Map<Service, List<Integer>> taken = new EnumMap<>(Service.class);
        ports().forEach((service, pair) -> {
            List<Integer> used = running(service).isPresent()
                    ? List.of()
                    : Ports.of(service, pair).stream()
                            .filter(port -> !Ports.isFree(port))
                            .toList();
            if (!used.isEmpty()) {
                taken.put(service, used);
            }
        });
        return taken;
    }

    /** Whether a running service was started from another build than the present one. */
    public boolean isOfAnotherBuild(ProcessRecord running, Service service) {
        return !running.version().equals(BuildVersion.current())
                || !Launcher.isBuilt(service, layout)
                || running.build() != Launcher.build(service, layout);
    }

    /** The services that are not built. */
    public List<Service> missingBuilds() {
        return Stream.of(Service.values())
                .filter(service -> !Launcher.isBuilt(service, layout))
                .toList();
    }

    /** Remedy for services that are not built. */
    public String remedy() {
        return layout.remedy();
    }

    /** The log file of a service. */
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

    /** Ports of the services: as requested, else as recorded. Running services must already use requested ports. */
    private Map<Service, Ports.Pair> ports() {
        Map<Service, Ports.Pair> last = recorded();
        if (portBase.isEmpty() || portBase.getAsInt() == 0) {
            return Ports.remembered(last, portBase.orElse(Service.DEFAULT_PORT_BASE));
        }
        Map<Service, Ports.Pair> ports = Ports.choose(portBase.getAsInt());
        for (Service service : Service.values()) {
            if (running(service).isPresent() && !ports.get(service).equals(last.get(service))) {
                throw new CliException(
                        "the " + service.label() + " service is running on port "
                                + last.get(service).grpc() + ", not on "
                                + ports.get(service).grpc(),
                        "run: rootstock down, then rootstock up --port-base " + portBase.getAsInt()
                                + "; or omit --port-base to keep the ports of the last start");
            }
        }
        return ports;
    }

    /** Ports of the services that were started before. */
    private Map<Service, Ports.Pair> recorded() {
        Map<Service, Ports.Pair> recorded = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            last(service).ifPresent(last -> recorded.put(service, new Ports.Pair(last.grpcPort(), last.httpPort())));
        }
        return recorded;
    }

    private void awaitServing(Service service, StartGuard guard) {
        long end = System.nanoTime() + START_TIMEOUT.toNanos();
        ProcessRecord started = running(service).orElse(null);
        while (started != null && System.nanoTime() < end) {
            if (HealthProbe.check(service, started) == Health.SERVING) {
                return;
            }
            pause();
            started = running(service).orElse(null);
        }
        guard.requireNotInterrupted();
        String problem = started == null
                ? " exited during startup"
                : " is not serving after " + START_TIMEOUT.toSeconds() + " s";
        throw new CliException(
                "the " + service.label() + " service" + problem + "; end of its log:\n" + logTail(log(service)),
                "see " + log(service) + ", then run: rootstock up");
    }

    private static void terminate(ProcessRecord record) {
        record.process().ifPresent(Installation::terminate);
    }

    private static void terminate(ProcessHandle process) {
        boolean _ = process.destroy();
        try {
            CompletableFuture<ProcessHandle> exit = process.onExit();
            exit.get(DRAIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException timeout) {
            process.destroyForcibly();
            process.onExit().join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Runs the action under a file lock, so that concurrent commands do not start a service twice. */
    private <T> T locked(java.util.function.Supplier<T> action) {
        Path file = home.resolve("processes").resolve("lock");
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IllegalStateException("invalid lock on " + file);
                }
                return action.get();
            }
        } catch (IOException failure) {
            throw new DataDirectory(home).failure(failure);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted while starting services", "run again: rootstock up");
        }
    }

    /** The end of a log, without stack traces. */
    private static String logTail(Path log) {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("\tat ") && !line.startsWith("\t... "))
                    .toList();
            return lines.stream()
                    .skip(Math.max(0, lines.size() - MAX_LOG_LINES))
                    .map(line -> "    " + line)
                    .collect(Collectors.joining("\n"));
        } catch (IOException unreadable) {
            return "    (cannot read the log: " + unreadable.getMessage() + ")";
        }
    }
}
