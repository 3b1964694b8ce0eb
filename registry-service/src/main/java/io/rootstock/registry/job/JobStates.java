package io.rootstock.registry.job;

import io.rootstock.job.v1.JobState;
import io.rootstock.names.EnumNames;
import io.rootstock.trainer.v1.RunState;
import java.util.Arrays;
import java.util.List;

/** Job states: their names in the database, the terminal states, and the mapping from run states. */
public final class JobStates {
    private JobStates() {}

    /** Returns the name of a state in the database, and for users. */
    public static String column(JobState state) {
        return EnumNames.of(state);
    }

    static JobState fromColumn(String column) {
        return EnumNames.parse(JobState.class, column);
    }

    /** Returns the names of the terminal states in the database. */
    static List<String> terminalColumns() {
        return Arrays.stream(JobState.values())
                .filter(state -> state != JobState.UNRECOGNIZED && isTerminal(state))
                .map(JobStates::column)
                .toList();
    }

    /** Whether a job in this state has ended. */
    public static boolean isTerminal(JobState state) {
        return switch (state) {
            case JOB_STATE_SUCCEEDED, JOB_STATE_FAILED, JOB_STATE_CANCELLED -> true;
            case JOB_STATE_VALIDATING,
                    JOB_STATE_QUEUED,
                    JOB_STATE_RUNNING,
                    JOB_STATE_PAUSED,
                    JOB_STATE_NEEDS_RECOVERY,
                    JOB_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> false;
        };
    }

    static JobState of(RunState state) {
        return switch (state) {
            case RUN_STATE_QUEUED -> JobState.JOB_STATE_QUEUED;
            case RUN_STATE_RUNNING -> JobState.JOB_STATE_RUNNING;
            case RUN_STATE_PAUSED -> JobState.JOB_STATE_PAUSED;
            case RUN_STATE_NEEDS_RECOVERY -> JobState.JOB_STATE_NEEDS_RECOVERY;
            case RUN_STATE_SUCCEEDED -> JobState.JOB_STATE_SUCCEEDED;
            case RUN_STATE_FAILED -> JobState.JOB_STATE_FAILED;
            case RUN_STATE_CANCELLED -> JobState.JOB_STATE_CANCELLED;
            case RUN_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("the trainer sent an unknown run state: " + state);
        };
    }
}
