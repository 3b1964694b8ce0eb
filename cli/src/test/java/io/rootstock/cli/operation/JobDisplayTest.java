package io.rootstock.cli.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.OutputFormat;
import io.rootstock.cli.display.TerminalWidth;
import io.rootstock.cli.operation.JobDisplay.ClassTable;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobStateChanged;
import io.rootstock.trainer.v1.ClassFigures;
import io.rootstock.trainer.v1.ClassificationReport;
import io.rootstock.trainer.v1.RunExport;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunSample;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobDisplayTest {
    @Test
    void printsClassMetricsAndConfusionMatrix() {
        ClassificationReport report = ClassificationReport.newBuilder()
                .addClasses(ClassFigures.newBuilder()
                        .setLabel("ham")
                        .setPrecision(0.75)
                        .setRecall(1)
                        .setF1(6.0 / 7)
                        .setRows(3))
                .addClasses(ClassFigures.newBuilder()
                        .setLabel("spam")
                        .setPrecision(1)
                        .setRecall(0.5)
                        .setF1(2.0 / 3)
                        .setRows(2))
                .addAllConfusion(List.of(3L, 0L, 1L, 1L))
                .build();
        assertThat(ClassTable.lines(report))
                .containsExactly(
                        "class  precision  recall     F1  rows  pred. ham  pred. spam",
                        "-----  ---------  ------  -----  ----  ---------  ----------",
                        "ham        0.750   1.000  0.857     3          3           0",
                        "spam       1.000   0.500  0.667     2          1           1");
    }

    @Test
    void printsPaddingWithThroughput() {
        assertThat(JobDisplay.line(RunProgress.newBuilder()
                        .setTokensPerSecond(12_300)
                        .setPaddedShare(0.234)
                        .build()))
                .contains("12.3k tok/s (23.4 % padding)  MFU");
    }

    @Test
    void printsExportStageWithRemainingTime() {
        assertThat(JobDisplay.line(RunExport.newBuilder()
                        .setStage("measure Q8_0")
                        .setDone(0.5)
                        .setEtaSeconds(12)
                        .build()))
                .isEqualTo("measure Q8_0  ETA 12 s");
    }

    @Test
    void printsProgressInOneLine() {
        assertThat(JobDisplay.line(RunProgress.newBuilder()
                        .setLoss(3.25)
                        .setGradientNorm(0.417)
                        .setLearningRate(2e-3)
                        .setTokensPerSecond(12_300)
                        .setModelFlopsUtilization(0.41)
                        .setEtaSeconds(75)
                        .setDollarsSpent(0.0012)
                        .setDollarsRemaining(0.0030)
                        .build()))
                .isEqualTo("loss 3.250  norm 0.42  lr 0.002  12.3k tok/s  MFU 41.0 %  ETA 1 min 15 s  $0.0012 of"
                        + " $0.0042");
    }

    @Test
    void printsSampleInOneLine() {
        assertThat(JobDisplay.line(RunSample.newBuilder()
                        .setStep(20)
                        .setPrompt("To be,")
                        .setText(" or not\nto \u001b[2Jbe")
                        .build()))
                .isEqualTo("step 20  To be,| or not\u23ceto  [2Jbe");
    }

    @Test
    void statesWithAMessageAndResultsOfTasksAreLines() {
        StringWriter err = new StringWriter();
        Console console = new Console(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                OutputFormat.TABLE,
                false,
                TerminalWidth.UNLIMITED);
        try (JobDisplay display = new JobDisplay(console, "e3")) {
            display.show(state(JobState.JOB_STATE_QUEUED, "waits for an evaluator"));
            display.show(state(JobState.JOB_STATE_RUNNING, ""));
            display.show(JobEvent.newBuilder()
                    .setEvaluationProgress(
                            EvaluationProgress.newBuilder().setRows(5).setTotalRows(10))
                    .build());
            display.show(JobEvent.newBuilder()
                    .setTaskResult(TaskResult.newBuilder()
                            .setTask("boolq")
                            .setRows(10)
                            .addMetrics(MetricResult.newBuilder()
                                    .setMetric("acc")
                                    .setValue(0.5)
                                    .setLower(0.4)
                                    .setUpper(0.6)))
                    .build());
        }
        assertThat(err.toString().lines())
                .containsExactly("  queued: waits for an evaluator", "  boolq  10 rows  acc 0.5000 ± 0.1000");
    }

    private static JobEvent state(JobState state, String message) {
        return JobEvent.newBuilder()
                .setStateChanged(JobStateChanged.newBuilder().setState(state).setMessage(message))
                .build();
    }
}
