package io.rootstock.trainer.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rootstock.panama.NativeCall;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Gives a worker less CPU time than the services on the same machine (nice), and a higher OOM score: a served model keeps its
 * speed, and if memory runs out, the kernel ends a worker, which resumes. The nice
 * value of a thread counts only among the threads of its session where Linux groups threads by session (sched(7),
 * autogroup); therefore the process becomes a session of its own, whose group gets the nice value as well.
 */
public final class ProcessPriority {
    /** System property with the nice value of workers and probes, 0 (unchanged) to 19 (lowest priority). */
    public static final String NICE = "rootstock.trainer.nice";

    /** The lowest priority. */
    public static final int MAX_NICE = 19;

    private static final Path AUTOGROUP = Path.of("/proc/self/autogroup");
    private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");
    /** Added to the share of the memory that this process uses, in thousandths (proc(5)); services have 0. */
    private static final int OOM_SCORE_ADDED = 500;

    private static final Path THREADS = Path.of("/proc/self/task");
    private static final int PRIO_PROCESS = 0;
    private static final int ATTEMPTS = 20;
    private static final long BETWEEN_ATTEMPTS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Logger LOGGER = Logger.getLogger(ProcessPriority.class);

    private ProcessPriority() {}

    /** Applies the value of {@link #NICE}; without it the priority for CPU time stays unchanged. */
    public static void lower() {
        raiseOomScore();
        int nice = Integer.getInteger(NICE, 0);
        if (nice <= 0) {
            return;
        }
        NativeCall.run(() -> lower(Math.min(nice, MAX_NICE)));
    }

    private static void raiseOomScore() {
        try {
            Files.writeString(OOM_SCORE, Integer.toString(OOM_SCORE_ADDED));
        } catch (IOException notLinux) {
            LOGGER.debug("the OOM score is unchanged", notLinux);
        }
    }

    private static void lower(int nice) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle setsid =
                linker.downcallHandle(linker.defaultLookup().findOrThrow("setsid"), FunctionDescriptor.of(JAVA_INT));
        MethodHandle setpriority = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setpriority"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        // Fails where the process leads a session already, as a rank started by Hydra does: its group is its own then.
        int _ = (int) setsid.invokeExact();
        for (int thread : threads()) {
            int _ = (int) setpriority.invokeExact(PRIO_PROCESS, thread, nice);
        }
        lowerGroup(nice);
    }

    /** Threads of this process; later threads inherit the nice value of the thread that starts them. */
    private static List<Integer> threads() {
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.map(path -> Integer.parseInt(path.getFileName().toString()))
                    .toList();
        } catch (IOException notLinux) {
            return List.of();
        }
    }

    /** Linux refuses more than one change in 100 ms of all processes without privileges: tries again. */
    private static void lowerGroup(int nice) {
        if (!Files.exists(AUTOGROUP)) {
            return;
        }
        byte[] value = Integer.toString(nice).getBytes(StandardCharsets.US_ASCII);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Files.write(AUTOGROUP, value);
                return;
            } catch (IOException tooSoon) {
                LockSupport.parkNanos(BETWEEN_ATTEMPTS);
            }
        }
    }
}
