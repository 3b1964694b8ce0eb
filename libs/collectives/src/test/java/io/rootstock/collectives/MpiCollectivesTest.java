package io.rootstock.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests groups of real processes. */
class MpiCollectivesTest {
    private static final long PATIENCE_MINUTES = 5;

    @TempDir
    Path folder;

    @BeforeAll
    static void mpich() {
        try {
            MpiLauncher.HYDRA.check();
        } catch (EngineMissingException e) {
            Assumptions.abort(e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everyProcessHasTheSumOfAll(int processes) throws Exception {
        assertThat(run(processes, "few")).as(this::words).isZero();
        for (int rank = 0; rank < processes; rank++) {
            float sum = processes * (processes + 1) / 2f;
            double small = 0;
            for (int other = 0; other < processes; other++) {
                small += other + 1e-12;
            }
            assertThat(answer(rank))
                    .isEqualTo(sum + " " + processes * 0.5f + " " + small + " rank " + (processes - 1) + " of "
                            + processes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void roundedSumsAreTheSameBitsInEveryProcess(int processes) throws Exception {
        assertThat(run(processes, "many")).as(this::words).isZero();
        assertThat(Double.parseDouble(answer(0).substring(0, answer(0).indexOf(' '))))
                .isCloseTo(processes == 2 ? 2.001 : 3.003, within(1e-6));
        for (int rank = 1; rank < processes; rank++) {
            assertThat(answer(rank)).isEqualTo(answer(0));
        }
    }

    @Test
    void aFailedOperationIsAnExceptionWithItsNameAndNotTheEndOfTheProcess() throws Exception {
        assertThat(run(2, "mistakes")).as(this::words).isZero();
        assertThat(answer(0))
                .startsWith("MPI_Bcast|MPI_Bcast: ")
                .contains("root")
                .contains("from the thread that joined");
    }

    @Test
    void aLostProcessEndsTheOthers() throws Exception {
        assertThat(run(3, "loss")).as(this::words).isNotZero();
        for (int rank = 0; rank < 3; rank++) {
            assertThat(folder.resolve(rank + ".txt")).doesNotExist();
            long process = Long.parseLong(Files.readString(folder.resolve(rank + ".pid")));
            // The launcher kills them and may exit before they have ended.
            ProcessHandle.of(process)
                    .ifPresent(left -> assertThat(left.onExit()).succeedsWithin(Duration.ofSeconds(60)));
        }
    }

    @Test
    void aProcessThatFailsBeforeItJoinsEndsThoseThatWaitForIt() throws Exception {
        assertThat(run(2, "absence")).as(this::words).isNotZero();
        assertThat(folder.resolve("0.txt")).doesNotExist();
    }

    @Test
    void processesOfAnotherLauncherAreRefused() throws Exception {
        assertThat(end(program(2, "few"))).isNotZero();
        assertThat(words()).contains("MPICH found 1 processes instead of 2", "mpiexec.hydra");
    }

    @Test
    void aMissingLauncherIsRefusedWithWhatToInstall() {
        assertThatThrownBy(() -> new MpiLauncher(List.of("no-such-mpiexec")).command(2, List.of("true")))
                .isInstanceOf(EngineMissingException.class)
                .hasMessage("no-such-mpiexec not found. Install MPICH, on Debian: apt-get install mpich");
    }

    @Test
    void oneProcessAloneNeedsNothing() {
        try (Collectives alone = Collectives.alone()) {
            MemorySegment values = Arena.ofAuto().allocate(8);
            alone.sum(values, Element.FLOAT32);
            alone.broadcast(values, 0);
            alone.barrier();
            assertThat(alone.rank()).isZero();
            assertThat(alone.size()).isEqualTo(1);
        }
    }

    private int run(int processes, String task) throws Exception {
        return end(MpiLauncher.HYDRA.command(processes, program(processes, task)));
    }

    private List<String> program(int processes, String task) {
        return JavaProgram.command(RankProgram.class, folder.toString(), Integer.toString(processes), task);
    }

    /** Waits for a command's end; returns its exit code. */
    private int end(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("words").toFile());
        builder.environment().putAll(MpiLauncher.environment());
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroy();
            throw new AssertionError("does not end; said " + words());
        }
        return process.exitValue();
    }

    private String answer(int rank) throws IOException {
        return Files.readString(folder.resolve(rank + ".txt"));
    }

    private String words() {
        try {
            return Files.readString(folder.resolve("words"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
