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
     * @throws RunConflictException if the spec names no checkpoint and the run has not succeeded, or has none
     * @throws RefusedSpecException if the spec trains another model, or names a checkpoint that the run does not have
     */
    static void check(RunHandle extended, RunSpec spec) {
        if (spec.getExtendedStep() == 0 && extended.state().state() != RunState.RUN_STATE_SUCCEEDED) {
            throw extended.wrongState(
                    "has not succeeded and cannot be extended without the step of a checkpoint; resume it");
        }
        if (!model(spec).equals(model(extended.spec()))) {
            throw new RefusedSpecException(
                    "extended_run_id",
                    "task, dataset, base, architecture and adapter must be those of the extended run");
        }
        if (spec.getExtendedStep() == 0 && extended.newestCheckpoint() < 0) {
            throw extended.wrongState("has no checkpoint, because it was pruned, and cannot be extended");
        }
        List<Long> steps = extended.checkpointSteps();
        if (spec.getExtendedStep() != 0 && !steps.contains(spec.getExtendedStep())) {
            throw new RefusedSpecException(
                    "extended_step",
                    "must be the step of a checkpoint that run "
                            + extended.directory().runId() + " has kept, was " + spec.getExtendedStep() + "; steps: "
                            + steps + "; a run keeps checkpoints_kept of them");
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
                .clearExtendedStep()
                .build();
    }

    /** Returns the resolved settings of an extended run. */
    static RunResolved resolved(RunDirectory extended) {
        return extended.readResolved()
                .orElseThrow(() -> new IllegalStateException("no resolved.json in " + extended.path()));
    }

    /**
     * Gives a new run the settings and a checkpoint of the run that it extends.
     *
     * @param stored checkpoints of the extended run in the artifact store, newest first
     * @param step step of the checkpoint; 0: the newest
     */
    static void start(RunDirectory extended, List<RunCheckpoint> stored, RunDirectory directory, long step)
            throws IOException {
        directory.writeExtended(resolved(extended));
        List<RunCheckpoint> usable = stored.stream()
                .filter(checkpoint -> step == 0 || checkpoint.getStep() == step)
                .toList();
        if (!usable.isEmpty()) {
            directory.writeExtendedCheckpoints(usable);
            return;
        }
        Checkpoints checkpoints = new Checkpoints(directory.checkpoints());
        if (checkpoints
                .addNewestOf(new Checkpoints(extended.checkpoints()), step)
                .isEmpty()) {
            throw new RunConflictException(
                    RunConflictException.Kind.WRONG_STATE,
                    "run " + extended.runId() + " has no readable checkpoint and cannot be extended");
        }
    }
}
