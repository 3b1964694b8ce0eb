package io.rootstock.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.LoraSettings;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Schedule;
import io.rootstock.trainer.v1.Task;
import org.junit.jupiter.api.Test;

class JobComparisonTest {
    private static Job job(String id, double learningRate, double accuracy) {
        return Job.newBuilder()
                .setName("jobs/" + id)
                .setSpec(JobSpec.newBuilder()
                        .setTask(Task.TASK_CLASSIFICATION)
                        .setDataset("datasets/spam")
                        .setBase("models/smol@latest"))
                .setBaseVersion("models/smol/versions/1")
                .setResolved(RunSpec.newBuilder()
                        .setHyperparameters(Hyperparameters.newBuilder()
                                .setLearningRate(learningRate)
                                .setBatchRows(16)
                                .setSchedule(Schedule.SCHEDULE_COSINE)
                                .setLora(LoraSettings.newBuilder().setRank(8).addTargets("q_proj"))))
                .addEvaluations(
                        RunEvaluation.newBuilder().setSplit("test").setLoss(0.5).putMetrics("accuracy", accuracy))
                .build();
    }

    @Test
    void settingsAreNamedAsInTheOptions() {
        assertThat(JobSettings.of(job("a", 0.00075, 0.9)))
                .containsEntry("base", "smol:1")
                .containsEntry("batch-rows", "16")
                .containsEntry("dataset", "spam")
                .containsEntry("learning-rate", "7.5e-4")
                .containsEntry("lora-rank", "8")
                .containsEntry("lora-targets", "q_proj")
                .containsEntry("schedule", "cosine")
                .containsEntry("task", "classification");
    }

    @Test
    void differentSettingsAndAllMetricsAreShown() {
        Job second = job("b", 0.002, 0.925).toBuilder()
                .addEvaluations(
                        RunEvaluation.newBuilder().setSplit("validation").setLoss(0.25))
                .build();
        JobComparison comparison = new JobComparison(job("a", 0.00075, 0.9), second);
        assertThat(comparison.settings().lines())
                .containsExactly(
                        "setting        a           b", "-------------  ------  -----", "learning-rate  7.5e-4  0.002");
        assertThat(comparison.metrics().lines())
                .contains("test accuracy    0.9000  0.9250     +0.0250")
                .anyMatch(line -> line.startsWith("validation loss       -  0.2500"));
    }

    @Test
    void detailsOmitEmptyValuesAndIndentLines() {
        assertThat(new Details()
                        .add("job", "jobs/a")
                        .add("message", "")
                        .add("template", "one\ntwo")
                        .lines())
                .containsExactly("job       jobs/a", "template  one", "          two");
    }
}
