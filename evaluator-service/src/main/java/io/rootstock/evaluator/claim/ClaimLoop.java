package io.rootstock.evaluator.claim;

import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.v1.ClaimEvaluationRequest;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluator.lease.RegistryClient;
import io.rootstock.evaluator.run.EvaluationRunner;
import io.rootstock.evaluator.run.EvaluationRunner.Outcome;
import io.rootstock.evaluator.run.Workspace;
import io.rootstock.evaluator.run.Workspace.Unfinished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Claims evaluations and runs them, one at a time, first the one that was begun in the workspace and is not finished.
 * Releases the lease of an evaluation that it stops, or that an earlier process of the workspace did not release.
 * Retries at intervals of at most ten seconds while the registry is unavailable.
 */
final class ClaimLoop implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ClaimLoop.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(10);
    /** Shortest time between two claims without an evaluation: the registry waits longer itself. */
    private static final Duration EMPTY_PAUSE = Duration.ofMillis(500);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final String name;
    private final RegistryClient registry;
    private final EvaluationRunner runner;
    private final Workspace workspace;
    private final Thread thread;
    private volatile boolean stopping;
    /** The claim whose evaluation is not ended here; null: none. */
    private volatile ClaimEvaluationResponse held;

    private boolean earlierReleased;

    /**
     * Starts to claim.
     *
     * @param name name of this evaluator
     */
    ClaimLoop(String name, RegistryClient registry, EvaluationRunner runner, Workspace workspace) {
        this.name = name;
        this.registry = registry;
        this.runner = runner;
        this.workspace = workspace;
        this.thread = Thread.ofPlatform().name("claims").start(this::run);
    }

    /** Whether evaluations are claimed. */
    boolean isRunning() {
        return thread.isAlive() && !stopping;
    }

    /** Whether the registry is connected. */
    boolean isRegistryAvailable() {
        return registry.isConnected();
    }

    private void run() {
        String problem = "";
        Duration pause = FIRST_PAUSE;
        while (!stopping) {
            try {
                if (!claim()) {
                    Thread.sleep(EMPTY_PAUSE);
                }
                if (!problem.isEmpty()) {
                    LOG.info("the registry is available; claiming evaluations as " + name);
                }
                problem = "";
                pause = FIRST_PAUSE;
                continue;
            } catch (InterruptedException _) {
                // Of an evaluation that has ended, or to stop.
                continue;
            } catch (StatusRuntimeException e) {
                if (stopping) {
                    return;
                }
                problem = logged(
                        problem,
                        "the registry does not answer claims: " + e.getStatus().getCode(),
                        e);
            } catch (IOException | UncheckedIOException e) {
                problem = logged(problem, "cannot use the workspace: " + e.getMessage(), e);
            } catch (RuntimeException e) {
                problem = logged(problem, "cannot run an evaluation: " + e, e);
            }
            pause = pause(pause);
        }
    }

    /** Logs a problem that was not the last one. */
    private static String logged(String last, String problem, Exception cause) {
        if (!problem.equals(last)) {
            LOG.warn(problem + " (" + cause.getMessage() + "); retrying");
        }
        return problem;
    }

    private static Duration pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException _) {
            return pause;
        }
        return pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
    }

    /** Claims and runs an evaluation; returns false if none is queued. */
    private boolean claim() throws IOException, InterruptedException {
        releaseEarlier();
        ClaimEvaluationResponse claim = registry.claim(ClaimEvaluationRequest.newBuilder()
                .setEvaluator(name)
                .setPreferred(workspace.unfinished().map(Unfinished::evaluation).orElse(""))
                .build());
        if (!claim.hasEvaluation()) {
            return false;
        }
        held = claim;
        if (stopping) {
            return false;
        }
        LOG.info("claimed " + claim.getEvaluation().getName() + " (lease " + claim.getLease() + ")");
        workspace.begin(claim.getEvaluation().getName(), claim.getLease());
        Outcome outcome = runner.run(claim);
        if (outcome != Outcome.STOPPED) {
            held = null;
        }
        if (outcome.isEnd()) {
            workspace.end();
        } else if (outcome == Outcome.LOST) {
            Thread.sleep(EMPTY_PAUSE);
        }
        return true;
    }

    /** Once after the start: the lease of a process that was killed would be waited for until it expires. */
    private void releaseEarlier() throws IOException {
        if (earlierReleased) {
            return;
        }
        Optional<Unfinished> earlier = workspace.unfinished();
        if (earlier.isPresent()
                && registry.release(earlier.get().evaluation(), earlier.get().lease(), true)) {
            LOG.info("released " + earlier.get().evaluation() + " of an earlier process");
        }
        earlierReleased = true;
    }

    private void release(ClaimEvaluationResponse claim) {
        String evaluation = claim.getEvaluation().getName();
        try {
            boolean _ = registry.release(evaluation, claim.getLease(), false);
        } catch (StatusRuntimeException e) {
            LOG.warn("cannot release " + evaluation + " (" + e.getMessage() + "); it is queued again in "
                    + claim.getLeaseSeconds() + " s");
        }
    }

    /** Stops claiming and the current evaluation, which stays unfinished and is queued again. */
    @Override
    public void close() {
        stopping = true;
        runner.stop();
        thread.interrupt();
        try {
            if (!thread.join(STOP_LIMIT)) {
                LOG.warn("an evaluation did not stop in " + STOP_LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        ClaimEvaluationResponse claim = held;
        if (claim != null) {
            release(claim);
        }
    }
}
