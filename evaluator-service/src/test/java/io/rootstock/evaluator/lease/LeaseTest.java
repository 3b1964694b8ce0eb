package io.rootstock.evaluator.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.evaluation.v1.ClaimEvaluationRequest;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluator.TestRegistry;
import io.rootstock.evaluator.lease.LeaseEndedException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaseTest {
    private static final String NAME = "evaluations/e";

    private TestRegistry registry;
    private ManagedChannel channel;
    private RegistryClient client;

    @BeforeEach
    void start() throws IOException {
        start(30);
    }

    private void start(int leaseSeconds) throws IOException {
        registry = new TestRegistry(leaseSeconds);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", registry.port())
                .usePlaintext()
                .build();
        client = new RegistryClient(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        registry.close();
    }

    private Lease claim() {
        registry.queue(Evaluation.newBuilder().setName(NAME).build(), SuiteRevision.getDefaultInstance());
        ClaimEvaluationResponse claim = client.claim(
                ClaimEvaluationRequest.newBuilder().setEvaluator("e").build());
        return new Lease(
                client,
                claim,
                Duration.ofMillis(20),
                () -> Optional.of(EvaluationProgress.newBuilder().setRows(7).build()));
    }

    private static Optional<Reason> ended(Lease lease) {
        try {
            lease.requireHeld();
            return Optional.empty();
        } catch (LeaseEndedException e) {
            return Optional.of(e.reason());
        }
    }

    @Test
    void reportsProgressAndEachResultOnce() throws InterruptedException {
        try (Lease lease = claim()) {
            TestRegistry.await(() -> !registry.reports().isEmpty());
            lease.taskFinished(TaskResult.newBuilder().setTask("t").build());
            TestRegistry.await(() -> registry.reports().getLast().getResultsCount() == 1);
            TestRegistry.await(() -> registry.reports().getLast().getResultsCount() == 0);
            assertThat(registry.reports()).allSatisfy(report -> {
                assertThat(report.getName()).isEqualTo(NAME);
                assertThat(report.getProgress().getRows()).isEqualTo(7);
            });
            lease.succeed(
                    EvaluationSuccess.newBuilder().setEngine("llama.cpp b1").build());
        }
        FinishEvaluationRequest finish = registry.finishes().getFirst();
        assertThat(finish.getSuccess().getEngine()).isEqualTo("llama.cpp b1");
        assertThat(finish.getLease()).isEqualTo(1);
    }

    @Test
    void aCancelledEvaluationEndsAtTheNextReport() {
        try (Lease lease = claim()) {
            AtomicInteger ends = new AtomicInteger();
            lease.onEnd(ends::incrementAndGet);
            registry.cancel();
            TestRegistry.await(() -> ends.get() == 1);
            assertThat(ended(lease)).contains(Reason.CANCELLED);
            lease.end(Reason.STOPPED);
            assertThat(ended(lease)).contains(Reason.CANCELLED);
            lease.onEnd(ends::incrementAndGet);
            assertThat(ends).hasValue(2);
            assertThatThrownBy(() -> lease.fail("late")).isInstanceOf(LeaseEndedException.class);
            assertThat(registry.finishes()).isEmpty();
        }
    }

    @Test
    void aLeaseOfAnotherEvaluatorIsLost() {
        try (Lease lease = claim()) {
            registry.expire();
            TestRegistry.await(() -> ended(lease).equals(Optional.of(Reason.LOST)));
        }
    }

    @Test
    void aReleasedLeaseIsLostAndCannotBeReleasedAgain() {
        try (Lease lease = claim()) {
            assertThat(client.release(NAME, 1, false)).isTrue();
            assertThat(client.release(NAME, 1, true)).isFalse();
            assertThat(registry.releases()).hasSize(1);
            TestRegistry.await(() -> ended(lease).equals(Optional.of(Reason.LOST)));
        }
    }

    @Test
    void anUnavailableRegistryDoesNotEndTheLease() throws IOException, InterruptedException {
        try (Lease lease = claim()) {
            TestRegistry.await(() -> !registry.reports().isEmpty());
            registry.stopServing();
            int before = registry.reports().size();
            registry.startServing();
            TestRegistry.await(() -> registry.reports().size() > before);
            assertThat(ended(lease)).isEmpty();
        }
    }

    @Test
    void theEndIsReportedOnceTheRegistryIsAvailableAgain() throws InterruptedException {
        try (Lease lease = claim()) {
            registry.stopServing();
            Thread starter = Thread.ofVirtual().start(() -> {
                TestRegistry.await(() -> channel.getState(false) == io.grpc.ConnectivityState.TRANSIENT_FAILURE);
                try {
                    registry.startServing();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            lease.fail("x".repeat(10_000));
            starter.join();
        }
        String message = registry.finishes().getFirst().getFailure().getMessage();
        assertThat(message).hasSize(4003).endsWith("x...");
    }

    @Test
    void theEndIsGivenUpOnceTheLeaseHasExpired() throws IOException, InterruptedException {
        stop();
        start(1);
        try (Lease lease = claim()) {
            registry.stopServing();
            assertThatThrownBy(() -> lease.fail("reason"))
                    .isInstanceOfSatisfying(
                            LeaseEndedException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.LOST));
        }
    }
}
