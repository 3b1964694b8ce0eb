package io.rootstock.cli.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.rootstock.cli.display.Format;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobStateChanged;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunMessage;
import org.junit.jupiter.api.Test;

class JobLogTest {
    @Test
    void eventsAreLinesOfALog() {
        Timestamp time = Timestamp.newBuilder().setSeconds(1_700_000_000).build();
        assertThat(JobLog.line(JobEvent.newBuilder()
                        .setTime(time)
                        .setStateChanged(JobStateChanged.newBuilder()
                                .setState(JobState.JOB_STATE_RUNNING)
                                .setMessage("a worker trains"))
                        .build()))
                .hasValueSatisfying(
                        line -> assertThat(line).startsWith(Format.time(time)).endsWith("  running: a worker trains"));
        assertThat(JobLog.line(run(
                        RunEvent.newBuilder().setMessage(RunMessage.newBuilder().setText("step 3 skipped")))))
                .hasValueSatisfying(line -> assertThat(line).endsWith("step 3 skipped"));
        assertThat(JobLog.line(run(RunEvent.newBuilder()
                        .setCheckpoint(RunCheckpoint.newBuilder().setStep(7)))))
                .hasValueSatisfying(line -> assertThat(line).endsWith("checkpoint of step 7"));
        assertThat(JobLog.line(run(RunEvent.newBuilder()))).isEmpty();
        assertThat(JobLog.line(JobEvent.newBuilder()
                        .setTime(time)
                        .setEvaluationProgress(EvaluationProgress.newBuilder()
                                .setRows(5)
                                .setTotalRows(10)
                                .setRowsPerSecond(2)
                                .setRemainingSeconds(2.5)
                                .setTask("boolq"))
                        .build()))
                .hasValue(Format.time(time) + "  5/10 rows  2 rows/s  ETA 2.5 s  boolq");
        assertThat(JobLog.line(JobEvent.newBuilder()
                        .setTime(time)
                        .setTaskResult(TaskResult.newBuilder().setTask("boolq").setRows(10))
                        .build()))
                .hasValue(Format.time(time) + "  boolq  10 rows");
    }

    private static JobEvent run(RunEvent.Builder event) {
        return JobEvent.newBuilder().setRunEvent(event).build();
    }
}
