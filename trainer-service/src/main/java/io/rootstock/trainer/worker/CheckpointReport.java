package io.rootstock.trainer.worker;

import io.rootstock.trainer.checkpoint.BackgroundCheckpoints;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.checkpoint.TrainingState;
import java.io.UncheckedIOException;
import java.util.List;

/** Reports durable checkpoints, and the first of several consecutive failed writes. */
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
        log.message(reason.getMessage() + "; training continues, newest checkpoint: "
                + (steps.isEmpty() ? "none" : "step " + steps.getFirst()));
    }
}
