package io.rootstock.evaluator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.evaluator.TestEngines;
import io.rootstock.evaluator.TestModels;
import io.rootstock.evaluator.TestRegistry;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.ScoreResponse;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged inference service as a child process. */
@Timeout(180)
class EngineIT {
    @TempDir
    private Path home;

    @TempDir
    private Path scratch;

    private TestRegistry registry;
    private Version version;

    @BeforeEach
    void start() throws IOException {
        registry = new TestRegistry(30);
        ArtifactStore store = new DirectoryArtifactStore(home.resolve("artifacts"));
        version = TestModels.version(store, scratch, TinyModel.random(5));
        registry.add(version);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static ScoreResponse score(Engine engine) throws InterruptedException {
        return engine.call(calls -> calls.score(ScoreRequest.newBuilder()
                .setModel(TestModels.VERSION)
                .setPrompt("a")
                .addContinuations("b")
                .build()));
    }

    private static void kill(Engine engine) {
        ProcessHandle process = ProcessHandle.of(engine.pid()).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
        process.onExit().join();
    }

    @Test
    @Tag("fault")
    void aCrashedProcessIsStartedTwiceAgain() throws IOException, InterruptedException {
        long last;
        try (Engine engine = TestEngines.start(TestEngines.command(home, registry.port()), scratch.resolve("engine"))) {
            ScoreResponse first = score(engine);
            assertThat(first.getDigest()).isEqualTo(version.getArtifacts(0).getDigest());
            assertThat(engine.build()).startsWith("llama.cpp ");
            for (int restart = 1; restart <= Engine.RESTARTS; restart++) {
                long pid = engine.pid();
                kill(engine);
                assertThat(score(engine).getScores(0)).isEqualTo(first.getScores(0));
                assertThat(engine.pid()).isNotEqualTo(pid);
                assertThat(engine.restarts()).isEqualTo(restart);
            }
            last = engine.pid();
            kill(engine);
            assertThatThrownBy(() -> score(engine))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("the inference process ended 3 times, with exit code 137:\n")
                    .hasMessageContaining("started in");
        }
        assertThat(ProcessHandle.of(last)).isEmpty();
    }

    @Test
    void aProcessThatDoesNotStartFailsWithItsOutput() {
        InferenceCommand broken = new InferenceCommand(
                List.of("/bin/sh", "-c", "echo cannot find my libraries; exit 3", "sh"), List.of(), Map.of(), Map.of());
        assertThatThrownBy(() -> TestEngines.start(broken, scratch.resolve("engine")))
                .isInstanceOf(EngineException.class)
                .hasMessage("the inference process ended 3 times, with exit code 3:\ncannot find my libraries");
    }

    @Test
    void callsBeyondTheQueueAreRepeated() throws IOException, InterruptedException, ExecutionException {
        InferenceCommand command = TestEngines.command(home, registry.port());
        Map<String, String> settings = new HashMap<>(command.settings());
        settings.put("rootstock.inference.queue", "1");
        InferenceCommand small =
                new InferenceCommand(command.program(), command.jar(), settings, command.environment());
        String text = "Some words of a document. ".repeat(25);
        try (Engine engine = TestEngines.start(small, scratch.resolve("engine"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Double>> scores = IntStream.range(0, 32)
                    .mapToObj(_ -> threads.submit(() -> engine.call(calls -> calls.score(ScoreRequest.newBuilder()
                                    .setModel(TestModels.VERSION)
                                    .setRolling(true)
                                    .addContinuations(text)
                                    .build()))
                            .getScores(0)
                            .getLogprob()))
                    .toList();
            double first = scores.getFirst().get();
            for (Future<Double> score : scores) {
                assertThat(score.get()).isCloseTo(first, within(1e-2));
            }
        }
    }

    @Test
    void aClosedEngineLeavesNoProcess() throws IOException, InterruptedException {
        Engine engine = TestEngines.start(TestEngines.command(home, registry.port()), scratch.resolve("engine"));
        ProcessHandle process = ProcessHandle.of(engine.pid()).orElseThrow();
        engine.close();
        assertThat(process.isAlive()).isFalse();
    }
}
