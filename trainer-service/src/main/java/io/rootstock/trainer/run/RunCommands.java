package io.rootstock.trainer.run;

import io.rootstock.trainer.run.RunRecord.DesiredState;
import io.rootstock.trainer.v1.RunState;

/** Effects of a client's commands on a run in each of its states. The caller has the run's lock. */
final class RunCommands {
    private RunCommands() {}

    /**
     * Cancels a run; a running worker is stopped.
     *
     * @throws RunConflictException if it has ended otherwise
     */
    static void cancel(RunHandle run) {
        switch (run.state().state()) {
            case RUN_STATE_RUNNING -> {
                run.become(run.state().withDesired(DesiredState.CANCELLED));
                run.signal(false);
            }
            case RUN_STATE_QUEUED, RUN_STATE_PAUSED, RUN_STATE_NEEDS_RECOVERY ->
                run.become(
                        run.state().withDesired(DesiredState.CANCELLED).in(RunState.RUN_STATE_CANCELLED, "cancelled"));
            case RUN_STATE_SUCCEEDED, RUN_STATE_FAILED -> throw run.wrongState("has ended");
            case RUN_STATE_CANCELLED, RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> {}
        }
    }

    /**
     * Pauses a run; a running worker writes a checkpoint and stops.
     *
     * @throws RunConflictException if it neither runs nor waits
     */
    static void pause(RunHandle run) {
        switch (run.state().state()) {
            case RUN_STATE_RUNNING -> {
                if (run.state().desiredState() == DesiredState.CANCELLED) {
                    throw run.wrongState("is being cancelled");
                }
                run.become(run.state().withDesired(DesiredState.PAUSED));
                run.signal(false);
            }
            case RUN_STATE_QUEUED ->
                run.become(run.state()
                        .withDesired(DesiredState.PAUSED)
                        .in(RunState.RUN_STATE_PAUSED, "paused while waiting"));
            case RUN_STATE_PAUSED -> {}
            case RUN_STATE_NEEDS_RECOVERY,
                    RUN_STATE_SUCCEEDED,
                    RUN_STATE_FAILED,
                    RUN_STATE_CANCELLED,
                    RUN_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> throw run.wrongState("is not running");
        }
    }

    /**
     * Queues a stopped run; it resumes from its newest checkpoint.
     *
     * @param ranks number of processes; 0: as before
     * @throws RunConflictException if it has succeeded, or is still stopping
     */
    static void resume(RunHandle run, int ranks) {
        switch (run.state().state()) {
            case RUN_STATE_PAUSED, RUN_STATE_NEEDS_RECOVERY, RUN_STATE_FAILED, RUN_STATE_CANCELLED ->
                run.become(run.state()
                        .queuedAgain(
                                System.currentTimeMillis(),
                                "resumed",
                                ranks > 0 ? ranks : run.state().ranks()));
            case RUN_STATE_QUEUED -> {}
            case RUN_STATE_RUNNING -> {
                if (run.state().desiredState() != DesiredState.RUNNING) {
                    throw run.wrongState("is still stopping");
                }
            }
            case RUN_STATE_SUCCEEDED, RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> throw run.wrongState("has succeeded");
        }
    }
}
