package io.rootstock.registry.evaluation;

import static io.rootstock.registry.evaluation.EvaluationFixture.job;
import static io.rootstock.registry.evaluation.EvaluationFixture.record;
import static io.rootstock.registry.evaluation.EvaluationFixture.refusal;
import static io.rootstock.registry.evaluation.EvaluationFixture.result;
import static io.rootstock.registry.evaluation.EvaluationFixture.spec;
import static io.rootstock.registry.evaluation.EvaluationFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.ListEvaluationsRequest;
import io.rootstock.evaluation.v1.ListEvaluationsResponse;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.PauseJobRequest;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluationServiceTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private EvaluationFixture fixture;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        fixture = new EvaluationFixture(registry).withSuite();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void anEvaluationIsQueuedScoredAndWatchedToItsEnd() {
        Evaluation queued = fixture.create(spec());
        Artifact gguf = version("base:1").getArtifacts(1);
        assertThat(queued.getName()).matches("evaluations/eval-[0-9a-z]{8}");
        assertThat(queued.getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        assertThat(queued.getResolved())
                .isEqualTo(ResolvedEvaluation.newBuilder()
                        .setVersion("models/base/versions/1")
                        .setSuiteRevision("suites/tiny/revisions/1")
                        .setArtifact(gguf)
                        .build());
        Iterator<WatchJobResponse> watch = fixture.jobs.watchJob(
                WatchJobRequest.newBuilder().setName(job(queued.getName())).build());
        assertThat(state(watch.next())).isEqualTo(JobState.JOB_STATE_QUEUED);

        ClaimEvaluationResponse claim = fixture.claim("one");
        assertThat(claim.getEvaluation().getName()).isEqualTo(queued.getName());
        assertThat(claim.getSuiteRevision().getFilesCount()).isEqualTo(5);
        assertThat(claim.getLease()).isEqualTo(1);
        assertThat(claim.getLeaseSeconds()).isEqualTo(30);
        WatchJobResponse running = watch.next();
        assertThat(state(running)).isEqualTo(JobState.JOB_STATE_RUNNING);
        assertThat(running.getEvent().getStateChanged().getMessage()).isEqualTo("running at one");

        TaskResult stories = result("stories", 2, "perplexity");
        TaskResult yesno = result("yesno", 3, "acc");
        assertThat(fixture.report(claim, 4, stories)).isFalse();
        assertThat(watch.next().getEvent().getEvaluationProgress().getRows()).isEqualTo(4);
        assertThat(watch.next().getEvent().getTaskResult()).isEqualTo(stories);
        assertThat(fixture.get(queued.getName()).getProgress().getTotalRows()).isEqualTo(1000);

        fixture.succeed(claim, List.of(record("yesno", 0, "acc", 1, 1)), yesno, stories);
        assertThat(watch.next().getEvent().getTaskResult()).isEqualTo(yesno);
        assertThat(state(watch.next())).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(watch.hasNext()).isFalse();

        Evaluation done = fixture.get(queued.getName());
        assertThat(done.getResultsList()).containsExactly(yesno, stories);
        assertThat(done.getEngine()).isEqualTo("llama.cpp b9090");
        assertThat(done.getRows().getBytes()).isPositive();
        assertThat(done.getEtag()).isNotEqualTo(queued.getEtag());
        List<JobEvent> events = fixture.events(done.getName(), 0);
        assertThat(events.stream().map(JobEvent::getSequence))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 6).boxed().toList());
        assertThat(fixture.events(done.getName(), 4)).containsExactlyElementsOf(events.subList(4, 6));
        assertThat(fixture.events(done.getName(), 6)).isEmpty();
    }

    @Test
    void aliasesAreResolvedOnceAndARepeatedRequestKeepsTheirMeaning() {
        CreateEvaluationRequest request = CreateEvaluationRequest.newBuilder()
                .setSpec(spec().setVersion("models/base@production"))
                .setRequestId("once")
                .build();
        alias(1);
        Evaluation first = fixture.evaluations.createEvaluation(request).getEvaluation();
        registry.register("base");
        alias(2);
        fixture.suite(with("rows/yesno.jsonl", "{}\n"));
        assertThat(fixture.evaluations.createEvaluation(request).getEvaluation())
                .isEqualTo(first);
        Evaluation second = fixture.create(spec().setVersion("models/base@production"));
        assertThat(second.getResolved().getVersion()).isEqualTo("models/base/versions/2");
        assertThat(second.getResolved().getSuiteRevision()).isEqualTo("suites/tiny/revisions/2");
        assertThat(refusal(
                        Status.Code.ALREADY_EXISTS,
                        () -> fixture.evaluations.createEvaluation(
                                request.toBuilder().setSpec(spec()).build())))
                .contains("request id 'once'");
        Evaluation checked = fixture.evaluations
                .createEvaluation(CreateEvaluationRequest.newBuilder()
                        .setSpec(spec().setSuite("suites/tiny/revisions/1"))
                        .setValidateOnly(true)
                        .build())
                .getEvaluation();
        assertThat(checked.getResolved().getSuiteRevision()).isEqualTo("suites/tiny/revisions/1");
        assertThat(checked.getName()).isEmpty();
        assertThat(list("", 10).getEvaluationsCount()).isEqualTo(2);
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of(
                        spec().setVersion("Base"), Status.Code.INVALID_ARGUMENT, "spec.version: must name a version"),
                Arguments.of(spec().setVersion(""), Status.Code.INVALID_ARGUMENT, "spec.version: must name a version"),
                Arguments.of(spec().setVersion("base:7"), Status.Code.NOT_FOUND, "models/base/versions/7"),
                Arguments.of(spec().setSuite("tiny"), Status.Code.INVALID_ARGUMENT, "spec.suite: must be suites/"),
                Arguments.of(spec().setSuite("suites/other"), Status.Code.NOT_FOUND, "suites/other"),
                Arguments.of(
                        spec().addTasks("yesno").addTasks("quiz"),
                        Status.Code.INVALID_ARGUMENT,
                        "spec.tasks[1]: 'quiz' is not a task of suites/tiny/revisions/1; its tasks: yesno, stories"),
                Arguments.of(
                        spec().addTasks("yesno").addTasks("yesno"),
                        Status.Code.INVALID_ARGUMENT,
                        "spec.tasks[1]: duplicate task 'yesno'"),
                Arguments.of(
                        spec().setLimit(-1), Status.Code.INVALID_ARGUMENT, "spec.limit: must be at least 0, was -1"),
                Arguments.of(
                        spec().setShots(101), Status.Code.INVALID_ARGUMENT, "spec.shots: must be 0 to 100, was 101"),
                Arguments.of(
                        spec().setQuantization(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE),
                        Status.Code.INVALID_ARGUMENT,
                        "spec.quantization: must be GGUF_F32"),
                Arguments.of(
                        spec().setQuantization(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M),
                        Status.Code.FAILED_PRECONDITION,
                        "models/base/versions/1 has no GGUF_Q4_K_M file, it has GGUF_F32; create it with"
                                + " `rootstock models quantize base:1 --quantization q4_k_m`"),
                Arguments.of(
                        spec().setQuantization(ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL),
                        Status.Code.FAILED_PRECONDITION,
                        "has no GGUF_ORIGINAL file, it has GGUF_F32; choose another"));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refusesInvalidSpecs(EvaluationSpec.Builder spec, Status.Code code, String reason) {
        assertThat(refusal(code, () -> fixture.create(spec))).contains(reason);
    }

    @Test
    void theFileIsChosenByTheQuantization() {
        Artifact f32 = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "f32");
        Artifact eight = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, "q8");
        register("two", VersionKind.VERSION_KIND_BASE, f32, eight);
        assertThat(fixture.create(spec().setVersion("two")).getResolved().getArtifact())
                .isEqualTo(eight);
        assertThat(fixture.create(spec().setVersion("two").setQuantization(f32.getKind()))
                        .getResolved()
                        .getArtifact())
                .isEqualTo(f32);
        register("none", VersionKind.VERSION_KIND_BASE, registry.directory("none"));
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> fixture.create(spec().setVersion("none"))))
                .contains("models/none/versions/1 has no GGUF file; create it with"
                        + " `rootstock models quantize none:1 --quantization q8_0`");
    }

    @Test
    void anAdapterOnASharedBaseIsEvaluated() {
        Artifact base = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_BASE, "base");
        Artifact adapter = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER, "adapter");
        register("tuned", VersionKind.VERSION_KIND_INSTRUCT, base, adapter);
        assertThat(fixture.create(spec().setVersion("tuned")).getResolved().getArtifact())
                .isEqualTo(adapter);
        assertThat(refusal(
                        Status.Code.FAILED_PRECONDITION,
                        () -> fixture.create(
                                spec().setVersion("tuned").setQuantization(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0))))
                .contains("is an adapter on a shared base", "leave the quantization unset");
    }

    @Test
    void aCancelledEvaluationIsResumedAndReportsOfItsOldLeaseAreRejected() {
        Evaluation queued = fixture.create(spec());
        Evaluation cancelled = fixture.cancel(queued.getName());
        assertThat(cancelled.getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
        assertThat(cancelled.getMessage()).isEqualTo("cancelled by request");
        assertThat(fixture.cancel(queued.getName())).isEqualTo(cancelled);
        fixture.resume(queued.getName());
        ClaimEvaluationResponse claim = fixture.claim("one");
        assertThat(fixture.cancel(queued.getName()).getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);

        assertThat(fixture.report(claim, 1)).isTrue();
        assertThat(fixture.get(queued.getName()).hasProgress()).isFalse();
        assertThat(refusal(
                        Status.Code.ABORTED,
                        () -> fixture.succeed(
                                claim, List.of(), result("yesno", 1, "acc"), result("stories", 1, "acc"))))
                .contains(job(queued.getName()) + " is CANCELLED");
        assertThat(fixture.resume(queued.getName()).getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        assertThat(fixture.resume(queued.getName()).getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        assertThat(refusal(Status.Code.ABORTED, () -> fixture.report(claim, 2)))
                .contains("lease " + claim.getLease() + " of " + job(queued.getName()) + " has ended");
        ClaimEvaluationResponse second = fixture.claim("two");
        assertThat(second.getLease()).isGreaterThan(claim.getLease());
        fixture.succeed(second, List.of("{}"), result("yesno", 1, "acc"), result("stories", 1, "acc"));
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> fixture.cancel(queued.getName())))
                .contains("is SUCCEEDED and cannot be cancelled");
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> fixture.resume(queued.getName())))
                .contains("is SUCCEEDED and cannot be resumed; create another evaluation");
        assertThat(fixture.events(queued.getName(), 0).stream()
                        .filter(JobEvent::hasStateChanged)
                        .map(event -> event.getStateChanged().getState().getNumber()))
                .containsExactly(2, 8, 2, 3, 8, 2, 3, 6);
    }

    @Test
    void anEvaluationIsAJobOfItsOwnKind() {
        Evaluation evaluation = fixture.create(spec());
        Job job = fixture.jobs
                .getJob(GetJobRequest.newBuilder()
                        .setName(job(evaluation.getName()))
                        .build())
                .getJob();
        assertThat(job.getKind()).isEqualTo(JobKind.JOB_KIND_EVALUATE);
        assertThat(job.getOwner()).isEqualTo("users/local");
        assertThat(job.getMessage()).isEqualTo("waits for an evaluator");
        assertThat(job.getEvaluation()).isEqualTo(evaluation);
        assertThat(jobs("", JobKind.JOB_KIND_EVALUATE)).containsExactly(job);
        assertThat(jobs("", JobKind.JOB_KIND_PRETRAIN, JobKind.JOB_KIND_FINE_TUNE))
                .isEmpty();
        assertThat(jobs("kind = EVALUATE AND output_model = \"\" AND state = QUEUED"))
                .containsExactly(job);
        assertThat(jobs("kind != EVALUATE")).isEmpty();
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> jobs("", JobKind.JOB_KIND_UNSPECIFIED)))
                .contains("kinds: must be kinds of jobs");
        assertThat(refusal(
                        Status.Code.FAILED_PRECONDITION,
                        () -> fixture.jobs.pauseJob(PauseJobRequest.newBuilder()
                                .setName(job.getName())
                                .build())))
                .contains(job.getName() + " evaluates a version and cannot be paused; cancel it, and resume it later");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT,
                        () -> fixture.jobs.resumeJob(ResumeJobRequest.newBuilder()
                                .setName(job.getName())
                                .setRanks(2)
                                .build())))
                .contains("ranks: must be 0 for an evaluation, was 2");
    }

    private List<Job> jobs(String filter, JobKind... kinds) {
        return fixture.jobs
                .listJobs(ListJobsRequest.newBuilder()
                        .setFilter(filter)
                        .addAllKinds(List.of(kinds))
                        .build())
                .getJobsList();
    }

    @Test
    void anEndedEvaluationIsDeletedWithItsEvents() {
        Evaluation evaluation = fixture.create(spec());
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> fixture.delete(evaluation.getName())))
                .contains("is QUEUED and cannot be deleted; cancel it first: rootstock jobs cancel eval-");
        fixture.cancel(evaluation.getName());
        fixture.delete(evaluation.getName());
        assertThat(refusal(Status.Code.NOT_FOUND, () -> fixture.get(evaluation.getName())))
                .contains("rootstock eval list");
        assertThat(refusal(Status.Code.NOT_FOUND, () -> fixture.events(evaluation.getName(), 0)))
                .contains(job(evaluation.getName()));
        assertThat(refusal(Status.Code.NOT_FOUND, () -> fixture.cancel(evaluation.getName())))
                .contains(job(evaluation.getName()));
    }

    @Test
    void evaluationsAreListedNewestFirstAndFiltered() {
        String first = fixture.create(spec()).getName();
        registry.register("other");
        String second = fixture.create(spec().setVersion("other")).getName();
        fixture.cancel(first);
        assertThat(list("", 10).getEvaluationsList())
                .extracting(Evaluation::getName)
                .containsExactly(second, first);
        ListEvaluationsResponse page = list("", 1);
        assertThat(page.getEvaluationsList()).extracting(Evaluation::getName).containsExactly(second);
        assertThat(fixture.evaluations
                        .listEvaluations(ListEvaluationsRequest.newBuilder()
                                .setPageSize(1)
                                .setPageToken(page.getNextPageToken())
                                .build())
                        .getEvaluationsList())
                .extracting(Evaluation::getName)
                .containsExactly(first);
        for (String filter : List.of(
                "state = CANCELLED",
                "version = \"models/base/versions/1\"",
                "message = \"cancelled by request\"",
                "name = \"" + first + "\"",
                "suite = \"suites/tiny/revisions/1\" AND state != QUEUED",
                "create_time > \"2020-01-01T00:00:00Z\" AND version != \"models/other/versions/1\"")) {
            assertThat(list(filter, 10).getEvaluationsList())
                    .as(filter)
                    .extracting(Evaluation::getName)
                    .containsExactly(first);
        }
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> list("wit = 1", 10)))
                .contains("filter");
    }

    @Test
    void watchesOfOtherPositionsAreRefused() {
        String name = fixture.create(spec()).getName();
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.events(name, -1)))
                .contains("after_sequence: must be at least 0, was -1");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.events("models/a", 0)))
                .contains("name: must be jobs/");
    }

    private ListEvaluationsResponse list(String filter, int size) {
        return fixture.evaluations.listEvaluations(ListEvaluationsRequest.newBuilder()
                .setFilter(filter)
                .setPageSize(size)
                .build());
    }

    private void alias(int number) {
        var _ = registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName("models/base/aliases/production")
                        .setVersion("models/base/versions/" + number)
                        .build());
    }

    private Version version(String reference) {
        return registry.models()
                .getVersion(GetVersionRequest.newBuilder().setName(reference).build())
                .getVersion();
    }

    private void register(String model, VersionKind kind, Artifact... artifacts) {
        var _ = registry.models()
                .createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/" + model)
                        .setVersion(Version.newBuilder().setKind(kind).addAllArtifacts(List.of(artifacts)))
                        .build());
    }

    private static JobState state(WatchJobResponse message) {
        return message.getEvent().getStateChanged().getState();
    }
}
