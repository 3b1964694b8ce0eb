package io.rootstock.trainer.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes. */
class ProcessPriorityTest {
    private static final Path AUTOGROUP = Path.of("/proc/self/autogroup");
    /** Fields after the command's name in {@code /proc/<id>/stat} (proc(5)). */
    private static final int SESSION = 3;

    private static final int NICE = 16;

    @TempDir
    Path home;

    @Test
    void lowersAllThreadsAndTheGroupOfTheSession() throws Exception {
        // No lower than the caller's, which may itself run at a low priority.
        int lowered = Math.min(ProcessPriority.MAX_NICE, Lowered.nice(Lowered.SELF) + 7);
        List<String> printed = run("-D" + ProcessPriority.NICE + "=" + lowered);
        assertThat(printed.get(0)).isEqualTo("nice " + lowered + " " + lowered);
        assertThat(printed.get(1)).isEqualTo("leads its session: true");
        if (Files.exists(AUTOGROUP)) {
            assertThat(printed.get(3)).endsWith("nice " + lowered);
        }
    }

    @Test
    void withoutTheSettingThePriorityStays() throws Exception {
        List<String> printed = run("-D" + ProcessPriority.NICE + "=0");
        int unchanged = Lowered.nice(Lowered.SELF);
        assertThat(printed.get(0)).isEqualTo("nice " + unchanged + " " + unchanged);
        assertThat(printed.get(1)).isEqualTo("leads its session: false");
        assertThat(printed.get(2)).isEqualTo("OOM score 500");
    }

    private List<String> run(String argument) throws IOException, InterruptedException {
        JavaWorkerLauncher launcher = new JavaWorkerLauncher(home, home, "64m", List.of(argument), MpiLauncher.HYDRA);
        Process process = launcher.builder(List.of(Lowered.class.getName())).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return printed.lines().toList();
    }

    /** Prints the nice values of the first thread and of a later thread, and its session. */
    static final class Lowered {
        static final Path SELF = Path.of("/proc/thread-self/stat");

        private Lowered() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            ProcessPriority.lower();
            int[] later = new int[1];
            Thread thread = new Thread(() -> later[0] = nice(SELF));
            thread.start();
            thread.join();
            System.out.println("nice " + nice(SELF) + " " + later[0]);
            System.out.println("leads its session: "
                    + fields(Path.of("/proc/self/stat"))
                            .get(SESSION)
                            .equals(Long.toString(ProcessHandle.current().pid())));
            System.out.println("OOM score "
                    + Files.readString(Path.of("/proc/self/oom_score_adj")).strip());
            if (Files.exists(AUTOGROUP)) {
                System.out.println(Files.readString(AUTOGROUP).strip());
            }
        }

        static int nice(Path statistics) {
            try {
                return Integer.parseInt(fields(statistics).get(NICE));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static List<String> fields(Path statistics) throws IOException {
            String line = Files.readString(statistics);
            return Stream.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1))
                    .toList();
        }
    }
}
