package io.rootstock.trainer.worker;

import io.rootstock.trainer.checkpoint.BackgroundCheckpoints;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.checkpoint.TrainingState;
import java.io.UncheckedIOException;
import java.util.List;

/** Tells of checkpoints that are safely on disk, and of the first of a row that could not be written. */
final class CheckpointReport implements BackgroundCheckpoints.Listener {
    private final Checkpoints checkpoints;
    private final RunLog log;
    private boolean failing;

    CheckpointReport(Checkpoints checkpoints, RunLog log) {
        this.checkpoints = checkpoints;
        this.log = log;
    }

    @Override
    public void written(TrainingState state, long bytes) {
        failing = false;
        log.checkpoint(state.step(), bytes, state.bestStep() == state.step());
    }

    @Override
    public void failed(TrainingState state, UncheckedIOException reason) {
        if (failing) {
            return;
        }
        failing = true;
        List<Long> steps = checkpoints.steps();
        log.message(reason.getMessage() + "; the run goes on, its newest checkpoint is "
                + (steps.isEmpty() ? "none yet" : "that of step " + steps.getFirst()));
    }
}
