package io.rootstock.collectives;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Starts the processes that are to meet in {@link MpiCollectives}. MPICH's Hydra runs as their parent, and when one of
 * them fails, however it does, it kills the others and ends.
 *
 * @param words the launcher and arguments of it, such as hosts
 */
public record MpiLauncher(List<String> words) {
    /** Hydra on this machine, under the name that no other MPI's launcher has. */
    public static final MpiLauncher HYDRA = new MpiLauncher(List.of("mpiexec.hydra"));

    /**
     * Hydra ends all processes when one dies of a signal, but lets the others wait for one that left with a code before it
     * joined; so every failure is made a signal.
     */
    private static final String FAIL_BY_SIGNAL = "\"$@\" || kill -KILL $$";

    /** Hydra's variable with a process's rank, known before it has joined. */
    private static final String RANK = "PMI_RANK";

    /** Copies the list. */
    public MpiLauncher {
        words = List.copyOf(words);
    }

    /**
     * The command that starts a command so many times.
     *
     * @throws EngineMissingException if there is no launcher
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
     * Refuses to go on where the launcher is not to be found.
     *
     * @throws EngineMissingException with what to install
     */
    public void check() {
        String launcher = words.getFirst();
        boolean found = launcher.contains("/")
                ? Files.isExecutable(Path.of(launcher))
                : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, launcher)));
        if (!found) {
            throw new EngineMissingException("there is no " + launcher + ". " + MpiCollectives.INSTALL);
        }
    }

    /**
     * Variables that the processes need. UCX, which carries MPICH's messages, would take the JVM's own signals (SIGSEGV
     * is how it finds null pointers and safepoints) for crashes.
     */
    public static Map<String, String> environment() {
        return new TreeMap<>(Map.of("UCX_HANDLE_ERRORS", "none", "UCX_ERROR_SIGNALS", ""));
    }

    /** Rank of this process among those it was started with; 0 for one that was started alone. */
    public static int rank() {
        return Integer.parseInt(System.getenv().getOrDefault(RANK, "0"));
    }
}
