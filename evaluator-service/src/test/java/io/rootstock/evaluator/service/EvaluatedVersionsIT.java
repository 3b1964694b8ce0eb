package io.rootstock.evaluator.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluator.TestModels;
import io.rootstock.evaluator.TestRegistry;
import io.rootstock.evaluator.TestSuite;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged evaluator with several kinds of versions, with a token, and with a registry that starts later. */
@Timeout(180)
class EvaluatedVersionsIT {
    @TempDir
    private Path home;

    @TempDir
    private Path scratch;

    private TestRegistry registry;
    private ArtifactStore store;
    private SuiteRevision suite;

    @BeforeEach
    void start() throws IOException {
        registry = new TestRegistry(30);
        store = new DirectoryArtifactStore(home.resolve("artifacts"));
        suite = TestSuite.ofAllKinds(scratch.resolve("suite")).store(store);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private Artifact artifact(ArtifactKind kind, Path file) {
        return Artifact.newBuilder()
                .setKind(kind)
                .setDigest(store.putFile(file).value())
                .build();
    }

    private void queue(Version version, String task) {
        registry.queue(
                TestModels.evaluation(
                        "evaluations/e",
                        version,
                        EvaluationSpec.newBuilder().addTasks(task).setLimit(3)),
                suite);
    }

    private double perplexity(FinishEvaluationRequest finish) {
        assertThat(finish.getFailure().getMessage()).isEmpty();
        return finish.getSuccess().getResults(0).getMetrics(0).getValue();
    }

    @Test
    void theStatedFileOfAVersionIsScored() throws IOException {
        TinyModel base = TinyModel.random(7);
        Path weights = base.write(scratch.resolve("weights"));
        Path others = TinyModel.random(8).write(scratch.resolve("others"));
        Version both = TestModels.version(store, weights).toBuilder()
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, others))
                .build();
        Version adapted = both.toBuilder()
                .setName("models/adapted/versions/1")
                .clearArtifacts()
                .addArtifacts(artifact(
                        ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER,
                        base.writeAdapter(scratch.resolve("adapter"), 3, null)))
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_GGUF_BASE, weights))
                .build();
        registry.add(both);
        registry.add(adapted);
        try (EvaluatorProcess _ = new EvaluatorProcess(home, registry.port())) {
            queue(both, "cloze");
            double first = perplexity(registry.awaitFinish(0));
            queue(both.toBuilder().removeArtifacts(0).build(), "cloze");
            double second = perplexity(registry.awaitFinish(1));
            queue(adapted, "cloze");
            double third = perplexity(registry.awaitFinish(2));
            assertThat(first).isPositive().isNotEqualTo(second).isNotEqualTo(third);
            assertThat(second).isNotEqualTo(third);

            // A file that the version does not have, also for completions, whose responses state no digest.
            Artifact foreign =
                    artifact(ArtifactKind.ARTIFACT_KIND_GGUF_F32, Files.writeString(scratch.resolve("f"), "f"));
            queue(both.toBuilder().setArtifacts(0, foreign).build(), "answers");
            assertThat(registry.awaitFinish(3).getFailure().getMessage())
                    .startsWith("the inference service cannot score with the artifact: FAILED_PRECONDITION")
                    .contains(foreign.getDigest());
        }
    }

    @Test
    void theTokenIsSentAndNotOnTheCommandLine() throws IOException {
        Path token = Files.writeString(scratch.resolve("secret-token"), "0123456789abcdef0123456789abcdef\n");
        Version version = TestModels.version(store, scratch, TinyModel.random(7));
        registry.add(version);
        try (EvaluatorProcess evaluator =
                new EvaluatorProcess(home, registry.port(), "rootstock.auth.token-file=" + token)) {
            queue(version, "cloze");
            TestRegistry.await(() -> !evaluator.children().isEmpty());
            ProcessHandle child = evaluator.children().getFirst();
            assertThat(child.info().commandLine())
                    .hasValueSatisfying(command -> assertThat(command)
                            .contains("pinned-version=" + version.getName())
                            .doesNotContain("secret-token")
                            .doesNotContain("0123456789abcdef"));
            assertThat(perplexity(registry.awaitFinish(0))).isPositive();
        }
    }

    @Test
    void aRegistryThatStartsLaterIsClaimedFrom() throws IOException, InterruptedException {
        Version version = TestModels.version(store, scratch, TinyModel.random(7));
        registry.add(version);
        registry.stopServing();
        try (EvaluatorProcess evaluator = new EvaluatorProcess(home, registry.port())) {
            assertThat(evaluator.get("/q/health/ready")).contains("\"registry\": \"unavailable\"");
            String problem = "the registry does not answer claims: UNAVAILABLE";
            TestRegistry.await(() -> evaluator.output().contains(problem));
            queue(version, "cloze");
            registry.startServing();
            assertThat(perplexity(registry.awaitFinish(0))).isPositive();
            assertThat(evaluator.output().split(problem, -1)).hasSize(2);
        }
    }
}
