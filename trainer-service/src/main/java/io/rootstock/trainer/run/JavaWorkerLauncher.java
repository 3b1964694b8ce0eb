package io.rootstock.trainer.run;

import io.rootstock.collectives.MpiLauncher;
import io.rootstock.service.OwnClassPath;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts Java processes with this service's classes: the same Java runtime, and the same class path or, in a packaged
 * service, its jars.
 *
 * @param home Rootstock's home, into which native libraries are unpacked
 * @param artifacts the artifact store
 * @param heap maximum Java heap
 * @param arguments additional JVM arguments
 * @param mpi launcher for runs with several processes
 */
public record JavaWorkerLauncher(Path home, Path artifacts, String heap, List<String> arguments, MpiLauncher mpi)
        implements ProcessWorker.Launcher {
    private static final String WORKER = "io.rootstock.trainer.worker.Worker";
    private static final String HOME = "ROOTSTOCK_HOME";
    private static final long MEGABYTE = 1 << 20;

    /** Copies the list. */
    public JavaWorkerLauncher {
        arguments = List.copyOf(arguments);
    }

    /**
     * Creates a launcher with the home and the maximum heap of the current JVM.
     *
     * @param artifacts artifact store of the workers
     */
    public static JavaWorkerLauncher fromCurrentJvm(Path artifacts) {
        String home = System.getenv().getOrDefault(HOME, System.getProperty("user.home") + "/.rootstock");
        String heap = Runtime.getRuntime().maxMemory() / MEGABYTE + "m";
        return new JavaWorkerLauncher(Path.of(home), artifacts, heap, List.of(), MpiLauncher.HYDRA);
    }

    @Override
    public Process launch(RunDirectory directory, int ranks) {
        ProcessBuilder builder = worker(directory, ranks);
        if (ranks > 1) {
            builder.command(mpi.command(ranks, builder.command()));
            builder.environment().putAll(MpiLauncher.environment());
        }
        return start(builder);
    }

    /**
     * Returns the command of one process of a worker, without starting it; its output is appended to the run's directory.
     *
     * @param ranks number of processes of the worker
     */
    public ProcessBuilder worker(RunDirectory directory, int ranks) {
        List<String> program = List.of(
                // Write JVM crash reports into the run's directory instead of the service's working directory.
                "-XX:ErrorFile=" + directory.path().resolve("crash-%p.log"),
                // The report of a crash can itself fail; by default it may delay the end of the process by two minutes.
                "-XX:ErrorLogTimeout=10",
                WORKER,
                directory.path().toString(),
                artifacts.toString(),
                Integer.toString(ranks));
        return builder(program)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.workerErrors().toFile()));
    }

    /**
     * Returns the command of a process, without starting it.
     *
     * @param program name of the main class and its arguments
     */
    public ProcessBuilder builder(List<String> program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:+UseSerialGC");
        // Most of a worker's memory is allocated by libtorch. The default young generation, a third of the heap, would
        // use 100 MB more without benefit.
        command.add("-Xmn16m");
        // By default the heap starts at 1/64 of the machine's memory and is filled with garbage before the first
        // collection.
        command.add("-Xms24m");
        command.add("-XX:+UnlockDiagnosticVMOptions");
        command.add("-XX:-DumpReplayDataOnError");
        command.add("--enable-native-access=ALL-UNNAMED");
        // Without this option, warnings of Protocol Buffers and the log manager are the last lines of a killed worker's
        // output.
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        command.add("--add-modules=jdk.incubator.vector");
        command.addAll(arguments);
        command.add("-cp");
        command.add(OwnClassPath.text());
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        builder.environment().put(HOME, home.toString());
        // One malloc arena: one arena per replica thread doubles the memory and is not faster.
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "1");
        builder.environment().putIfAbsent("OMP_NUM_THREADS", "1");
        return builder;
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a worker", e);
        }
    }
}
