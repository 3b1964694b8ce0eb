package io.rootstock.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.dataset.mixture.SamplerPosition;
import io.rootstock.trainer.schedule.SpikeGuard;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundCheckpointsTest {
    @TempDir
    Path directory;

    private final MemorySegment weights = Arena.ofAuto().allocate(1 << 22, 4);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private Checkpoints checkpoints;

    @BeforeEach
    void open() {
        checkpoints = new Checkpoints(directory.resolve("checkpoints"));
    }

    @Test
    void laterUpdatesAreNotInTheCheckpoint() {
        try (BackgroundCheckpoints background = background()) {
            for (int step = 1; step <= 5; step++) {
                weights.fill((byte) step);
                background.write(state(step, -1), Map.of("weights.f32", weights));
                weights.fill((byte) 99);
            }
            assertThat(background.await()).hasValue(5);
            assertThat(background.isIdle()).isTrue();
        }
        assertThat(read()).hasValueSatisfying(state -> assertThat(state.step()).isEqualTo(5));
        assertThat(weights.get(ValueLayout.JAVA_BYTE, weights.byteSize() - 1)).isEqualTo((byte) 5);
        assertThat(told).containsExactly("written 1", "written 2", "written 3", "written 4", "written 5");
    }

    @Test
    void withoutACopyTheCheckpointIsOnDiskWhenTheCallReturns() {
        try (BackgroundCheckpoints background = background(false)) {
            weights.fill((byte) 3);
            background.write(state(1, -1), Map.of("weights.f32", weights));
            assertThat(background.isIdle()).isTrue();
            weights.fill((byte) 99);
        }
        assertThat(read()).hasValueSatisfying(state -> assertThat(state.step()).isEqualTo(1));
        assertThat(weights.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 3);
        assertThat(told).containsExactly("written 1");
    }

    @Test
    void aWriteIsFollowedByAPauseOf25TimesItsDuration() {
        assertThat(restedAfterAWriteOf(Duration.ofSeconds(10), Duration.ofSeconds(249)))
                .isFalse();
        assertThat(restedAfterAWriteOf(Duration.ofSeconds(10), Duration.ofSeconds(250)))
                .isTrue();
    }

    @Test
    void thePauseIsAtMostOneHour() {
        assertThat(restedAfterAWriteOf(Duration.ofHours(1), Duration.ofHours(1).minusSeconds(1)))
                .isFalse();
        assertThat(restedAfterAWriteOf(Duration.ofHours(1), Duration.ofHours(1)))
                .isTrue();
    }

    private boolean restedAfterAWriteOf(Duration write, Duration since) {
        long creation = -5;
        long start = 0;
        long end = write.toNanos();
        Iterator<Long> times =
                List.of(creation, creation, start, end, end + since.toNanos()).iterator();
        try (BackgroundCheckpoints background =
                new BackgroundCheckpoints(checkpoints, 2, true, listener(), times::next)) {
            assertThat(background.isRested()).as("before the first write").isTrue();
            background.write(state(1, -1), Map.of("weights.f32", weights));
            background.await();
            return background.isRested();
        }
    }

    /** A JVM limited to 16 MiB of direct buffers copies, writes and reads 64 MiB of weights. */
    @Test
    void copiesDoNotCountAsDirectBuffers() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:MaxDirectMemorySize=16m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeCheckpoint.class.getName(),
                        directory.resolve("large").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("read step 7");
    }

    /** Writes a checkpoint larger than the JVM's limit of direct buffers in the background and reads it. */
    static final class LargeCheckpoint {
        private LargeCheckpoint() {}

        public static void main(String[] arguments) {
            Checkpoints checkpoints = new Checkpoints(Path.of(arguments[0]));
            try (Arena arena = Arena.ofShared()) {
                MemorySegment weights = arena.allocate(64 << 20, 4);
                weights.fill((byte) 5);
                try (BackgroundCheckpoints background =
                        new BackgroundCheckpoints(checkpoints, 1, true, new BackgroundCheckpoints.Listener() {
                            @Override
                            public void written(TrainingState state, long bytes) {}

                            @Override
                            public void failed(TrainingState state, UncheckedIOException reason) {
                                throw reason;
                            }
                        })) {
                    background.write(state(7, -1), Map.of("weights.f32", weights));
                }
                weights.fill((byte) 0);
                TrainingState state = checkpoints
                        .readNewest(name -> Optional.of(weights), System.out::println)
                        .orElseThrow();
                if (weights.get(ValueLayout.JAVA_BYTE, weights.byteSize() - 1) != 5) {
                    throw new IllegalStateException("the weights read differ from the weights written");
                }
                System.out.println("read step " + state.step());
            }
        }
    }

    @Test
    void theBestCheckpointIsKept() {
        try (BackgroundCheckpoints background = background()) {
            for (int step = 1; step <= 6; step++) {
                background.write(state(step, step < 2 ? -1 : 2), Map.of("weights.f32", weights));
            }
        }
        assertThat(checkpoints.steps()).containsExactly(6L, 5L, 2L);
    }

    @Test
    void aFailedWriteKeepsEarlierCheckpoints() {
        try (BackgroundCheckpoints background = background()) {
            background.write(state(1, -1), Map.of("weights.f32", weights));
            background.write(state(2, -1), Map.of("no-such-folder/weights.f32", weights));
            assertThat(background.await()).hasValue(1);
            background.write(state(3, -1), Map.of("weights.f32", weights));
        }
        assertThat(told.get(1))
                .startsWith("failed 2: the checkpoint of step 2 cannot be written: ")
                .contains(directory + "/checkpoints needs 4194304 bytes and has ", " free");
        assertThat(checkpoints.steps()).containsExactly(3L, 1L);
        assertThat(directory.resolve("checkpoints/.unfinished-2")).doesNotExist();
    }

    @Test
    void filesOfAKilledWriterAreRemoved() throws Exception {
        Path left = Files.createDirectories(directory.resolve("checkpoints/.unfinished-7"));
        Files.write(left.resolve("weights.f32"), new byte[1000]);
        assertThat(read()).isEmpty();
        assertThat(left).doesNotExist();
    }

    private BackgroundCheckpoints background() {
        return background(true);
    }

    private BackgroundCheckpoints background(boolean copies) {
        return new BackgroundCheckpoints(checkpoints, 2, copies, listener());
    }

    private BackgroundCheckpoints.Listener listener() {
        return new BackgroundCheckpoints.Listener() {
            @Override
            public void written(TrainingState state, long bytes) {
                assertThat(bytes).isGreaterThan(weights.byteSize());
                told.add("written " + state.step());
            }

            @Override
            public void failed(TrainingState state, UncheckedIOException reason) {
                told.add("failed " + state.step() + ": " + reason.getMessage());
            }
        };
    }

    private Optional<TrainingState> read() {
        return checkpoints.readNewest(
                name -> name.equals("weights.f32") ? Optional.of(weights) : Optional.empty(), told::add);
    }

    private static TrainingState state(long step, long bestStep) {
        return new TrainingState(
                TrainingState.FORMAT_VERSION,
                step,
                step,
                42,
                100,
                1.5,
                Map.of(),
                bestStep,
                0.0,
                0,
                SpikeGuard.State.NEW,
                new SamplerPosition(2, List.of(2L), List.of(0.0)));
    }
}
