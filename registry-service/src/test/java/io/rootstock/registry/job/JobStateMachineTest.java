package io.rootstock.registry.job;

import static io.rootstock.registry.job.DesiredState.CANCELLED;
import static io.rootstock.registry.job.DesiredState.PAUSED;
import static io.rootstock.registry.job.DesiredState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.job.v1.JobState;
import io.rootstock.registry.job.JobStateMachine.Decision;
import io.rootstock.registry.job.JobStateMachine.Position;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobStateMachineTest {
    /** Each row: state, desired state, and the results of pause, resume, cancel and of a lost run. */
    @ParameterizedTest
    @CsvSource({
        "VALIDATING,     RUNNING,   refused,          unchanged,         CANCELLED,        unchanged",
        "QUEUED,         RUNNING,   PAUSED PAUSE,     unchanged,         CANCELLED CANCEL, QUEUED START",
        "QUEUED,         PAUSED,    PAUSED PAUSE,     RUNNING RESUME,    CANCELLED CANCEL, QUEUED START PAUSE",
        "QUEUED,         CANCELLED, refused,          refused,           CANCELLED CANCEL, CANCELLED",
        "RUNNING,        RUNNING,   PAUSED PAUSE,     unchanged,         CANCELLED CANCEL, QUEUED START",
        "RUNNING,        PAUSED,    PAUSED PAUSE,     RUNNING RESUME,    CANCELLED CANCEL, QUEUED START PAUSE",
        "RUNNING,        CANCELLED, refused,          refused,           CANCELLED CANCEL, CANCELLED",
        "PAUSED,         RUNNING,   PAUSED PAUSE,     QUEUED RESUME,     CANCELLED CANCEL, QUEUED START",
        "PAUSED,         PAUSED,    unchanged,        QUEUED RESUME,     CANCELLED CANCEL, unchanged",
        "PAUSED,         CANCELLED, refused,          refused,           CANCELLED CANCEL, unchanged",
        "NEEDS_RECOVERY, RUNNING,   refused,          QUEUED RESUME,     CANCELLED CANCEL, unchanged",
        "NEEDS_RECOVERY, CANCELLED, refused,          refused,           CANCELLED CANCEL, unchanged",
        "SUCCEEDED,      RUNNING,   refused,          refused,           refused,          unchanged",
        "FAILED,         RUNNING,   refused,          QUEUED RESUME,     refused,          unchanged",
        "FAILED,         CANCELLED, refused,          QUEUED RESUME,     refused,          unchanged",
        "CANCELLED,      CANCELLED, refused,          QUEUED RESUME,     unchanged,        unchanged"
    })
    void decidesOnRequests(
            String state, DesiredState desired, String pause, String resume, String cancel, String lost) {
        Position position = new Position(JobStates.fromColumn(state), desired, true, true, false);
        assertThat(shown(JobStateMachine.pause(position))).isEqualTo(pause);
        assertThat(shown(JobStateMachine.resume(position))).isEqualTo(resume);
        assertThat(shown(JobStateMachine.cancel(position))).isEqualTo(cancel);
        assertThat(shown(JobStateMachine.lost(position))).isEqualTo(lost);
    }

    @Test
    void anUnresolvedJobIsValidatedAgainWhenItResumes() {
        for (JobState state : List.of(JobState.JOB_STATE_FAILED, JobState.JOB_STATE_CANCELLED)) {
            assertThat(shown(JobStateMachine.resume(new Position(state, CANCELLED, false, false, false))))
                    .isEqualTo("VALIDATING");
        }
    }

    @Test
    void aJobThatWaitsForItsFirstStartChangesAtOnce() {
        Position waiting = new Position(JobState.JOB_STATE_QUEUED, RUNNING, true, false, true);
        assertThat(shown(JobStateMachine.cancel(waiting))).isEqualTo("CANCELLED");
        assertThat(shown(JobStateMachine.pause(waiting))).isEqualTo("PAUSED");
        assertThat(shown(JobStateMachine.resume(waiting))).isEqualTo("unchanged");
        Position paused = new Position(JobState.JOB_STATE_PAUSED, PAUSED, true, false, false);
        assertThat(shown(JobStateMachine.resume(paused))).isEqualTo("QUEUED START");
        Position cancelled = new Position(JobState.JOB_STATE_CANCELLED, CANCELLED, true, false, false);
        assertThat(shown(JobStateMachine.resume(cancelled))).isEqualTo("QUEUED START");
    }

    @Test
    void aStoppedRunThatWaitsForDevicesIsSentItsCommandsInOrder() {
        Position waiting = new Position(JobState.JOB_STATE_QUEUED, RUNNING, true, true, true);
        assertThat(shown(JobStateMachine.cancel(waiting))).isEqualTo("CANCELLED CANCEL");
        assertThat(shown(JobStateMachine.pause(waiting))).isEqualTo("PAUSED PAUSE");
        assertThat(shown(JobStateMachine.lost(waiting))).isEqualTo("unchanged");
    }

    @Test
    void refusesByStateAndRequest() {
        assertThat(reason(JobStateMachine::pause, JobState.JOB_STATE_SUCCEEDED, RUNNING))
                .isEqualTo("is SUCCEEDED and cannot be paused");
        assertThat(reason(JobStateMachine::resume, JobState.JOB_STATE_SUCCEEDED, PAUSED))
                .isEqualTo("is SUCCEEDED and cannot be resumed");
        assertThat(reason(JobStateMachine::cancel, JobState.JOB_STATE_FAILED, RUNNING))
                .isEqualTo("is FAILED and cannot be cancelled");
        assertThat(reason(JobStateMachine::resume, JobState.JOB_STATE_RUNNING, CANCELLED))
                .isEqualTo("is RUNNING and being cancelled and cannot be resumed");
    }

    /** Each row: a state and the states that may follow it. */
    @ParameterizedTest
    @CsvSource({
        "VALIDATING,     VALIDATING QUEUED FAILED CANCELLED",
        "QUEUED,         QUEUED RUNNING PAUSED NEEDS_RECOVERY SUCCEEDED FAILED CANCELLED",
        "RUNNING,        QUEUED RUNNING PAUSED NEEDS_RECOVERY SUCCEEDED FAILED CANCELLED",
        "PAUSED,         QUEUED RUNNING PAUSED NEEDS_RECOVERY SUCCEEDED FAILED CANCELLED",
        "NEEDS_RECOVERY, QUEUED RUNNING PAUSED NEEDS_RECOVERY SUCCEEDED FAILED CANCELLED",
        "SUCCEEDED,      SUCCEEDED",
        "FAILED,         VALIDATING QUEUED FAILED",
        "CANCELLED,      VALIDATING QUEUED CANCELLED"
    })
    void allowsTheTransitionsOfTheTable(String from, String to) {
        assertThat(Arrays.stream(JobState.values())
                        .filter(state -> state != JobState.UNRECOGNIZED)
                        .filter(state -> JobStateMachine.isLegal(JobStates.fromColumn(from), state))
                        .map(JobStates::column)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(to);
    }

    private static String reason(Function<Position, Decision> decide, JobState state, DesiredState desired) {
        return decide.apply(new Position(state, desired, true, true, false)) instanceof Decision.Refused(String reason)
                ? reason
                : "accepted";
    }

    /** Shows a decision as the desired state, or the new state, followed by the commands. */
    private static String shown(Decision decision) {
        return switch (decision) {
            case Decision.Unchanged() -> "unchanged";
            case Decision.Refused(String _) -> "refused";
            case Decision.Queued(Outbox.Command command, String _) -> "QUEUED " + command;
            case Decision.Requested(DesiredState desired, Outbox.Command command, String _) -> desired + " " + command;
            case Decision.Moved(JobState state, DesiredState _, List<Outbox.Command> commands, String _) ->
                commands.stream().map(Outbox.Command::name).reduce(JobStates.column(state), (a, b) -> a + " " + b);
        };
    }
}
