package io.rootstock.registry.evaluation;

import static io.rootstock.registry.evaluation.EvaluationFixture.FILES;
import static io.rootstock.registry.evaluation.EvaluationFixture.job;
import static io.rootstock.registry.evaluation.EvaluationFixture.record;
import static io.rootstock.registry.evaluation.EvaluationFixture.result;
import static io.rootstock.registry.evaluation.EvaluationFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.evaluation.v1.ClaimEvaluationRequest;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.EvaluatorServiceGrpc;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.ReportEvaluationRequest;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteServiceGrpc;
import io.rootstock.registry.RegistryProcess;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactContent;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An evaluation in the packaged service, which is killed meanwhile. */
@Tag("fault")
class EvaluationProcessIT {
    @TempDir
    private Path home;

    @Test
    void aLeaseOutlivesTheRegistryThatGaveIt() throws Exception {
        ArtifactStore store = new DirectoryArtifactStore(home.resolve("artifacts"));
        ClaimEvaluationResponse claim;
        String name;
        try (RegistryProcess registry = RegistryProcess.start(home, List.of());
                ExecutorService evaluator = Executors.newSingleThreadExecutor()) {
            ManagedChannel channel = registry.channel();
            Future<ClaimEvaluationResponse> waiting =
                    evaluator.submit(() -> EvaluatorServiceGrpc.newBlockingStub(channel)
                            .claimEvaluation(ClaimEvaluationRequest.newBuilder()
                                    .setEvaluator("one")
                                    .build()));
            create(channel, store);
            name = EvaluationServiceGrpc.newBlockingStub(channel)
                    .createEvaluation(
                            CreateEvaluationRequest.newBuilder().setSpec(spec()).build())
                    .getEvaluation()
                    .getName();
            claim = waiting.get();
            channel.shutdownNow();
            registry.process().destroyForcibly().waitFor();
        }
        assertThat(claim.getEvaluation().getName()).isEqualTo(name);
        assertThat(claim.getSuiteRevision().getTasksCount()).isEqualTo(2);
        try (RegistryProcess registry = RegistryProcess.start(home, List.of())) {
            ManagedChannel channel = registry.channel();
            finish(channel, store, claim);
            List<JobEvent> events = new ArrayList<>();
            EvaluationServiceGrpc.EvaluationServiceBlockingStub evaluations =
                    EvaluationServiceGrpc.newBlockingStub(channel);
            JobServiceGrpc.newBlockingStub(channel)
                    .watchJob(WatchJobRequest.newBuilder().setName(job(name)).build())
                    .forEachRemaining(message -> events.add(message.getEvent()));
            assertThat(events.stream().map(JobEvent::getSequence)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(evaluations
                            .readEvaluationRows(ReadEvaluationRowsRequest.newBuilder()
                                    .setName(name)
                                    .build())
                            .next()
                            .getLines()
                            .toStringUtf8())
                    .isEqualTo(record("yesno", 0, "acc", 1, 1) + "\n");
            channel.shutdownNow();
        }
    }

    private static void create(ManagedChannel channel, ArtifactStore store) throws IOException {
        var _ = ModelServiceGrpc.newBlockingStub(channel)
                .createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/base")
                        .setVersion(Version.newBuilder()
                                .setKind(VersionKind.VERSION_KIND_BASE)
                                .addArtifacts(Artifact.newBuilder()
                                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                                        .setDigest(put(store, "weights"))))
                        .build());
        CreateSuiteRevisionRequest.Builder suite =
                CreateSuiteRevisionRequest.newBuilder().setSuite("suites/tiny");
        for (var file : FILES.entrySet()) {
            suite.addFiles(SuiteFile.newBuilder().setPath(file.getKey()).setDigest(put(store, file.getValue())));
        }
        var _ = SuiteServiceGrpc.newBlockingStub(channel).createSuiteRevision(suite.build());
    }

    private static void finish(ManagedChannel channel, ArtifactStore store, ClaimEvaluationResponse claim)
            throws IOException {
        EvaluatorServiceGrpc.EvaluatorServiceBlockingStub evaluator = EvaluatorServiceGrpc.newBlockingStub(channel);
        assertThat(evaluator
                        .reportEvaluation(ReportEvaluationRequest.newBuilder()
                                .setName(claim.getEvaluation().getName())
                                .setLease(claim.getLease())
                                .setProgress(EvaluationProgress.newBuilder()
                                        .setRows(1)
                                        .setTotalRows(2))
                                .build())
                        .getCancelled())
                .isFalse();
        String rows = record("yesno", 0, "acc", 1, 1) + "\n";
        var _ = evaluator.finishEvaluation(FinishEvaluationRequest.newBuilder()
                .setName(claim.getEvaluation().getName())
                .setLease(claim.getLease())
                .setSuccess(EvaluationSuccess.newBuilder()
                        .addResults(result("yesno", 1, "acc"))
                        .addResults(result("stories", 1, "perplexity"))
                        .setRows(ArtifactContent.newBuilder().setDigest(put(store, rows))))
                .build());
    }

    private static String put(ArtifactStore store, String content) throws IOException {
        try (ArtifactWriter writer = store.create()) {
            writer.write(content.getBytes(StandardCharsets.UTF_8));
            return writer.commit().value();
        }
    }
}
