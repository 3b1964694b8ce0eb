package io.rootstock.trainer.pod;

import io.grpc.StatusRuntimeException;
import io.rootstock.collectives.MpiProxies;
import io.rootstock.trainer.v1.MeetRunRanksRequest;
import io.rootstock.trainer.v1.MeetRunRanksResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Calls of one rank to the trainer, once a second by a thread, by which the ranks of an attempt know of each other. While the
 * trainer does not answer, the last answer counts, and the processes train on.
 */
final class RankCalls implements AutoCloseable {
    private static final long PERIOD_MILLIS = 1_000;
    private static final Duration LAST_CALLS = Duration.ofSeconds(5);

    private final TrainerClient trainer;
    private final AgentSettings.Group group;
    private final Thread thread;
    private MeetRunRanksRequest request;
    private MeetRunRanksResponse answer = MeetRunRanksResponse.getDefaultInstance();
    private String refusal = "";
    private String failure = "";

    private RankCalls(TrainerClient trainer, String run, AgentSettings.Group group, long lease) {
        this.trainer = trainer;
        this.group = group;
        this.request = MeetRunRanksRequest.newBuilder()
                .setRunId(run)
                .setAttempt(group.attempt())
                .setRank(group.rank())
                .setRanks(group.ranks())
                .setLease(lease)
                .build();
        this.thread = Thread.ofPlatform().daemon().name("ranks").start(this::run);
    }

    /**
     * Starts to call.
     *
     * @param lease number of rank 0's lease; 0 for the other ranks
     */
    static RankCalls start(TrainerClient trainer, String run, AgentSettings.Group group, long lease) {
        return new RankCalls(trainer, run, group, lease);
    }

    /** Last answer of the trainer. */
    synchronized MeetRunRanksResponse answer() {
        return answer;
    }

    /** Reason for which this rank must end: a later attempt, or a lost rank; empty while it may continue. */
    synchronized Optional<String> end() {
        if (!refusal.isEmpty()) {
            return Optional.of(refusal);
        }
        List<Integer> lost = answer.getLostRanksList().stream()
                .filter(rank -> rank != group.rank())
                .toList();
        return lost.isEmpty() ? Optional.empty() : Optional.of("lost rank " + lost + ": it does not call the trainer");
    }

    /** Waits for an answer; returns false if this rank must end or is not active any more. */
    boolean await(Predicate<MeetRunRanksResponse> condition, BooleanSupplier active) throws InterruptedException {
        while (active.getAsBoolean() && end().isEmpty()) {
            if (condition.test(answer())) {
                return true;
            }
            Thread.sleep(PERIOD_MILLIS / 10);
        }
        return false;
    }

    /** Reports that the process can be started. */
    void ready() {
        change(state -> state.setReady(true));
    }

    /** Reports rank 0's launcher. */
    void launched(MpiProxies proxies) {
        change(state -> state.clearProxyArguments().addAllProxyArguments(proxies.arguments()));
    }

    /** Reports whether this rank shall stop, and whether its process is suspended. */
    void report(boolean stopping, boolean suspended) {
        if (request().getStopping() != stopping || request().getSuspended() != suspended) {
            change(state -> state.setStopping(stopping).setSuspended(suspended));
        }
    }

    /** Reports the end of this rank; repeats the call for at most five seconds. */
    void ended(boolean killedForMemory) {
        change(state -> state.setEnded(true).setKilledForMemory(killedForMemory));
        long start = System.nanoTime();
        while (!call() && end().isEmpty() && System.nanoTime() - start < LAST_CALLS.toNanos()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS / 10));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private synchronized MeetRunRanksRequest request() {
        return request;
    }

    private synchronized void change(UnaryOperator<MeetRunRanksRequest.Builder> change) {
        request = change.apply(request.toBuilder()).build();
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted() && refusal().isEmpty()) {
            boolean _ = call();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS));
        }
    }

    private synchronized String refusal() {
        return refusal;
    }

    /** Calls once; returns whether the trainer has answered. */
    private boolean call() {
        try {
            MeetRunRanksResponse response = trainer.meet(request());
            synchronized (this) {
                answer = response;
                failure = "";
            }
            return true;
        } catch (StatusRuntimeException e) {
            synchronized (this) {
                String reason = String.valueOf(e.getMessage());
                if (!TrainerClient.isTransient(e)) {
                    refusal = "the trainer refuses the rank: " + reason;
                } else if (!failure.equals(reason) && !Thread.currentThread().isInterrupted()) {
                    AgentLog.line("the trainer does not answer rank " + group.rank() + ": " + reason);
                    failure = reason;
                }
            }
            return false;
        }
    }
}
