package io.rootstock.collectives;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Starts the processes of an {@link MpiCollectives} group. MPICH's Hydra is their parent process; when one of them
 * fails, Hydra kills the others and exits.
 *
 * @param words launcher and its arguments, such as hosts
 */
public record MpiLauncher(List<String> words) {
    /** Hydra on this machine, under the name that only MPICH's launcher has. */
    public static final MpiLauncher HYDRA = new MpiLauncher(List.of("mpiexec.hydra"));

    /**
     * Kills the shell with a signal on any failure: Hydra ends all processes when one dies of a signal, but not when
     * one exits with a code before it has joined. The shell outlives a SIGTERM, on which its program may end in its own time.
     */
    private static final String FAIL_BY_SIGNAL = "trap : TERM; \"$@\" || kill -KILL $$";

    /** Hydra's variable with a process's rank, set before the process joins. */
    private static final String RANK = "PMI_RANK";

    public MpiLauncher {
        words = List.copyOf(words);
    }

    /**
     * Returns the command that starts {@code program} in {@code processes} processes.
     *
     * @throws EngineMissingException if the launcher is not found
     */
    public List<String> command(int processes, List<String> program) {
        check();
        List<String> command = new ArrayList<>(words);
        command.add("-n");
        command.add(Integer.toString(processes));
        command.addAll(List.of("sh", "-c", FAIL_BY_SIGNAL, "rank"));
        command.addAll(program);
        return command;
    }

    /**
     * Checks that the launcher exists.
     *
     * @throws EngineMissingException with the install instruction
     */
    public void check() {
        String launcher = words.getFirst();
        boolean found = launcher.contains("/")
                ? Files.isExecutable(Path.of(launcher))
                : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, launcher)));
        if (!found) {
            throw new EngineMissingException(launcher + " not found. " + MpiCollectives.INSTALL);
        }
    }

    /**
     * Returns environment variables that the processes need. UCX, MPICH's transport, would otherwise treat the JVM's
     * own signals (SIGSEGV, which it uses for null checks and safepoints) as crashes.
     */
    public static Map<String, String> environment() {
        return new TreeMap<>(Map.of("UCX_HANDLE_ERRORS", "none", "UCX_ERROR_SIGNALS", ""));
    }

    /**
     * Runs {@code action} within a second when Hydra's proxy, or a shell between it and this process, has ended: the other
     * processes can then end unnoticed, and this process would wait for them with a busy core.
     */
    public static void onLost(Runnable action) {
        List<Long> started = ancestors();
        Thread.ofPlatform().daemon().name("launcher-watch").start(() -> {
            // not ProcessHandle.onExit: a launcher that does not reap its children leaves them as zombies
            while (ancestors().equals(started)) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
            action.run();
        });
    }

    /** Process ids of the ancestors up to Hydra's proxy. */
    private static List<Long> ancestors() {
        List<Long> ids = new ArrayList<>();
        Optional<ProcessHandle> ancestor = ProcessHandle.current().parent();
        while (ancestor.isPresent()) {
            ids.add(ancestor.get().pid());
            boolean proxy = ancestor.get().info().command().orElse("").endsWith(MpiProxies.PROXY);
            ancestor = proxy ? Optional.empty() : ancestor.get().parent();
        }
        return ids;
    }

    /** Rank of this process in its group; 0 if it was started alone. */
    public static int rank() {
        return Integer.parseInt(System.getenv().getOrDefault(RANK, "0"));
    }
}
