package io.rootstock.trainer.run;

import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import java.io.IOException;
import java.util.List;

/** A run that continues the training of another run. */
final class RunExtension {
    private RunExtension() {}

    /**
     * Checks that a spec can extend a run.
     *
     * @throws RunConflictException if the run has not succeeded, or has no checkpoint
     * @throws RefusedSpecException if the spec trains another model
     */
    static void check(RunHandle extended, RunSpec spec) {
        if (extended.state().state() != RunState.RUN_STATE_SUCCEEDED) {
            throw extended.wrongState("has not succeeded and cannot be extended; resume it");
        }
        if (!model(spec).equals(model(extended.spec()))) {
            throw new RefusedSpecException(
                    "extended_run_id",
                    "task, dataset, base, architecture and adapter must be those of the extended run");
        }
        if (extended.newestCheckpoint() < 0) {
            throw extended.wrongState("has no checkpoint, because it was pruned, and cannot be extended");
        }
    }

    /** The parts of a spec that an extension does not change. */
    private static RunSpec model(RunSpec spec) {
        return spec.toBuilder()
                .clearHyperparameters()
                .clearDollarsPerHour()
                .clearSkipQuantizations()
                .clearQuantizations()
                .clearModelName()
                .clearExtendedRunId()
                .build();
    }

    /** Returns the resolved settings of an extended run. */
    static RunResolved resolved(RunDirectory extended) {
        return extended.readResolved()
                .orElseThrow(() -> new IllegalStateException("no resolved.json in " + extended.path()));
    }

    /**
     * Gives a new run the settings and the newest checkpoint of the run that it extends.
     *
     * @param stored checkpoints of the extended run in the artifact store, newest first
     */
    static void start(RunDirectory extended, List<RunCheckpoint> stored, RunDirectory directory) throws IOException {
        directory.writeExtended(resolved(extended));
        if (!stored.isEmpty()) {
            directory.writeExtendedCheckpoints(stored);
            return;
        }
        Checkpoints checkpoints = new Checkpoints(directory.checkpoints());
        if (checkpoints.addNewestOf(new Checkpoints(extended.checkpoints())).isEmpty()) {
            throw new RunConflictException(
                    RunConflictException.Kind.WRONG_STATE,
                    "run " + extended.runId() + " has no readable checkpoint and cannot be extended");
        }
    }
}
