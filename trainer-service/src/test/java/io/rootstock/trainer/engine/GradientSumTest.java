package io.rootstock.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.collectives.Collectives;
import io.rootstock.collectives.Element;
import io.rootstock.collectives.EngineMissingException;
import io.rootstock.collectives.MpiCollectives;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sums of gradients over processes, with a model of three layers that are each large enough for a separate reduction.
 */
class GradientSumTest {
    private static final Optimizer.Settings SETTINGS = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1);
    private static final int VOCABULARY = 300;
    private static final int WIDTH = 192;
    private static final int FEED_FORWARD = 480;
    private static final int LAYER = 4 * WIDTH * WIDTH + 3 * WIDTH * FEED_FORWARD;
    private static final ModelShape SHAPE =
            new ModelShape(VOCABULARY, WIDTH, 3, 4, 4, FEED_FORWARD, 16, 1e-5, 10_000, true, 0);

    /** Trains in a group of two processes with one thread each and writes losses and gradient hashes to a folder. */
    public static void main(String[] arguments) throws IOException {
        try (Collectives group = MpiCollectives.join(2)) {
            Files.writeString(Path.of(arguments[0], group.rank() + ".txt"), trained(1, group));
        }
    }

    @Test
    void gradientsOfTwoProcessesAndTwoThreadsAreBitIdentical(@TempDir Path folder) throws Exception {
        try {
            MpiLauncher.HYDRA.check();
        } catch (EngineMissingException e) {
            Assumptions.abort(e.getMessage());
        }
        List<String> program = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                GradientSumTest.class.getName(),
                folder.toString());
        Path words = folder.resolve("words");
        ProcessBuilder builder = new ProcessBuilder(MpiLauncher.HYDRA.command(2, program))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(words.toFile());
        builder.environment().putAll(MpiLauncher.environment());
        Process group = builder.start();
        String expected = trained(2, Collectives.alone());
        assertThat(group.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(group.exitValue()).as(Files.readString(words)).isZero();
        assertThat(Files.readString(folder.resolve("0.txt"))).isEqualTo(expected);
        assertThat(Files.readString(folder.resolve("1.txt"))).isEqualTo(expected);
    }

    @Test
    void layersAreSummedFromTheLastAndSharedParametersAtTheEnd() {
        Recorded group = new Recorded(new ArrayList<>());
        try (Engine engine = Engine.create(SHAPE, new Tuning.Full(), Execution.of(Precision.FLOAT32, 2), group)) {
            engine.initialize(1);
            engine.gradient(batches());
        }
        assertThat(group.sums)
                .containsExactly(
                        "begin " + LAYER,
                        "begin " + LAYER,
                        "begin " + LAYER,
                        "begin " + VOCABULARY * WIDTH,
                        "begin " + 7 * WIDTH,
                        "finish",
                        "begin 1",
                        "finish");
    }

    @Test
    void smallLayersAreSummedTogether() {
        ModelShape small = new ModelShape(VOCABULARY, 64, 10, 4, 4, 128, 16, 1e-5, 10_000, true, 0);
        int layer = 4 * 64 * 64 + 3 * 64 * 128; // 40,960
        Recorded group = new Recorded(new ArrayList<>());
        try (Engine engine = Engine.create(small, new Tuning.Full(), Execution.of(Precision.FLOAT32, 1), group)) {
            engine.initialize(1);
            engine.gradient(batches());
        }
        assertThat(group.sums)
                .startsWith("begin " + 7 * layer, "begin " + (3 * layer + VOCABULARY * 64), "begin " + 21 * 64);
    }

    /** Losses and gradient hashes of four steps; the second step has rows for one replica alone. */
    private static String trained(int threads, Collectives group) {
        StringBuilder curve = new StringBuilder();
        try (Engine engine = Engine.create(SHAPE, new Tuning.Full(), Execution.of(Precision.FLOAT32, threads), group)) {
            engine.initialize(1);
            for (int step = 0; step < 4; step++) {
                List<Batch> batches = step == 1 ? List.of(batch(1, 9)) : batches();
                StepResult result = engine.step(batches, 1e-3, SETTINGS);
                curve.append(result)
                        .append(' ')
                        .append(Arrays.hashCode(engine.lastGradient()))
                        .append('\n');
            }
        }
        return curve.toString();
    }

    private static List<Batch> batches() {
        return List.of(batch(4, 7), batch(3, 8));
    }

    private static Batch batch(int rows, long seed) {
        Random random = new Random(seed);
        int[] tokens = random.ints(rows * 16L, 0, VOCABULARY).toArray();
        int[] targets = random.ints(rows * 16L, 0, VOCABULARY).toArray();
        return new LanguageBatch(rows, 16, tokens, targets);
    }

    /** Records the calls to a group of two processes, whose other process adds nothing. */
    private record Recorded(List<String> sums) implements Collectives {
        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int size() {
            return 2;
        }

        @Override
        public void beginSum(MemorySegment values, Element element) {
            sums.add("begin " + values.byteSize() / element.bytes());
        }

        @Override
        public void advanceSums() {}

        @Override
        public void finishSums() {
            sums.add("finish");
        }

        @Override
        public void broadcast(MemorySegment values, int root) {}

        @Override
        public void barrier() {}

        @Override
        public void close() {}
    }
}
