package io.rootstock.registry.evaluation;

import static io.rootstock.registry.evaluation.EvaluationFixture.job;
import static io.rootstock.registry.evaluation.EvaluationFixture.record;
import static io.rootstock.registry.evaluation.EvaluationFixture.refusal;
import static io.rootstock.registry.evaluation.EvaluationFixture.result;
import static io.rootstock.registry.evaluation.EvaluationFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.rootstock.evaluation.v1.ClaimEvaluationRequest;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationFailure;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.ReleaseEvaluationRequest;
import io.rootstock.evaluation.v1.ReportEvaluationRequest;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.lease.LeaseTerm;
import io.rootstock.registry.lease.Leases;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.watch.Changes;
import io.rootstock.trainer.v1.ArtifactContent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationClaimsTest {
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
    void evaluatorsOfTwoRegistriesClaimEachEvaluationOnce() throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            names.add(fixture.create(spec()).getName());
        }
        Changes changes = new Changes();
        try (Database database = Database.open(new DatabaseServer.External(registry.source()));
                ExecutorService threads = Executors.newFixedThreadPool(6)) {
            EvaluationClaims other = new EvaluationClaims(
                    database, registry.store(), new Leases(database, new LeaseTerm(Duration.ofSeconds(30))), changes);
            Callable<List<String>> here = () -> {
                List<String> claimed = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    claimed.add(fixture.claim("here").getEvaluation().getName());
                }
                return claimed;
            };
            Callable<List<String>> there = () -> {
                List<String> claimed = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    claimed.add(other.claim(ClaimEvaluationRequest.newBuilder()
                                    .setEvaluator("there")
                                    .build())
                            .orElseThrow()
                            .getEvaluation()
                            .getName());
                }
                return claimed;
            };
            List<String> claimed = new ArrayList<>();
            for (Future<List<String>> each : threads.invokeAll(List.of(here, there, here, there, here, there))) {
                claimed.addAll(each.get());
            }
            assertThat(claimed).containsExactlyInAnyOrderElementsOf(names);
            assertThat(other.claim(request("there"))).isEmpty();
        }
    }

    @Test
    void aWaitingClaimGetsAnEvaluationThatIsCreatedLater() throws Exception {
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<ClaimEvaluationResponse> waiting = threads.submit(() -> fixture.claim("one"));
            String name = fixture.create(spec()).getName();
            assertThat(waiting.get().getEvaluation().getName()).isEqualTo(name);
        }
    }

    @Test
    void theOldestIsClaimedUnlessAnotherIsPreferred() {
        String first = fixture.create(spec()).getName();
        String second = fixture.create(spec()).getName();
        String third = fixture.create(spec()).getName();
        assertThat(fixture.evaluator
                        .claimEvaluation(
                                request("one").toBuilder().setPreferred(third).build())
                        .getEvaluation()
                        .getName())
                .isEqualTo(third);
        assertThat(fixture.claim("one").getEvaluation().getName()).isEqualTo(first);
        assertThat(fixture.evaluator
                        .claimEvaluation(request("one").toBuilder()
                                .setPreferred("evaluations/absent")
                                .build())
                        .getEvaluation()
                        .getName())
                .isEqualTo(second);
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.claim(" ")))
                .contains("evaluator: must not be blank");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT,
                        () -> fixture.evaluator.claimEvaluation(request("one").toBuilder()
                                .setPreferred("absent")
                                .build())))
                .contains("preferred: must be evaluations/");
    }

    @Test
    void anExpiredLeaseIsClaimedAgainAndTheOldOneRejected() {
        String name = fixture.create(spec()).getName();
        ClaimEvaluationResponse lost = fixture.claim("one");
        fixture.expireLeases();
        // Not claimed yet: the holder renews it.
        assertThat(fixture.report(lost, 1)).isFalse();
        fixture.expireLeases();
        ClaimEvaluationResponse second = fixture.claim("two");
        assertThat(second.getEvaluation().getName()).isEqualTo(name);
        assertThat(second.getEvaluation().getMessage()).isEqualTo("running at two; the lease of one expired");
        assertThat(second.getEvaluation().getProgress().getRows()).isEqualTo(1);
        assertThat(second.getLease()).isEqualTo(lost.getLease() + 1);
        assertThat(refusal(Status.Code.ABORTED, () -> fixture.report(lost, 2)))
                .contains("lease 1 of " + job(name) + " has ended; the last one is 2");
        assertThat(refusal(Status.Code.ABORTED, () -> fail(lost, "late"))).contains("lease 1 of");
        assertThat(fixture.report(second, 3)).isFalse();
    }

    @Test
    void anEvaluationThatEndsItsEvaluatorsFailsAndCanBeResumed() {
        String name = fixture.create(spec()).getName();
        ClaimEvaluationResponse claim = null;
        for (String evaluator : List.of("one", "two", "three")) {
            claim = fixture.claim(evaluator);
            assertThat(claim.getEvaluation().getName()).isEqualTo(name);
            fixture.expireLeases();
        }
        String next = fixture.create(spec()).getName();
        assertThat(fixture.claim("four").getEvaluation().getName()).isEqualTo(next);
        Evaluation failed = fixture.get(name);
        assertThat(failed.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
        assertThat(failed.getMessage())
                .contains("3 evaluators stopped while they ran the evaluation, the last one was three")
                .contains("rootstock jobs resume " + name.substring("evaluations/".length()));
        ClaimEvaluationResponse lost = claim;
        assertThat(refusal(Status.Code.ABORTED, () -> fixture.report(lost, 1))).contains("is FAILED");
        var _ = fixture.resume(name);
        assertThat(fixture.claim("five").getEvaluation().getName()).isEqualTo(name);
        fixture.expireLeases();
        assertThat(List.of(
                        fixture.claim("six").getEvaluation().getName(),
                        fixture.claim("six").getEvaluation().getName()))
                .containsExactlyInAnyOrder(name, next);
    }

    @Test
    void aReleasedEvaluationIsClaimedAtOnce() {
        String name = fixture.create(spec()).getName();
        String next = fixture.create(spec()).getName();
        ClaimEvaluationResponse released = fixture.claim("one");
        assertThat(fixture.report(released, 5)).isFalse();
        release(released, false);
        assertThat(fixture.get(name).getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        assertThat(fixture.get(name).getMessage()).isEqualTo("one stopped");
        assertThat(refusal(Status.Code.ABORTED, () -> fixture.report(released, 6)))
                .contains("lease 1 of " + job(name) + " has ended; the last one is 2");
        assertThat(refusal(Status.Code.ABORTED, () -> release(released, true))).contains("lease 1 of");
        assertThat(fixture.claim("two").getEvaluation().getName()).isEqualTo(name);
        assertThat(fixture.events(name, 0).stream()
                        .filter(JobEvent::hasStateChanged)
                        .map(event -> event.getStateChanged().getMessage()))
                .containsExactly("waits for an evaluator", "running at one", "one stopped", "running at two");
        ClaimEvaluationResponse preferred = fixture.claim("three");
        assertThat(preferred.getEvaluation().getName()).isEqualTo(next);
        release(preferred, false);
        assertThat(fixture.evaluator
                        .claimEvaluation(
                                request("three").toBuilder().setPreferred(next).build())
                        .getEvaluation()
                        .getName())
                .isEqualTo(next);
        assertThat(refusal(
                        Status.Code.NOT_FOUND,
                        () -> fixture.evaluator.releaseEvaluation(ReleaseEvaluationRequest.newBuilder()
                                .setName("evaluations/absent")
                                .build())))
                .contains("evaluations/absent");
    }

    @Test
    void releasesOfCrashedEvaluatorsCountAsExpiredLeases() {
        fixture.execute("insert into registry.webhook (id, url, event_types, secret, state)"
                + " values ('hook-1', '', '{evaluation.failed}', '', 'ENABLED')");
        String name = fixture.create(spec()).getName();
        release(fixture.claim("one"), true);
        assertThat(fixture.get(name).getMessage()).isEqualTo("one restarted");
        for (int i = 0; i < 3; i++) {
            release(fixture.claim("one"), false);
        }
        release(fixture.claim("one"), true);
        ClaimEvaluationResponse last = fixture.claim("one");
        assertThat(last.getEvaluation().getName()).isEqualTo(name);
        assertThat(fixture.query("select event_type from registry.webhook_delivery"))
                .isEmpty();
        release(last, true);
        assertThat(fixture.get(name).getState()).isEqualTo(JobState.JOB_STATE_FAILED);
        assertThat(fixture.get(name).getMessage()).contains("3 evaluators stopped while they ran the evaluation");
        assertThat(refusal(Status.Code.ABORTED, () -> release(last, false))).contains("is FAILED");
        assertThat(fixture.query("select event_type || ' evaluations/' || (body::json->'data'->>'id')"
                        + " from registry.webhook_delivery"))
                .containsExactly("evaluation.failed " + name);
    }

    private void release(ClaimEvaluationResponse claim, boolean crashed) {
        var _ = fixture.evaluator.releaseEvaluation(ReleaseEvaluationRequest.newBuilder()
                .setName(claim.getEvaluation().getName())
                .setLease(claim.getLease())
                .setCrashed(crashed)
                .build());
    }

    @Test
    void anEvaluationFailsWithTheReasonOfItsEvaluator() {
        String name = fixture.create(spec()).getName();
        ClaimEvaluationResponse claim = fixture.claim("one");
        fail(claim, "a prompt has 600 tokens, more than the context of 512; use fewer shots");
        fail(claim, "a prompt has 600 tokens, more than the context of 512; use fewer shots");
        Evaluation failed = fixture.get(name);
        assertThat(failed.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
        assertThat(failed.getMessage()).contains("use fewer shots");
        assertThat(fixture.events(name, 0)).hasSize(3);
        assertThat(refusal(Status.Code.ABORTED, () -> fail(claim, "another"))).contains("is FAILED");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT,
                        () -> fixture.evaluator.finishEvaluation(FinishEvaluationRequest.newBuilder()
                                .setName(name)
                                .setLease(1)
                                .build())))
                .contains("outcome: must be success or failure");
    }

    @Test
    void aSuccessNeedsTheRowsAndAResultOfEachTask() {
        String name = fixture.create(spec()).getName();
        ClaimEvaluationResponse claim = fixture.claim("one");
        TaskResult yesno = result("yesno", 1, "acc");
        TaskResult stories = result("stories", 1, "perplexity");
        EvaluationSuccess.Builder success = EvaluationSuccess.newBuilder()
                .addResults(yesno)
                .addResults(stories)
                .setRows(ArtifactContent.newBuilder().setDigest("sha256:" + "0".repeat(64)));
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.finish(claim, success.build())))
                .contains("success.rows.digest: the artifact store does not have it");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.succeed(claim, List.of("{}"), yesno)))
                .contains("success.results: task 'stories' has no result");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT,
                        () -> fixture.succeed(claim, List.of("{}"), yesno, stories, result("quiz", 1, "acc"))))
                .contains("success.results: 'quiz' is not a task of " + name);
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.succeed(claim, List.of("{}"), yesno, yesno)))
                .contains("success.results[1].task: duplicate task 'yesno'");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT, () -> fixture.succeed(claim, List.of("{}"), result("yesno", 1))))
                .contains("success.results[0].metrics: must be 1 to 100, were 0");
        assertThat(fixture.get(name).getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
        List<String> records = List.of(record("yesno", 0, "acc", 1, 1));
        fixture.succeed(claim, records, yesno, stories);
        Evaluation done = fixture.get(name);
        // The repeated call of a client that did not get the response.
        fixture.succeed(claim, records, yesno, stories);
        assertThat(fixture.get(name)).isEqualTo(done);
        assertThat(refusal(Status.Code.ABORTED, () -> fixture.succeed(claim, List.of("{}"), yesno, stories)))
                .contains(job(name) + " is SUCCEEDED");
    }

    @Test
    void progressIsStoredAtMostOnceASecondAndARepeatedTaskIsIgnored() {
        String name = fixture.create(spec()).getName();
        ClaimEvaluationResponse claim = fixture.claim("one");
        TaskResult yesno = result("yesno", 5, "acc");
        assertThat(fixture.report(claim, 1, yesno)).isFalse();
        // The last event is less than a second old.
        lastProgressEvent("+ interval '1 h'", 1);
        for (int i = 2; i <= 50; i++) {
            assertThat(fixture.report(claim, i, yesno)).isFalse();
            assertThat(fixture.get(name).getProgress().getRows()).isEqualTo(i);
        }
        lastProgressEvent("- interval '1 s'", 1);
        assertThat(fixture.report(claim, 51, yesno)).isFalse();
        lastProgressEvent("- interval '1 s'", 300);
        assertThat(fixture.report(claim, 52, result("yesno", 6, "acc"))).isFalse();
        lastProgressEvent("- interval '10 s'", 300);
        assertThat(fixture.report(claim, 53)).isFalse();
        assertThat(fixture.report(claim, 53)).isFalse();
        List<JobEvent> events = fixture.events(name, 0);
        assertThat(events.stream()
                        .filter(JobEvent::hasEvaluationProgress)
                        .map(event -> event.getEvaluationProgress().getRows()))
                .containsExactly(1L, 51L, 53L);
        assertThat(events.stream().filter(JobEvent::hasTaskResult)).hasSize(1);
        assertThat(fixture.get(name).getResultsList()).containsExactly(yesno);
        assertThat(events.stream().map(JobEvent::getSequence))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.report(claim, 54, result("quiz", 1, "acc"))))
                .contains("results: 'quiz' is not a task of " + name);
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.report(claim, -1)))
                .contains("progress.rows: must be at least 0, was -1 of 1000");
        assertThat(refusal(
                        Status.Code.NOT_FOUND,
                        () -> fixture.evaluator.reportEvaluation(ReportEvaluationRequest.newBuilder()
                                .setName("evaluations/absent")
                                .setProgress(EvaluationProgress.getDefaultInstance())
                                .build())))
                .contains("evaluations/absent");
    }

    @Test
    void aRegistryThatRestartsKeepsLeases() {
        String name = fixture.create(spec()).getName();
        ClaimEvaluationResponse claim = fixture.claim("one");
        registry.restart();
        EvaluationFixture again = new EvaluationFixture(registry);
        assertThat(again.report(claim, 7)).isFalse();
        assertThat(again.get(name).getProgress().getRows()).isEqualTo(7);
        Optional<JobEvent> last = again.events(name, 2).stream().findFirst();
        assertThat(last.orElseThrow().getEvaluationProgress().getRows()).isEqualTo(7);
    }

    private void lastProgressEvent(String age, int events) {
        fixture.execute("update registry.evaluation set progress_event_time = clock_timestamp() " + age
                + ", progress_events = " + events);
    }

    private void fail(ClaimEvaluationResponse claim, String message) {
        var _ = fixture.evaluator.finishEvaluation(FinishEvaluationRequest.newBuilder()
                .setName(claim.getEvaluation().getName())
                .setLease(claim.getLease())
                .setFailure(EvaluationFailure.newBuilder().setMessage(message))
                .build());
    }

    private static ClaimEvaluationRequest request(String evaluator) {
        return ClaimEvaluationRequest.newBuilder().setEvaluator(evaluator).build();
    }
}
