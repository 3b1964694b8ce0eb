package io.rootstock.evaluator.lease;

import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.EvaluationFailure;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.ReportEvaluationRequest;
import io.rootstock.evaluation.v1.ReportEvaluationResponse;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluator.lease.LeaseEndedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The lease of a claimed evaluation. A thread reports progress at intervals, which renews it. While the registry is
 * unavailable, the evaluation continues: the registry decides at the next report whether the lease is still valid.
 */
public final class Lease implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Lease.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
    private static final int MAX_MESSAGE_LENGTH = 4000;

    private final RegistryClient registry;
    private final String name;
    private final long number;
    private final Duration length;
    private final Duration interval;
    private final Supplier<Optional<EvaluationProgress>> progress;
    private final Thread thread;
    private final List<TaskResult> unreported = new ArrayList<>();
    private final List<Runnable> endActions = new ArrayList<>();
    private Reason ended;
    private boolean closed;
    private volatile long renewed = System.nanoTime();

    /**
     * Starts to report.
     *
     * @param interval interval of reports; a third of the lease at most is used
     * @param progress current progress
     */
    public Lease(
            RegistryClient registry,
            ClaimEvaluationResponse claim,
            Duration interval,
            Supplier<Optional<EvaluationProgress>> progress) {
        this.registry = registry;
        this.name = claim.getEvaluation().getName();
        this.number = claim.getLease();
        this.length = Duration.ofSeconds(Math.max(1, claim.getLeaseSeconds()));
        Duration third = length.dividedBy(3);
        this.interval = interval.compareTo(third) < 0 ? interval : third;
        this.progress = progress;
        this.thread = Thread.ofVirtual().name("lease-reports").start(this::run);
    }

    /** Runs an action once when the lease ends; at once if it has ended. */
    public void onEnd(Runnable action) {
        synchronized (this) {
            if (ended == null) {
                endActions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Throws if the evaluation must not be continued. */
    public synchronized void requireHeld() {
        if (ended != null) {
            throw new LeaseEndedException(ended);
        }
    }

    /** Ends the lease, so that the evaluation stops; the first reason stays. */
    public void end(Reason reason) {
        List<Runnable> actions;
        synchronized (this) {
            if (ended != null || closed) {
                return;
            }
            ended = reason;
            actions = List.copyOf(endActions);
            endActions.clear();
        }
        actions.forEach(Runnable::run);
    }

    /** Adds the result of a finished task to the next report. */
    public synchronized void taskFinished(TaskResult result) {
        unreported.add(result);
    }

    private void run() {
        boolean available = true;
        while (true) {
            try {
                Thread.sleep(interval);
                synchronized (this) {
                    if (ended != null || closed) {
                        return;
                    }
                }
                report();
                if (!available) {
                    LOG.info("the registry is available again; reporting " + name);
                }
                available = true;
            } catch (InterruptedException _) {
                return;
            } catch (StatusRuntimeException e) {
                if (RegistryClient.isLost(e)) {
                    end(Reason.LOST);
                    return;
                }
                synchronized (this) {
                    if (ended != null || closed) {
                        return;
                    }
                }
                if (available) {
                    LOG.warn("cannot report " + name + " (" + e.getMessage() + "); scoring continues, retrying");
                }
                available = false;
            }
        }
    }

    private void report() {
        List<TaskResult> results;
        synchronized (this) {
            results = List.copyOf(unreported);
        }
        ReportEvaluationRequest.Builder request = ReportEvaluationRequest.newBuilder()
                .setName(name)
                .setLease(number)
                .addAllResults(results);
        progress.get().ifPresent(request::setProgress);
        long before = System.nanoTime();
        ReportEvaluationResponse response = registry.report(request.build());
        renewed = before;
        synchronized (this) {
            unreported.removeAll(results);
        }
        if (response.getCancelled()) {
            end(Reason.CANCELLED);
        }
    }

    /**
     * Reports success, and again until the registry answers or the lease has expired.
     *
     * @throws LeaseEndedException if the evaluation does not belong to this evaluator any more
     * @throws StatusRuntimeException if the registry refuses the results
     */
    public void succeed(EvaluationSuccess success) throws InterruptedException {
        finish(FinishEvaluationRequest.newBuilder().setSuccess(success));
    }

    /** Reports failure with a reason and remedy for users, as {@link #succeed}. */
    public void fail(String message) throws InterruptedException {
        String shortened =
                message.length() > MAX_MESSAGE_LENGTH ? message.substring(0, MAX_MESSAGE_LENGTH) + "..." : message;
        finish(FinishEvaluationRequest.newBuilder()
                .setFailure(EvaluationFailure.newBuilder().setMessage(shortened)));
    }

    private void finish(FinishEvaluationRequest.Builder outcome) throws InterruptedException {
        requireHeld();
        close();
        FinishEvaluationRequest request = outcome.setName(name).setLease(number).build();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                registry.finish(request);
                return;
            } catch (StatusRuntimeException e) {
                if (RegistryClient.isLost(e)) {
                    throw new LeaseEndedException(Reason.LOST);
                }
                if (!isTransient(e)) {
                    throw e;
                }
                if (System.nanoTime() - renewed > length.toNanos()) {
                    LOG.warn("cannot finish " + name + ": the registry was unavailable until the lease expired ("
                            + e.getMessage() + ")");
                    throw new LeaseEndedException(Reason.LOST);
                }
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
        }
    }

    private static boolean isTransient(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNKNOWN -> true;
            default -> false;
        };
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        thread.interrupt();
    }
}
