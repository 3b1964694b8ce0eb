package io.rootstock.cli.installation;

import io.rootstock.cli.installation.SupervisorRecord.Restarts;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The process that {@code rootstock up} leaves behind: starts a service again when it has ended, after a delay that doubles
 * from a second to a minute and is a second again once the service has run for a minute. It ends when its record no longer names
 * it. A lock keeps a second one from running. Its output is {@code logs/supervisor.log}.
 */
public final class Supervisor {
    /** First argument of the command line for {@link #main}: a native executable has one main class. */
    public static final String COMMAND = "__supervise";

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_DELAY = Duration.ofMinutes(1);
    private static final Duration HEALTHY = Duration.ofMinutes(1);

    private final Installation installation;
    private final ProcessHandle self = ProcessHandle.current();
    private final long startMillis =
            self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    private final Map<Service, Watched> watched = new EnumMap<>(Service.class);

    /** A service, as the supervisor has seen it. */
    private static final class Watched {
        private Restarts restarts;
        /** Exits after less than {@link #HEALTHY} and starts that failed, in a row. */
        private int failures;
        /** The process, if it was started here. */
        private Optional<Process> child = Optional.empty();

        Watched(Restarts restarts) {
            this.restarts = restarts;
        }
    }

    private Supervisor(Installation installation) {
        this.installation = installation;
        Optional<SupervisorRecord> before = installation.supervisor();
        for (Service service : Service.values()) {
            Restarts last = before.map(record -> record.of(service)).orElse(Restarts.NONE);
            watched.put(service, new Watched(new Restarts(last.count(), last.exitMillis(), last.exitCode(), 0)));
        }
    }

    /** The command line of a supervisor: a small JVM, or this native executable. */
    static List<String> command(Path home, Path root, Map<String, String> settings) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("org.graalvm.nativeimage.imagecode") == null) {
            command.addAll(List.of(
                    JavaHome.java(JavaHome.find()).toString(),
                    "-Xms2m",
                    "-Xmx32m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Supervisor.class.getName()));
        } else {
            command.addAll(List.of(ProcessHandle.current().info().command().orElseThrow(), COMMAND));
        }
        command.add(home.toString());
        command.add(root.toString());
        settings.forEach((key, value) -> command.add(key + "=" + value));
        return command;
    }

    /**
     * Supervises an installation until the process is ended.
     *
     * @param arguments data directory, root of the program, and settings as {@code key=value}
     */
    public static void main(String[] arguments) {
        Map<String, String> settings = new HashMap<>();
        for (String setting : List.of(arguments).subList(2, arguments.length)) {
            int equals = setting.indexOf('=');
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        Path home = Path.of(arguments[0]);
        Installation installation = new Installation(home, Path.of(arguments[1]), OptionalInt.empty(), settings);
        int code = 1;
        try (FileChannel channel = FileChannel.open(
                        home.resolve("processes/supervisor.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                log("another supervisor is running");
            } else {
                new Supervisor(installation).run();
                code = 0;
            }
        } catch (IOException failure) {
            log("cannot run: " + failure.getMessage());
        } catch (LinkageError replaced) {
            log("a build has replaced the program of this process (" + replaced + "); run: rootstock up");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        System.exit(code);
    }

    private void run() throws IOException, InterruptedException {
        record().write(installation.supervisorFile());
        log("supervising as process " + self.pid());
        while (isRecorded()) {
            for (Service service : Service.values()) {
                installation.last(service).ifPresent(last -> watch(service, last, watched.get(service)));
            }
            Thread.sleep(POLL);
        }
    }

    /** Whether this is still the supervisor of the installation. */
    private boolean isRecorded() {
        return installation
                .supervisor()
                .filter(record -> record.pid() == self.pid() && record.startMillis() == startMillis)
                .isPresent();
    }

    private void watch(Service service, ProcessRecord last, Watched state) {
        long now = System.currentTimeMillis();
        Restarts restarts = state.restarts;
        if (last.process().isPresent()) {
            if (restarts.nextMillis() != 0) {
                update(state, new Restarts(restarts.count(), restarts.exitMillis(), restarts.exitCode(), 0));
            }
        } else if (restarts.nextMillis() == 0) {
            int code = state.child
                    .filter(child -> child.pid() == last.pid() && !child.isAlive())
                    .map(Process::exitValue)
                    .orElse(Restarts.NONE.exitCode());
            if (now - last.startMillis() >= HEALTHY.toMillis()) {
                state.failures = 0;
            }
            Duration delay = delay(state.failures++);
            log("the " + service.label() + " service (process " + last.pid() + ") has ended"
                    + (code < 0 ? "" : " with exit code " + code) + "; it is started again in " + delay.toSeconds()
                    + " s");
            update(state, new Restarts(restarts.count(), now, code, now + delay.toMillis()));
        } else if (now >= restarts.nextMillis()) {
            restart(service, state);
        }
    }

    private void restart(Service service, Watched state) {
        Restarts restarts = state.restarts;
        long next = 0;
        int count = restarts.count();
        try {
            state.child = installation.restart(service);
            if (state.child.isPresent()) {
                count++;
                log("the " + service.label() + " service is started again as process "
                        + state.child.get().pid());
            }
        } catch (RuntimeException failure) {
            Duration delay = delay(state.failures++);
            next = System.currentTimeMillis() + delay.toMillis();
            log(failure.getMessage() + "; the next attempt is in " + delay.toSeconds() + " s");
        }
        update(state, new Restarts(count, restarts.exitMillis(), restarts.exitCode(), next));
    }

    /** The delay before a start, by the number of exits in a row. */
    static Duration delay(int failures) {
        return failures >= Long.SIZE - Long.numberOfLeadingZeros(MAX_DELAY.dividedBy(FIRST_DELAY))
                ? MAX_DELAY
                : FIRST_DELAY.multipliedBy(1L << failures);
    }

    private void update(Watched state, Restarts restarts) {
        state.restarts = restarts;
        if (!isRecorded()) {
            return;
        }
        try {
            record().write(installation.supervisorFile());
        } catch (IOException full) {
            log("cannot write " + installation.supervisorFile() + ": " + full.getMessage());
        }
    }

    private SupervisorRecord record() {
        Map<String, Restarts> services = new HashMap<>();
        watched.forEach((service, state) -> {
            if (!state.restarts.equals(Restarts.NONE)) {
                services.put(service.label(), state.restarts);
            }
        });
        return new SupervisorRecord(self.pid(), startMillis, services);
    }

    private static void log(String message) {
        System.out.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + message);
    }
}
