package io.rootstock.evaluator.run;

import io.rootstock.evaluation.result.MetricValue;
import io.rootstock.evaluation.result.TaskSummary;
import io.rootstock.evaluation.v1.Contamination;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluator.contamination.TaskContamination;
import io.rootstock.evaluator.suite.EvaluatedTask;

/** Results as messages. */
final class Results {
    private Results() {}

    static TaskResult task(EvaluatedTask task, TaskSummary summary) {
        TaskResult.Builder result = TaskResult.newBuilder()
                .setTask(task.name())
                .setRows(summary.rows())
                .setNearTies(summary.nearTies())
                .setShots(task.shots())
                .setClassified(task.isClassified());
        summary.metrics().forEach(value -> result.addMetrics(metric(value)));
        return result.build();
    }

    /**
     * Adds the contamination to a task's result.
     *
     * @param unflagged summary of the rows that were not found
     */
    static TaskResult task(
            EvaluatedTask task, TaskSummary summary, TaskContamination contamination, TaskSummary unflagged) {
        Contamination.Builder message = contamination.message();
        if (unflagged.rows() > 0 && unflagged.rows() < summary.rows()) {
            unflagged.metrics().forEach(value -> message.addMetrics(metric(value)));
        }
        return task(task, summary).toBuilder().setContamination(message).build();
    }

    static MetricResult metric(MetricValue value) {
        MetricResult.Builder result = MetricResult.newBuilder()
                .setMetric(value.metric())
                .setValue(value.value())
                .setStandardError(value.standardError())
                .setLower(value.interval().low())
                .setUpper(value.interval().high())
                .setHigherIsBetter(value.higherIsBetter())
                .setSignature(value.signature());
        value.chance().ifPresent(result::setChance);
        return result.build();
    }
}
