package io.rootstock.evaluator.run;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluator.cache.RowCache;
import io.rootstock.evaluator.config.EvaluatorSettings;
import io.rootstock.evaluator.engine.EngineException;
import io.rootstock.evaluator.engine.InferenceCommand;
import io.rootstock.evaluator.lease.Lease;
import io.rootstock.evaluator.lease.LeaseEndedException;
import io.rootstock.evaluator.lease.RegistryClient;
import io.rootstock.evaluator.metrics.EvaluatorMetrics;
import io.rootstock.files.FullDisk;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jboss.logging.Logger;

/** Runs claimed evaluations, one at a time. */
public final class EvaluationRunner {
    private static final Logger LOG = Logger.getLogger(EvaluationRunner.class);

    private final Resources resources;
    private final AtomicReference<Lease> current = new AtomicReference<>();

    /**
     * Resources of all evaluations.
     *
     * @param command command of the inference process
     * @param channels opens a channel to a port on loopback
     */
    public record Resources(
            EvaluatorSettings settings,
            Workspace workspace,
            RowCache cache,
            ArtifactStore store,
            RegistryClient registry,
            InferenceCommand command,
            IntFunction<ManagedChannel> channels,
            EvaluatorMetrics metrics) {}

    /** End of an evaluation in this evaluator. */
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        CANCELLED,
        /** It does not belong to this evaluator any more. */
        LOST,
        /** This evaluator stops. */
        STOPPED;

        /** Whether the registry knows the end of the evaluation. */
        public boolean isEnd() {
            return switch (this) {
                case SUCCEEDED, FAILED, CANCELLED -> true;
                case LOST, STOPPED -> false;
            };
        }
    }

    public EvaluationRunner(Resources resources) {
        this.resources = resources;
    }

    /** Runs an evaluation to its end, and reports it to the registry. */
    public Outcome run(ClaimEvaluationResponse claim) {
        String name = claim.getEvaluation().getName();
        resources.metrics().begin();
        Outcome outcome = Outcome.LOST;
        AtomicReference<Progress> progress = new AtomicReference<>();
        try (Lease lease = new Lease(
                resources.registry(),
                claim,
                resources.settings().reportInterval(),
                () -> Optional.ofNullable(progress.get()).flatMap(Progress::message))) {
            current.set(lease);
            outcome = run(claim, lease, progress);
        } catch (LeaseEndedException e) {
            outcome = switch (e.reason()) {
                case CANCELLED -> Outcome.CANCELLED;
                case LOST -> Outcome.LOST;
                case STOPPED -> Outcome.STOPPED;
            };
        } catch (InterruptedException _) {
            outcome = Outcome.STOPPED;
        } catch (StatusRuntimeException e) {
            LOG.error("the registry refuses the end of " + name, e);
        } finally {
            current.set(null);
            // Set by the end of the lease; the next evaluation must not see it.
            boolean _ = Thread.interrupted();
            String label = outcome.name().toLowerCase(Locale.ROOT);
            resources.metrics().end(label);
            LOG.info(name + ": " + label);
        }
        return outcome;
    }

    private Outcome run(ClaimEvaluationResponse claim, Lease lease, AtomicReference<Progress> progress)
            throws InterruptedException {
        Optional<EvaluationSuccess> success = Optional.empty();
        String failure = "";
        Context.CancellableContext scope = Context.ROOT.withCancellation();
        Thread thread = Thread.currentThread();
        lease.onEnd(() -> {
            scope.cancel(null);
            thread.interrupt();
        });
        try {
            success = Optional.of(new EvaluationRun(resources, claim, lease, scope, progress).run());
        } catch (LeaseEndedException e) {
            throw e;
        } catch (InvalidFileException | EngineException | FailedEvaluationException e) {
            failure = e.getMessage();
        } catch (ArtifactException e) {
            failure = e.getMessage() + "\nhint: resume the evaluation once the artifact store is available";
        } catch (IOException | RuntimeException e) {
            lease.requireHeld();
            LOG.error(claim.getEvaluation().getName() + " failed", e);
            failure = (FullDisk.isCauseOf(e)
                            ? "the disk of the evaluator is full: "
                            : "internal error of the evaluator: ")
                    + e.getMessage();
        } catch (InterruptedException e) {
            lease.requireHeld();
            throw e;
        } finally {
            scope.cancel(null);
        }
        lease.requireHeld();
        if (success.isPresent()) {
            try {
                lease.succeed(success.get());
                return Outcome.SUCCEEDED;
            } catch (StatusRuntimeException e) {
                failure = "the registry refuses the results: " + e.getMessage();
            }
        }
        LOG.warn(claim.getEvaluation().getName() + " failed: " + failure);
        lease.fail(failure);
        return Outcome.FAILED;
    }

    /** Stops the current evaluation; another evaluator, or this one after a restart, continues it. */
    public void stop() {
        Lease lease = current.get();
        if (lease != null) {
            lease.end(LeaseEndedException.Reason.STOPPED);
        }
    }
}
